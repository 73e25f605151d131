import NightjarConcurrency
public import NightjarLogging
public import NightjarLua
import Synchronization

/// What all interpreters of one program share: how they are made, the logging tree, the threads.
///
/// Safe to use from any thread.
public final class ScriptEnvironment: Sendable {
    private let mark = LiveObjects.Mark(.environment)
    /// How interpreters are opened.
    public let options: LuaState.Options
    public let logging: LoggingSystem
    let standardFunctions: StandardFunctions
    /// Gives each new interpreter what the application adds: functions, types, modules.
    private let prepare: @Sendable (LuaState) throws -> Void
    let threads = ThreadRegistry()
    /// Ends the waits of threads that wait for each other; nil where that is not wanted.
    let deadlocks: DeadlockMonitor?
    let logCustomization = LogCustomization()
    let executors = ExecutorRegistry()
    let exceptHook = ExceptHookSlot()
    let rings = MessageRings()
    /// Bytes of stack of new threads, as scripts have asked for; 0 is the default.
    private let requestedStackSize = Atomic(0)
    let tasks = TaskRegistry()
    /// Filters, formatters and handlers of scripts. Their interpreters hold loggers, which hold them: somebody has to cut that.
    private let cells = Mutex<[WeakCell]>([])
    private let workers = Mutex<WorkerPool<LuaState>?>(nil)

    /// - Parameters:
    ///   - reportsDeadlocks: whether waits that cannot end raise `threading.DeadlockError`. Nothing but the threads and timers of scripts,
    ///     and other threads while they are inside an interpreter of this environment, may then wake who waits.
    ///   - prepare: gives each new interpreter what the application adds.
    public init(
        options: LuaState.Options, logging: LoggingSystem, reportsDeadlocks: Bool = false,
        prepare: @escaping @Sendable (LuaState) throws -> Void = { _ in }
    ) {
        self.options = options
        self.logging = logging
        standardFunctions = StandardFunctions(options)
        self.prepare = prepare
        logging.updateRegistry { $0.register(handler: .queue) }
        deadlocks = reportsDeadlocks ? DeadlockMonitor { LuaState.currentPlace } : nil
    }

    deinit {
        for cell in cells.withLock({ $0 }) { cell.cell?.close() }
        rings.open()
    }

    /// Opens an interpreter with all modules, for the calling thread. The first thread that asks is the main one for scripts.
    public func makeState() throws -> LuaState {
        let main = mainThread, state = try makeWorkerState()
        // The latest one is the one that runs, or will.
        if main.identifier == ThreadNumbers.currentIdentifier {
            let handle = state.interruptHandle
            main.withSettings { $0.handle = handle }
        }
        return state
    }

    private func makeWorkerState() throws -> LuaState {
        try makeState { state in state.setAttachment(self) }
    }

    /// Opens an interpreter for something that the environment itself holds, such as a filter in the logging tree: it does not keep the
    /// environment alive.
    func makeHeldState() throws -> LuaState {
        try makeState { state in state.setAttachment(Link(environment: self)) }
    }

    private struct WeakCell {
        weak var cell: ScriptCell?
    }

    func add(_ cell: ScriptCell) {
        cells.withLock {
            $0.removeAll { $0.cell == nil }
            $0.append(WeakCell(cell: cell))
        }
    }

    private struct Link {
        weak var environment: ScriptEnvironment?
    }

    private func makeState(_ attach: (LuaState) -> Void) throws -> LuaState {
        let state = try LuaState(options)
        countPresence(in: state)
        attach(state)
        state.onWarning = { ScriptWarning.receive($0) }
        // Weak: handlers and filters of scripts have interpreters, which must not keep the tree alive that has them.
        state.onExit = { [weak self, weak state] closes in
            if !closes, let state { StandardModules.abandonUnfinishedArchives(in: state) }
            self?.logging.shutdown()
        }
        StandardModules.register(in: state)
        state.wakesItsThread()
        let modules = state.modulesAdded
        try prepare(state)
        let hasOwnModules = state.modulesAdded != modules
        try state.withStack { stack throws(LuaError) in Baseline.note(stack, hasOwnModules: hasOwnModules) }
        return state
    }

    /// Threads with an interpreter each, made ready ahead once one was needed.
    var pool: WorkerPool<LuaState> {
        workers.withLock { pool in
            if let pool { return pool }
            // Weak: the pool must not keep alive who owns it.
            let options = WorkerPoolOptions(idleName: "nightjar-idle")
            let made = WorkerPool<LuaState>(options: options, monitor: deadlocks) { [weak self] in
                guard let self else { throw WorkerPoolError.shutDown }
                return try self.makeWorkerState()
            }
            pool = made
            return made
        }
    }

    /// Bytes of stack of threads that are started from now on; 0 is the default.
    var stackSize: Int {
        get { requestedStackSize.load(ordering: .relaxed) }
        set { requestedStackSize.store(newValue, ordering: .relaxed) }
    }

    /// The environment of an interpreter that ``makeState()`` opened.
    public static func of(_ state: LuaState) -> ScriptEnvironment {
        if let environment: ScriptEnvironment = state.attachment() { return environment }
        guard let link: Link = state.attachment() else {
            preconditionFailure("an interpreter of the standard modules must come from ScriptEnvironment.makeState()")
        }
        if let environment = link.environment { return environment }
        // The program has let go of its runtime and goes on logging: its filters find a world of their own.
        let substitute = ScriptEnvironment(options: state.options, logging: LoggingSystem())
        state.setAttachment(substitute)
        return substitute
    }

    // MARK: The end

    /// Waits for the threads that are no daemons. Executors finish the work that they have, and take no more meanwhile.
    /// - Returns: false if one of them has ended with a `DeadlockError` meanwhile, of which nobody else will hear.
    /// - Throws: `WaitInterrupted`.
    public func joinThreads() throws -> Bool {
        let before = threads.deadlockCount
        deadlocks?.enter(.last, name: threads.mainName)
        defer { deadlocks?.leave() }
        _ = try executors.whileFinishing { try threads.joinAll() }
        return threads.deadlockCount == before
    }

    /// Asks all threads to stop and waits for none; no new ones start.
    public func cancelThreads() {
        threads.cancelAll(grace: 1)
        // What a script's hook holds may hold this object.
        exceptHook.set(nil)
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
