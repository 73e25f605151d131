import NightjarConcurrency
public import NightjarLua

extension LuaThread {
    /// `threading.Thread`, <https://docs.python.org/3/library/threading.html#thread-objects>.
    public static let luaType = LuaType(
        "Thread", for: LuaThread.self, module: "threading", doc: "A thread with an interpreter of its own."
    ) {
        $0.subclassable { call in
            let creator = CurrentThread.of(call.state)
            return LuaThread(ScriptEnvironment.of(call.state), isDaemon: creator.isDaemon)
        }
        $0.method("init", LuaSignature("group, target, name, args, kwargs, *, daemon"), raw: initialize)
        $0.method("start", doc: "Begins to run, once.") { thread, call in try thread.start(call) }
        $0.method("run", doc: "What the thread does: calls target, unless a subclass does something else.") { _, call in
            try runTarget(call)
        }
        $0.method("join", LuaSignature("timeout"), doc: "Waits for the end; then the fields that run left are here.") {
            thread, call in
            _ = try thread.join(call)
            return 0
        }
        $0.method(
            "result", LuaSignature("timeout"), doc: "Waits, then gives what run returned, or raises its error again."
        ) { thread, call in
            try thread.result(call)
        }
        $0.method("cancel", doc: "Asks the thread to stop, also out of a loop or a wait.") { thread, call in
            try call.results(thread.cancel())
        }
        $0.method("is_alive", doc: "Whether it runs.") { (thread: LuaThread) in thread.isAlive }
        $0.property("name", get: { $0.name }, set: { $0.name = $1 })
        $0.property("ident", get: { $0.identifier })
        $0.property("native_id", get: { $0.nativeID })
        $0.property("state", get: { $0.phase.rawValue })
        $0.property("daemon", get: { $0.isDaemon }, set: { try $0.setDaemon($1) })
        $0.metamethod("__tostring") { thread, call in try call.results(thread.describe()) }
    }

    private func describe() -> String {
        let words: [String] = [
            phase == .running ? "started" : phase == .initial ? "initial" : "stopped",
            isDaemon ? "daemon" : "", identifier.map { String($0) } ?? "",
        ]
        let kind = isMain ? "_MainThread" : "Thread"
        return "<\(kind)(\(name), \(words.filter { !$0.isEmpty }.joined(separator: " ")))>"
    }

    private func setDaemon(_ isDaemon: Bool) throws {
        let isInTime = withSettings {
            if $0.phase == .initial { $0.isDaemon = isDaemon }
            return $0.phase == .initial
        }
        if !isInTime { throw LuaException(.runtimeError, "cannot set daemon status of active thread") }
    }

    // MARK: init

    @Sendable private static func initialize(_ thread: LuaThread, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 2) == .nil else {
            throw LuaException(.assertionError, "group argument must be nil for now")
        }
        for index: Int32 in [5, 6] where stack.type(at: index) != .nil && stack.type(at: index) != .table {
            throw call.badArgument(index, "table expected, got \(stack.typeName(at: index))")
        }
        if let name: String = try call.argument(4) {
            thread.name = name
        } else {
            thread.giveName(target: targetName(3, stack))
        }
        if let isDaemon: Bool = try call.argument(7) { thread.withSettings { $0.isDaemon = isDaemon } }
        if stack.pushUserValue(of: 1) != .table {
            stack.pop()
            stack.newTable(record: 4)
            stack.pushCopy(of: -1)
            stack.setUserValue(of: 1)
        }
        for (index, field) in [
            (3, ThreadStart.targetField), (5, ThreadStart.argumentsField), (6, ThreadStart.keywordsField),
        ] {
            stack.pushCopy(of: Int32(index))
            stack.rawSet(-2, field)
        }
        return 0
    }

    /// The global name of the function at `index`, as Python puts a function's name into the thread's.
    static func targetName(_ index: Int32, _ stack: LuaStack) -> String? {
        guard stack.type(at: index) == .function else { return nil }
        stack.pushGlobals()
        defer { stack.pop() }
        let top = stack.top
        defer { stack.setTop(top) }
        return Baseline.name(of: index, inTableOnTop: stack)
    }

    // MARK: start, run

    private func start(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard phase == .initial else { throw LuaException(.runtimeError, "threads can only be started once") }
        let start = try ThreadStart(self, objectAt: 1, stack)
        try launch(in: ScriptEnvironment.of(call.state), fields: ThreadFields.names(1, stack)) { state in
            start.run(state)
        }
        return 0
    }

    private static func runTarget(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(1)
        guard stack.pushUserValue(of: 1) == .table else { return 0 }
        stack.rawGet(2, ThreadStart.targetField)
        guard stack.type(at: 3) != .nil else { return 0 }
        stack.rawGet(2, ThreadStart.argumentsField)
        stack.rawGet(2, ThreadStart.keywordsField)
        // The function is called from above its sources, so that its results can be told from them.
        stack.pushCopy(of: 3)
        var count = Int32(try ThreadStart.pushArguments(4, stack).count)
        if stack.type(at: 5) == .table {
            stack.pushCopy(of: 5)
            count += 1
        }
        try stack.call(arguments: count, results: -1)
        return stack.top - 5
    }

    // MARK: join, result

    /// Waits for the end and merges the fields; nil when the time was up first.
    private func join(_ call: LuaCall) throws -> Outcome? {
        let state = call.state
        if phase == .initial { throw LuaException(.runtimeError, "cannot join thread before it is started") }
        if CurrentThread.of(state) === self { throw LuaException(.runtimeError, "cannot join current thread") }
        let seconds: Double? = try call.argument(2)
        let deadline = seconds.map { Deadline(after: max(0, $0)) }
        guard let outcome = try call.waiting({ try end.wait(until: deadline) }) else { return nil }
        try ThreadFields.merge(outcome, self, into: 1, call.stack)
        return outcome
    }

    private func result(_ call: LuaCall) throws -> Int32 {
        guard let outcome = try join(call) else {
            throw LuaException(.timeoutError, "thread '\(name)' has not ended in time")
        }
        if outcome.phase == .cancelled { throw LuaException(.threadCancelled, "thread '\(name)' was cancelled") }
        if let error = outcome.error { try error.raise(call) }
        guard outcome.resultCount > 0 else { return 0 }
        try call.stack.reserve(Int32(outcome.resultCount) + 8)
        try MessageDecoder.push(outcome.results, count: outcome.resultCount, to: call.stack)
        return Int32(outcome.resultCount)
    }
}

extension LuaExceptionClass {
    /// What the result of a cancelled thread raises.
    static let threadCancelled = LuaExceptionClass("CancelledError", module: "threading", parent: .futureCancelled)
}
