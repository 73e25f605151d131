import NightjarConcurrency
import NightjarLogging
public import NightjarLua

extension LuaThread {
    /// `threading.Thread`, <https://docs.python.org/3/library/threading.html#thread-objects>.
    public static let luaType = LuaType(
        "Thread", for: LuaThread.self, module: "threading", doc: "A thread with an interpreter of its own."
    ) {
        $0.subclassable { call in
            LuaThread(ScriptEnvironment.of(call.state), isDaemon: CurrentThread.of(call.state).isDaemon)
        }
        $0.method(
            "init", LuaSignature("group, target, name, args, kwargs, *, daemon", tables: ["args", "kwargs"]),
            raw: initialize)
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
        $0.method(
            "cancel", LuaSignature("grace"),
            doc: "Stops the thread, also out of a loop or a wait; to-be-closed variables have grace (1) seconds."
        ) { thread, call in
            if thread.kind == .foreign { throw LuaException(.runtimeError, "cannot cancel a dummy thread") }
            let grace = try call.seconds(2) ?? 1
            guard grace >= 0 else { throw LuaException(.valueError, "grace must be a non-negative number") }
            return try call.results(thread.cancel(grace: grace))
        }
        $0.method("is_alive", doc: "Whether it runs.") { (thread: LuaThread) in thread.isAlive }
        attributes(&$0)
        deprecated(&$0)
        $0.metamethod("__tostring") { thread, call in try call.results(thread.describe(call)) }
    }

    /// A timer is told apart where it comes without its class.
    public func push(to stack: LuaStack) throws(LuaError) {
        (kind == .timer ? ThreadTimer.luaType : LuaThread.luaType).pushClass(to: stack)
        LuaType.pushInstance(self, classAt: stack.top, to: stack)
        stack.remove(at: -2)
        keepIfOwn(at: stack.top, stack)
    }

    private static func attributes(_ type: inout LuaType.Builder<LuaThread>) {
        type.property(
            "name", doc: "A name, which the system shows too.",
            rawGet: { thread, call in try call.results(thread.name) },
            rawSet: { thread, call in thread.rename(try call.text(2)) })
        type.property(
            "ident", doc: "The number of the thread, once it was started.",
            rawGet: { thread, call in try call.results(thread.begun(call).identifier) })
        type.property(
            "native_id", doc: "The system's number of the thread.",
            rawGet: { thread, call in try call.results(thread.begun(call).nativeID) })
        // An addition to Python's names gives way to a field of the script's.
        type.metamethod("__index") { thread, call in
            guard call.stack.type(at: 2) == .string, call.stack.string(at: 2) == "state" else { return 0 }
            return try call.results(thread.phase.rawValue)
        }
        type.property(
            "daemon", doc: "Whether the end of the program cancels it.", get: { $0.isDaemon },
            set: { try $0.setDaemon($1) })
    }

    /// Names from before Python had attributes, still documented.
    private static func deprecated(_ type: inout LuaType.Builder<LuaThread>) {
        type.method("getName", doc: "Deprecated: name.") { (thread: LuaThread) in thread.name }
        type.method("setName", LuaSignature("name"), doc: "Deprecated: name.") { thread, call in
            thread.rename(try call.text(2))
            return 0
        }
        type.method("isDaemon", doc: "Deprecated: daemon.") { (thread: LuaThread) in thread.isDaemon }
        type.method("setDaemon", doc: "Deprecated: daemon.") { (thread: LuaThread, isDaemon: Bool) in
            try thread.setDaemon(isDaemon)
        }
    }

    private func describe(_ call: LuaCall) throws -> String {
        let (phase, identifier) = try begun(call).withSettings { ($0.phase, $0.identifier) }
        let words: [String] = [
            phase == .initial ? "initial" : isAlive ? "started" : "stopped", isDaemon ? "daemon" : "",
            identifier.map { String($0) } ?? "",
        ]
        let kind =
            switch kind {
            case .main: "_MainThread"
            case .foreign: "_DummyThread"
            default: ObjectText.shortClassName(call)
            }
        return "<\(kind)(\(name), \(words.filter { !$0.isEmpty }.joined(separator: " ")))>"
    }

    // MARK: Settings

    private func rename(_ name: String) {
        let isOwn = identifier == ThreadNumbers.currentIdentifier
        if isOwn {
            NativeThread.setCurrentName(name)
            LoggingThread.name = name
        }
        withSettings {
            $0.name = name
            if !isOwn { $0.recordName?.set(name) }
        }
    }

    private func setDaemon(_ isDaemon: Bool) throws {
        let isInTime = withSettings {
            if $0.phase == .initial { $0.isDaemon = isDaemon }
            return $0.phase == .initial
        }
        if !isInTime { throw LuaException(.runtimeError, "cannot set daemon status of active thread") }
    }

    /// The thread itself, after its first step if it was started: Python's `start` returns only then, and the numbers are there.
    private func begun(_ call: LuaCall) throws -> LuaThread {
        if let beginning { _ = try call.waiting { try beginning.wait() } }
        return self
    }
}

extension LuaCall {
    /// Argument `index` as text, whatever it is, as Python's `str` makes it.
    func text(_ index: Int32) throws -> String {
        if stack.isNilOrNone(at: index) { throw badArgument(index, "string expected, got nil") }
        try stack.pushToString(index)
        defer { stack.pop() }
        return stack.string(at: -1)
    }
}
