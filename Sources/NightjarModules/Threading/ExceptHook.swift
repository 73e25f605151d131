import NightjarConcurrency
import NightjarLua
import Synchronization

/// What happens to an error that ends a thread: `threading.excepthook`.
///
/// A script's hook is one for all threads, those that run already too, as a variable of Python's module is. It crosses when it is
/// assigned; the interpreter that assigned it has the function itself, others copies.
enum ExceptHook {
    /// Adds the names to the module.
    static func install(_ module: inout LuaModuleBuilder) {
        let stack = module.stack, table = module.table
        module.function("excepthook", doc: "Called with the error that ended a thread; assign your own.", raw: run)
        // The same value under both names: that is how an assigned one is told from it.
        stack.rawGet(table, "excepthook")
        module.add("__excepthook__", "The hook that the module starts with.")
        stack.pushNil()
        stack.rawSet(table, "excepthook")
        module.function(
            "ExceptHookArgs", doc: "What a hook gets, from a table of type, value, traceback and thread.",
            raw: makeArguments)
        stack.newTable(record: 2)
        module.pushFunction("index") { call in
            guard isName(call) else { return 0 }
            try pushCurrent(call.state, call.stack)
            return 1
        }
        stack.rawSet(-2, "__index")
        module.pushFunction("newindex") { call in
            if isName(call) {
                try assign(call)
            } else {
                call.stack.setTop(3)
                if !call.stack.rawSet(1) { throw LuaException(.typeError, "an attribute needs a name") }
            }
            return 0
        }
        stack.rawSet(-2, "__newindex")
        stack.setMetatable(table)
    }

    private static func isName(_ call: LuaCall) -> Bool {
        call.stack.type(at: 2) == .string && call.stack.string(at: 2) == "excepthook"
    }

    // MARK: The assigned one

    /// The hook as this interpreter has it.
    private struct Known {
        let version: Int
        let function: LuaReference
    }

    /// `threading.excepthook = f`; nil is the module's own again.
    private static func assign(_ call: LuaCall) throws {
        let stack = call.stack, slot = ScriptEnvironment.of(call.state).exceptHook
        stack.setTop(3)
        stack.rawGet(1, "__excepthook__")
        if stack.type(at: 3) == .nil || stack.rawEqual(3, 4) {
            slot.set(nil)
            return
        }
        guard stack.isCallable(at: 3) else {
            throw LuaException(.typeError, "excepthook: function expected, got \(stack.typeName(at: 3))")
        }
        let version = slot.set(try MessageEncoder.encode(stack, at: 3, as: MessageRoot(name: "excepthook")))
        call.state.setAttachment(Known(version: version, function: LuaReference(stack, at: 3)))
    }

    /// Pushes the hook that is in force.
    private static func pushCurrent(_ state: LuaState, _ stack: LuaStack) throws(LuaError) {
        let (version, message) = ScriptEnvironment.of(state).exceptHook.value
        guard let message else {
            try state.pushModule("threading", to: stack)
            stack.rawGet(-1, "__excepthook__")
            return stack.remove(at: -2)
        }
        if let known: Known = state.attachment(), known.version == version, known.function.push(to: stack) { return }
        try MessageDecoder.push(message, to: stack)
        state.setAttachment(Known(version: version, function: LuaReference(stack, at: -1)))
    }

    // MARK: Reporting

    /// Hands the error to the hook. A hook that fails is reported itself, after the error that it was to tell of, which would be lost
    /// otherwise. Python's way with `SystemExit` is that of the module's own hook, which says nothing.
    static func report(_ cause: any Error, _ error: LuaError, _ thread: LuaThread, _ state: LuaState) {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try pushCurrent(state, stack)
            try pushArguments(cause, error, thread, stack)
            try stack.call(arguments: 1, results: 0)
        } catch let failure {
            if !error.isSystemExit { write("thread \(thread.name)", CrossedError(error, value: nil)) }
            // Cancelled meanwhile, it is none of the hook's.
            if LuaError.wrapping(failure).kind == .interrupted { return }
            write("threading.excepthook", CrossedError(LuaError.wrapping(failure), value: nil))
        }
    }

    /// Reports the error of a thread that has no interpreter to run a hook in.
    static func reportPlainly(_ error: CrossedError, _ thread: LuaThread) { write("thread \(thread.name)", error) }

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

    /// `ExceptHookArgs{type, value, traceback, thread}`, or the same by name.
    private static func makeArguments(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 1) == .table else {
            throw call.badArgument(1, "table expected, got \(stack.typeName(at: 1))")
        }
        stack.newTable(record: 4)
        let arguments = stack.top
        for (offset, name) in ["exc_type", "exc_value", "exc_traceback", "thread"].enumerated() {
            if stack.rawGet(1, name) == .nil {
                stack.pop()
                stack.rawGet(1, offset + 1)
            }
            stack.rawSet(arguments, name)
        }
        return 1
    }

    // MARK: The module's own

    private static func run(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 1) == .table else {
            throw call.badArgument(1, "table expected, got \(stack.typeName(at: 1))")
        }
        stack.rawGet(1, "exc_type")
        let className = ClassTable.isClass(stack, at: -1) ? ClassTable.qualifiedName(stack, at: -1) : "RuntimeError"
        if className == LuaExceptionClass.systemExit.name { return 0 }
        stack.rawGet(1, "thread")
        let name = (stack.object(at: -1) as? LuaThread)?.name ?? "\(ThreadNumbers.currentIdentifier)"
        stack.rawGet(1, "exc_traceback")
        let traceback = stack.type(at: -1) == .string ? stack.string(at: -1) : ""
        stack.rawGet(1, "exc_value")
        try stack.pushToString(-1)
        write("thread \(name)", traceback: traceback, className: className, message: stack.string(at: -1))
        return 0
    }

    private static func write(_ place: String, traceback: String, className: String, message: String) {
        let lines = ["Exception in \(place):"] + (traceback.isEmpty ? [] : [traceback])
        let last = message.isEmpty ? className : "\(className): \(message)"
        StandardError.write((lines + [last]).joined(separator: "\n") + "\n")
    }

    private static func write(_ place: String, _ error: CrossedError) {
        write(
            place, traceback: error.traceback, className: error.className ?? "RuntimeError", message: error.message)
    }
}

/// The hook that scripts have assigned, for all interpreters of an environment.
final class ExceptHookSlot: Sendable {
    private let stored = Mutex<(version: Int, message: Message?)>((0, nil))

    var value: (version: Int, message: Message?) { stored.withLock { $0 } }

    /// - Returns: the version by which an interpreter knows whether it has this one.
    @discardableResult
    func set(_ message: Message?) -> Int {
        stored.withLock {
            $0 = ($0.version + 1, message)
            return $0.version
        }
    }
}
