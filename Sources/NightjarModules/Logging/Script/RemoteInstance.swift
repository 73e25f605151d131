import NightjarConcurrency
import NightjarLua

/// Makes the instance that a script holds stand for the one in a cell: fields are read and set there, the script's methods run there.
enum RemoteInstance {
    /// Marks metatables that redirect.
    private static let marker = RegistryKey()

    /// Redirects the userdata at `index` if its object works in a cell by now.
    static func redirectIfMoved(_ stack: LuaStack, at index: Int32) {
        guard let handler = stack.object(at: index) as? ScriptHandler, handler.cell != nil else { return }
        redirect(stack, at: index, to: handler)
    }

    /// Redirects the userdata at `index`. Its own fields go: the cell has them.
    static func redirect(_ stack: LuaStack, at index: Int32, to handler: ScriptHandler) {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard (try? stack.reserve(12)) != nil, stack.pushMetatable(of: index) else { return }
        let old = stack.top
        if stack.rawGet(old, key: marker.pointer) != .nil { return }
        stack.setTop(old)
        stack.pushNil()
        stack.setUserValue(of: index)
        stack.newTable(record: 12)
        let new = stack.top
        stack.pushNil()
        while stack.next(old) {
            stack.pushCopy(of: -2)
            stack.insert(at: -2)
            stack.rawSet(new)
        }
        stack.push(true)
        stack.rawSet(new, key: marker.pointer)
        replace("__index", old, new, stack) { call, local in try get(call, handler, local) }
        replace("__newindex", old, new, stack) { call, local in try set(call, handler, local) }
        stack.setTop(new)
        stack.setMetatable(index)
    }

    private static func replace(
        _ name: StaticString, _ old: Int32, _ new: Int32, _ stack: LuaStack,
        _ body: @escaping (LuaCall, LuaReference) throws -> Int32
    ) {
        stack.rawGet(old, name)
        let local = LuaReference(stack, at: -1)
        stack.pop()
        guard let function = try? LuaState.of(stack).function("\(name)", raw: { try body($0, local) }),
            (try? function.push(to: stack)) != nil
        else { return }
        stack.rawSet(new, name)
    }

    /// Attributes and methods of ours as ever; the script's methods by a detour through the cell; all else from the cell's instance.
    private static func get(_ call: LuaCall, _ handler: ScriptHandler, _ local: LuaReference) throws -> Int32 {
        let stack = call.stack
        _ = local.push(to: stack)
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 1)
        switch stack.type(at: -1) {
        case .nil:
            guard stack.type(at: 2) == .string else { return 1 }
            return try handler.cell?.pushAttribute(stack.string(at: 2), call) ?? 0
        case .function where !stack.isNativeFunction(at: -1):
            guard stack.type(at: 2) == .string else { return 1 }
            return try handler.cell?.pushForwarder(stack.string(at: 2), call) ?? 0
        default: return 1
        }
    }

    private static func set(_ call: LuaCall, _ handler: ScriptHandler, _ local: LuaReference) throws -> Int32 {
        let stack = call.stack
        if stack.type(at: 2) == .string, HandlerTypes.attributes.contains(stack.string(at: 2)) {
            _ = local.push(to: stack)
            for index in Int32(1)...3 { stack.pushCopy(of: index) }
            try stack.call(arguments: 3, results: 0)
            return 0
        }
        try handler.cell?.setAttribute(call)
        if stack.type(at: 2) == .string, stack.string(at: 2) == "handle" {
            handler.handlesItself = stack.type(at: 3) == .function
        }
        return 0
    }
}
