import NightjarLua

/// What happens to an error that ends a thread: `threading.excepthook`.
enum ExceptHook {
    /// The module's own hook.
    static func run(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 1) == .table else {
            throw call.badArgument(1, "table expected, got \(stack.typeName(at: 1))")
        }
        stack.rawGet(1, "thread")
        let name = (stack.object(at: -1) as? LuaThread)?.name ?? "?"
        stack.rawGet(1, "exc_traceback")
        let traceback = stack.type(at: -1) == .string ? stack.string(at: -1) : ""
        stack.rawGet(1, "exc_type")
        let className = ClassTable.isClass(stack, at: -1) ? ClassTable.qualifiedName(stack, at: -1) : "RuntimeError"
        stack.rawGet(1, "exc_value")
        try stack.pushToString(-1)
        write("thread \(name)", traceback: traceback, className: className, message: stack.string(at: -1))
        return 0
    }

    private static func write(_ place: String, traceback: String, className: String, message: String) {
        let lines = ["Exception in \(place):"] + (traceback.isEmpty ? [] : [traceback])
        StandardError.write((lines + ["\(className): \(message)"]).joined(separator: "\n") + "\n")
    }

    private static func write(_ place: String, _ error: LuaError) {
        write(
            place, traceback: error.traceback, className: error.className ?? "RuntimeError", message: error.message)
    }

    /// Pushes the hook that a script has assigned; false, and nothing pushed, if it is the module's own.
    static func pushScripted(_ stack: LuaStack) -> Bool {
        let top = stack.top
        stack.pushRegistryTable("_LOADED")
        guard stack.rawGet(-1, "threading") == .table else {
            stack.setTop(top)
            return false
        }
        stack.rawGet(-1, "excepthook")
        stack.rawGet(-2, "__excepthook__")
        guard !stack.rawEqual(-1, -2), stack.type(at: -2) != .nil else {
            stack.setTop(top)
            return false
        }
        stack.setTop(top + 3)
        stack.copy(from: top + 3, to: top + 1)
        stack.setTop(top + 1)
        return true
    }

    /// Makes the value at `index` the hook of this interpreter.
    static func install(at index: Int32, _ stack: LuaStack) throws {
        try LuaState.of(stack).pushModule("threading", to: stack)
        stack.pushCopy(of: index)
        stack.rawSet(-2, "excepthook")
        stack.pop()
    }

    /// Hands the error to the hook of the interpreter. A hook that fails is reported itself, after the error that it was
    /// to tell of, which would be lost otherwise.
    static func report(_ cause: any Error, _ error: LuaError, _ thread: LuaThread, _ state: LuaState) {
        if error.isSystemExit { return }
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try state.pushModule("threading", to: stack)
            try stack.get(-1, "excepthook")
            try pushArguments(cause, error, thread, stack)
            try stack.call(arguments: 1, results: 0)
        } catch let failure {
            write("thread \(thread.name)", error)
            write("threading.excepthook", LuaError.wrapping(failure))
        }
    }

    private static func pushArguments(
        _ cause: any Error, _ error: LuaError, _ thread: LuaThread, _ stack: LuaStack
    ) throws(LuaError) {
        stack.newTable(record: 4)
        let arguments = stack.top
        stack.push(error: cause)
        if !ClassTable.pushClass(of: -1, stack) { LuaExceptionClass.runtimeError.push(to: stack) }
        stack.rawSet(arguments, "exc_type")
        stack.rawSet(arguments, "exc_value")
        stack.push(error.traceback)
        stack.rawSet(arguments, "exc_traceback")
        try thread.push(to: stack)
        stack.rawSet(arguments, "thread")
    }
}
