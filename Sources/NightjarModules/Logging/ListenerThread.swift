import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// What `logging.config.listen` gives: a thread that takes configurations from a socket once it is started. Thread-safe.
final class ListenerThread: CrossesThreads {
    private let listener: ConfigurationListener
    private let requestedPort: Int
    private let host: String
    /// Set as soon as the socket listens.
    let ready = Event()
    private let state = Mutex(State())

    private struct State {
        var thread: NativeThread?
        var port: Int?
    }

    /// The one that `stopListening` ends, as in Python the one that was started last.
    private static let current = Mutex<ListenerThread?>(nil)

    init(_ system: LoggingSystem, port: Int, host: String, verify: ConfigurationListener.Verify?) {
        listener = ConfigurationListener(system, verify: verify)
        requestedPort = port
        self.host = host
    }

    func start() throws {
        guard state.withLock({ $0.thread == nil }) else {
            throw LuaException(.runtimeError, "threads can only be started once")
        }
        let port = try listener.open(port: requestedPort, host: host)
        let (listener, ready) = (listener, ready)
        let thread = try NativeThread.start(name: "logging-listen") {
            ready.set()
            listener.run()
        }
        state.withLock { $0 = State(thread: thread, port: port) }
        Self.current.withLock { $0 = self }
    }

    static func stopCurrent() {
        let running = current.withLock { current in
            defer { current = nil }
            return current
        }
        running?.listener.stop()
    }

    static let luaType = LuaType(
        "ConfigSocketReceiver", for: ListenerThread.self, module: "logging.config",
        doc: "A thread that takes configurations from a socket; made by listen."
    ) { type in
        type.method("start", doc: "Opens the socket and starts the thread.") { (listener: ListenerThread) in
            try listener.start()
        }
        type.method("join", LuaSignature("timeout"), doc: "Waits for its end.") { listener, call in
            let deadline: Deadline? = try call.argument(2, as: Double?.self).map { Deadline(after: $0) }
            if let thread = listener.state.withLock({ $0.thread }) {
                _ = try call.waiting { try thread.join(until: deadline) }
            }
            return 0
        }
        type.method("is_alive", doc: "Whether it runs.") { (listener: ListenerThread) in listener.isAlive }
        type.property("port", get: { listener in listener.state.withLock { $0.port } ?? listener.requestedPort })
        type.property("daemon", get: { _ in true })
        type.property("ready", doc: "An event that is set once the socket listens.", get: { $0.ready })
        type.metamethod("__tostring") { listener, call in
            let state = listener.isAlive ? "started" : "stopped"
            return try call.results("<ConfigSocketReceiver \(state)>")
        }
    }

    private var isAlive: Bool { state.withLock { $0.thread.map { !$0.isFinished } ?? false } }
}

extension ListenerThread {
    /// `listen(port, verify, {host = "127.0.0.1"})`
    static func listen(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        var verify: ConfigurationListener.Verify?
        if !stack.isNilOrNone(at: 2) {
            guard stack.type(at: 2) == .function else {
                throw call.badArgument(2, "function expected, got \(stack.typeName(at: 2))")
            }
            // Runs on the listener's thread: in an interpreter of its own.
            let cell = try ScriptCell(stack, at: 2, as: "verify")
            verify = { received in try ListenerThread.verified(received, cell) }
        }
        return try call.results(
            ListenerThread(
                call.logging, port: call.argument(1, default: ConfigurationListener.defaultPort),
                host: call.argument(3, default: "127.0.0.1"), verify: verify))
    }

    private static func verified(_ received: [UInt8], _ cell: ScriptCell) throws -> [UInt8]? {
        let answer = try cell.call("verify") { stack in
            LuaBytes(received).push(to: stack)
            return 1
        } _: { stack in
            stack.type(at: -1) == .string ? Array(stack.bytes(at: -1)) : nil
        }
        return answer ?? nil
    }
}
