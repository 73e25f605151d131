import NightjarConcurrency
import NightjarLua

/// `threading.Timer`, <https://docs.python.org/3/library/threading.html#timer-objects>: a thread that waits before it calls a function.
///
/// What it needs are fields, as in Python, so that a subclass can run it in a way of its own. `finished` is an event that both
/// sides have: setting it is what cancels.
enum ThreadTimer {
    static let functionField = "function", argumentsField = "args", keywordsField = "kwargs"

    static let luaType = LuaType(
        "Timer", for: LuaThread.self, module: "threading", parent: LuaThread.luaType,
        doc: "A thread that calls a function after some seconds; Timer(interval, target, args, kwargs)."
    ) {
        $0.subclassable { call in
            let creator = CurrentThread.of(call.state)
            return LuaThread(ScriptEnvironment.of(call.state), isDaemon: creator.isDaemon, kind: .timer)
        }
        $0.method(
            "init",
            LuaSignature(
                "interval, function, args, kwargs", aliases: ["target": "function"], tables: ["args", "kwargs"]),
            raw: initialize)
        $0.method("cancel", doc: "Prevents the call, if it has not begun.") { (_: LuaThread, call: LuaCall) in
            try pushEvent(call).set()
            return 0
        }
        $0.method("run", doc: "Waits, then calls the function.") { (_: LuaThread, call: LuaCall) in try run(call) }
    }

    @Sendable private static func initialize(_ thread: LuaThread, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        let _: Double = try call.argument(2)
        guard stack.isCallable(at: 3) else {
            throw call.badArgument(3, "function expected, got \(stack.typeName(at: 3))")
        }
        for index: Int32 in [4, 5] {
            if stack.type(at: index) == .nil {
                stack.newTable()
                stack.replace(at: index)
            }
            guard stack.type(at: index) == .table else {
                throw call.badArgument(index, "table expected, got \(stack.typeName(at: index))")
            }
        }
        thread.giveName(target: nil)
        ThreadFields.pushTable(of: 1, stack)
        let fields = stack.top
        for (index, name) in [(2, "interval"), (3, functionField), (4, argumentsField), (5, keywordsField)] {
            stack.pushCopy(of: Int32(index))
            stack.rawSet(fields, name)
        }
        try Event().push(to: stack)
        stack.rawSet(fields, "finished")
        return 0
    }

    private static func run(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(1)
        let finished = try pushEvent(call)
        try stack.get(1, "interval")
        guard stack.type(at: -1) == .number else {
            throw LuaException(.typeError, "interval: number expected, got \(stack.typeName(at: -1))")
        }
        let deadline = try call.deadline(stack.top)
        if try call.waiting({ try finished.wait(until: deadline) }) { return 0 }
        stack.setTop(1)
        for name in [functionField, argumentsField, keywordsField] { try stack.get(1, name) }
        // Without keywords there is no table of them; Python's default is an empty one.
        if stack.type(at: 4) == .table {
            stack.pushNil()
            if !stack.next(4) {
                stack.pushNil()
                stack.replace(at: 4)
            }
            stack.setTop(4)
        }
        let count = try LuaThread.callTarget(call, function: 2, arguments: 3, keywords: 4)
        finished.set()
        return count
    }

    /// Pushes the field `finished`.
    @discardableResult
    private static func pushEvent(_ call: LuaCall) throws -> Event {
        try call.stack.get(1, "finished")
        guard let event = call.stack.object(at: -1) as? Event else {
            throw LuaException(.runtimeError, "Timer.init() has not been called")
        }
        return event
    }
}
