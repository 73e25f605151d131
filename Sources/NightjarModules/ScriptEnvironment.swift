import NightjarConcurrency
public import NightjarLogging
public import NightjarLua
import Synchronization

/// What all interpreters of one program share: how they are made, the logging tree, the threads.
///
/// Safe to use from any thread.
public final class ScriptEnvironment: Sendable {
    /// How interpreters are opened.
    public let options: LuaState.Options
    public let logging: LoggingSystem
    /// Gives each new interpreter what the application adds: functions, types, modules.
    private let prepare: @Sendable (LuaState) throws -> Void
    let threads = ThreadRegistry()
    private let workers = Mutex<WorkerPool<LuaState>?>(nil)

    public init(
        options: LuaState.Options, logging: LoggingSystem,
        prepare: @escaping @Sendable (LuaState) throws -> Void = { _ in }
    ) {
        self.options = options
        self.logging = logging
        self.prepare = prepare
    }

    /// Opens an interpreter with all modules, for the calling thread.
    public func makeState() throws -> LuaState {
        let state = try LuaState(options)
        state.setAttachment(self)
        StandardModules.register(in: state)
        state.wakesCurrentThread()
        try prepare(state)
        try state.withStack { stack throws(LuaError) in Baseline.note(stack) }
        return state
    }

    /// Threads with an interpreter each, made ready ahead once one was needed.
    var pool: WorkerPool<LuaState> {
        workers.withLock { pool in
            if let pool { return pool }
            // Weak: the pool must not keep alive who owns it.
            let made = WorkerPool<LuaState>(options: WorkerPoolOptions(idleName: "nightjar-idle")) { [weak self] in
                guard let self else { throw WorkerPoolError.shutDown }
                return try self.makeState()
            }
            pool = made
            return made
        }
    }

    /// The environment of an interpreter that ``makeState()`` opened.
    public static func of(_ state: LuaState) -> ScriptEnvironment {
        guard let environment: ScriptEnvironment = state.attachment() else {
            preconditionFailure("an interpreter of the standard modules must come from ScriptEnvironment.makeState()")
        }
        return environment
    }

    // MARK: The end

    /// Waits for the threads that are no daemons.
    public func joinThreads() throws { _ = try threads.joinAll() }

    /// Asks all threads to stop and waits for none; no new ones start.
    public func cancelThreads() {
        for thread in threads.running { thread.cancel() }
        // The interpreters that stand ready keep this object, and would until they have been idle for long enough.
        _ = try? workers.withLock({ $0 })?.shutdown(until: .passed)
    }

    /// Cancels all threads and waits until their interpreters are closed.
    /// - Returns: false if one has not ended in time.
    public func stop(seconds: Double) -> Bool {
        let deadline = Deadline(after: seconds)
        let left = threads.cancelAll(until: deadline)
        guard let pool = workers.withLock({ $0 }) else { return left.isEmpty }
        return (try? pool.shutdown(until: left.isEmpty ? deadline : .passed)) == true && left.isEmpty
    }
}
