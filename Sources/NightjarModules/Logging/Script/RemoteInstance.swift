import NightjarConcurrency
import NightjarLua

/// A handler, filter or formatter of a script's class: from the moment it is added somewhere, an instance in a cell does its work.
protocol WorksInCell: AnyObject {
    /// Nil until then.
    var cell: ScriptCell? { get }
    /// Attributes that both instances share, because the objects of ours behind them do.
    static var sharedAttributes: Set<String> { get }
    /// A script has set an attribute of the instance in the cell.
    func noteAttribute(_ name: String, isFunction: Bool)
}

extension WorksInCell {
    func noteAttribute(_ name: String, isFunction: Bool) {}
}

/// Makes the instance that a script holds stand for the one in a cell: fields are read and set there, the script's methods run there.
enum RemoteInstance {
    /// Marks metatables that redirect.
    private static let marker = RegistryKey()

    /// Redirects the userdata at `index` if its object works in a cell by now.
    static func redirectIfMoved(_ stack: LuaStack, at index: Int32) {
        // One by one: this is asked about each instance that arrives, and asking for the protocol takes long.
        let found = stack.object(at: index)
        let object: (any WorksInCell)? = found as? ScriptHandler ?? found as? ScriptFilter ?? found as? ScriptFormatter
        if let object, object.cell != nil { redirect(stack, at: index, to: object) }
    }

    /// Redirects the userdata at `index`. Its own fields go: the cell has them.
    static func redirect(_ stack: LuaStack, at index: Int32, to object: any WorksInCell) {
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
        replace("__index", old, new, stack) { call, local in try get(call, object, local) }
        replace("__newindex", old, new, stack) { call, local in try set(call, object, local) }
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

    /// Attributes and methods of ours as ever; the script's methods by a detour through the cell; all else from the cell's instance,
    /// which may have other values than the class.
    private static func get(_ call: LuaCall, _ object: any WorksInCell, _ local: LuaReference) throws -> Int32 {
        let stack = call.stack
        _ = local.push(to: stack)
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 1)
        guard let cell = object.cell, stack.type(at: 2) == .string else { return 1 }
        let name = stack.string(at: 2)
        switch stack.type(at: -1) {
        case .function: return stack.isNativeFunction(at: -1) ? 1 : try cell.pushForwarder(name, call)
        case .userdata: return 1
        default:
            if stack.type(at: -1) != .nil, type(of: object).sharedAttributes.contains(name) { return 1 }
            let top = stack.top
            // Nothing comes back from within the cell itself.
            if try cell.pushAttribute(name, call) == 0 { stack.setTop(top) }
            return 1
        }
    }

    private static func set(_ call: LuaCall, _ object: any WorksInCell, _ local: LuaReference) throws -> Int32 {
        let stack = call.stack, name = stack.type(at: 2) == .string ? stack.string(at: 2) : nil
        if let name, type(of: object).sharedAttributes.contains(name) {
            _ = local.push(to: stack)
            for index in Int32(1)...3 { stack.pushCopy(of: index) }
            try stack.call(arguments: 3, results: 0)
            return 0
        }
        try object.cell?.setAttribute(call)
        if let name { object.noteAttribute(name, isFunction: stack.type(at: 3) == .function) }
        return 0
    }
}
