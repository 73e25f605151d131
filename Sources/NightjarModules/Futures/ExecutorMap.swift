import NightjarConcurrency
import NightjarLua

/// `executor:map(fn, list, ..., {timeout =, chunksize =, buffersize =})`
enum ExecutorMap {
    /// The names that come in a last table.
    private struct Options {
        var timeout: Double?
        var buffersize: Int?
    }

    /// Gives four values, as a loop takes them: the iterator, its state and control variable, which are nil, and what the loop closes
    /// when it is left.
    static func map(_ executor: any LuaObject & Sendable, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        try stack.reserve(call.count + 24)
        try call.checkCallable(2)
        let options = try takeOptions(call)
        let last = stack.top
        stack.newTable(array: Int(last) * IterableSource.width)
        let table = stack.top
        stack.pushCopy(of: 2)
        stack.rawSet(table, MapIterator.functionSlot)
        // The class that a script gave it, and its fields, live as long as somebody has it.
        stack.pushCopy(of: 1)
        stack.rawSet(table, MapIterator.executorSlot)
        try noteSubmit(executor, table, stack)
        let sources = try IterableSource.read(
            call, from: 3, through: last, into: table, slot: MapIterator.firstSourceSlot)
        let iterator = MapIterator(executor, sources, options.buffersize, options.timeout.map { Deadline(after: $0) })
        return try iterator.pushAsLoop(stack, table)
    }

    /// A `submit` that a script has written is called for each item; ours is not looked up.
    private static func noteSubmit(_ executor: any LuaObject, _ table: Int32, _ stack: LuaStack) throws {
        try stack.get(1, "submit")
        if executor is ScriptExecutor, stack.isNativeFunction(at: -1) { return stack.pop() }
        stack.rawSet(table, MapIterator.submitSlot)
    }

    /// Takes the table of names off the stack, if it is there.
    private static func takeOptions(_ call: LuaCall) throws -> Options {
        let stack = call.stack, index = stack.top
        var options = Options()
        guard index > 2, isNames(stack, index) else { return options }
        stack.pushNil()
        while stack.next(index) {
            switch stack.describeKey(at: -2) {
            case "timeout": options.timeout = try named("timeout", call)
            case "chunksize": let _: Double? = try named("chunksize", call)
            case "buffersize":
                guard let size = stack.exactInteger(at: -1), stack.isInteger(at: -1) else {
                    throw LuaException(.typeError, "buffersize must be an integer or nil")
                }
                guard size > 0 else { throw LuaException(.valueError, "buffersize must be nil or > 0") }
                options.buffersize = Int(size)
            case let key:
                throw LuaException(
                    .typeError,
                    "map() got an unexpected named argument '\(key)' (known: timeout, chunksize, buffersize)")
            }
            stack.pop()
        }
        stack.setTop(index - 1)
        return options
    }

    private static func named(_ name: String, _ call: LuaCall) throws -> Double? {
        do {
            return try Double?.read(from: call.stack, at: -1)
        } catch {
            throw LuaException(.typeError, "bad argument '\(name)' to 'map' (\(error.description))")
        }
    }

    /// A list, an empty table and one with a metatable are sources.
    private static func isNames(_ stack: LuaStack, _ index: Int32) -> Bool {
        guard stack.type(at: index) == .table else { return false }
        defer { stack.setTop(index) }
        if stack.pushMetatable(of: index) { return false }
        if stack.rawGet(index, 1) != .nil || stack.rawGet(index, "n") != .nil { return false }
        stack.setTop(index)
        stack.pushNil()
        return stack.next(index)
    }
}
