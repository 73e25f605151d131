import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// What a table of a script's becomes when a handler, logger or stream takes it.
protocol MovedObject: CrossesThreads {
    var cell: ScriptCell? { get }
}

/// Makes a table that a script holds stand for the copy of it that works in a cell: fields are read and set there, methods run there.
/// To other interpreters it goes by reference, as what it has become first: a stream, a filter, a formatter. All have the one cell.
enum MovedTable {
    /// In the metatable of such a table: the userdata of what it has become.
    private static let marker = RegistryKey()
    /// Whether there has ever been one: encoding any other table then costs one load.
    private static let isUsed = Atomic(false)
    /// What works otherwise for a table whose content is elsewhere.
    private static let replaced = [
        "__index", "__newindex", "__len", "__pairs", "__gc", "__mode", "__close", "__metatable",
    ]

    /// What the table with the metatable at `index` stands for; nil for any other.
    static func object(_ stack: LuaStack, metatableAt index: Int32) -> (any MovedObject)? {
        guard isUsed.load(ordering: .relaxed) else { return nil }
        defer { stack.pop() }
        stack.rawGet(index, key: marker.pointer)
        return stack.object(at: -1) as? any MovedObject
    }

    /// What the table at `index` stands for; nil for any other value.
    static func object(_ stack: LuaStack, at index: Int32) -> (any MovedObject)? {
        guard stack.type(at: index) == .table, stack.pushMetatable(of: index) else { return nil }
        defer { stack.pop() }
        return object(stack, metatableAt: stack.top)
    }

    /// Redirects the table at `index`, whose content goes. Leaves tables alone that are more than an object: classes, modules, globals.
    static func redirect(_ stack: LuaStack, at index: Int32, to object: any MovedObject, _ cell: ScriptCell) throws {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        let transfer = TransferState.of(stack)
        guard stack.type(at: index) == .table, let pointer = stack.pointer(at: index), pointer != transfer.globals,
            !ClassTable.isClass(stack, at: index), transfer.module(at: pointer, index, stack) == nil
        else { return }
        try stack.reserve(12)
        isUsed.store(true, ordering: .relaxed)
        stack.newTable(record: 8)
        let new = stack.top
        if stack.pushMetatable(of: index) { try inherit(stack.top, new, stack) }
        stack.setTop(new)
        try object.push(to: stack)
        stack.rawSet(new, key: marker.pointer)
        try set("__index", new, stack) { try cell.pushItem($0) }
        try set("__newindex", new, stack) { call in
            try cell.setAttribute(call)
            return 0
        }
        try set("__len", new, stack) { call in
            try call.results(cell.run { $0.rawLength(at: -1) } ?? 0)
        }
        try set("__pairs", new, stack) { try pairs(cell, $0) }
        stack.pushNil()
        while stack.next(index) {
            stack.pop()
            stack.pushCopy(of: -1)
            stack.pushNil()
            stack.rawSetValidKey(index)
        }
        stack.setMetatable(index)
    }

    private static func inherit(_ old: Int32, _ new: Int32, _ stack: LuaStack) throws {
        stack.pushNil()
        while stack.next(old) {
            if stack.type(at: -2) == .string, replaced.contains(stack.string(at: -2)) {
                stack.pop()
                continue
            }
            stack.pushCopy(of: -2)
            stack.insert(at: -2)
            stack.rawSetValidKey(new)
        }
        // What getmetatable says is as before.
        stack.pushCopy(of: old)
        stack.rawSet(new, "__metatable")
    }

    private static func set(
        _ name: String, _ table: Int32, _ stack: LuaStack, _ body: @escaping (LuaCall) throws -> Int32
    ) throws {
        try LuaState.of(stack).function(name, raw: body).push(to: stack)
        stack.rawSet(table, name)
    }

    /// `next` over a copy.
    private static func pairs(_ cell: ScriptCell, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        let copy = try cell.run { try MessageEncoder.encode($0, at: $0.top, as: MessageRoot(name: "object")) }
        guard let copy, Baseline.push("next", stack) else {
            throw LuaException(.runtimeError, "'pairs' was called from within the object")
        }
        try MessageDecoder.push(copy, to: stack)
        stack.pushNil()
        return 3
    }
}
