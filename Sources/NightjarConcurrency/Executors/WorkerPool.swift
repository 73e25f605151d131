/// Threads that stand ready with a prepared resource, so that starting a job costs a wake-up instead
/// of a new thread and a new resource.
///
/// Each job gets a thread of its own and a resource that no job has used. The resource is made,
/// used and destroyed on that thread; after a job the worker drops it, makes the next and parks.
/// There is no limit to running jobs: a job never waits for another to end. Letting go of the pool
/// ends the parked workers; running jobs go on. Thread-safe.
public final class WorkerPool<Resource>: Sendable {
    private let core: PoolCore<Resource>

    /// - Parameters:
    ///   - monitor: counts the jobs, in the background unless they say otherwise.
    ///   - makeResource: called on the thread that will use what it makes.
    public init(
        options: WorkerPoolOptions = WorkerPoolOptions(), monitor: DeadlockMonitor? = nil,
        makeResource: @escaping @Sendable () throws -> Resource
    ) {
        core = PoolCore(options: options, monitor: monitor, make: makeResource)
    }

    deinit {
        core.state.withLock { $0.close() }.wakeAll()
    }

    /// Runs a job on a worker.
    ///
    /// If no worker stands ready, the job goes to one that is preparing its resource, or to a new
    /// thread; then making the resource is part of the job, and its error is the job's outcome.
    /// - Parameters:
    ///   - name: of the thread, for the time of the job.
    ///   - stackSize: bytes of stack; a job that wants more than the options say gets a new thread.
    /// - Throws: `WorkerPoolError`.
    public func run(
        name: String, stackSize: Int = 0, job: @escaping @Sendable (Resource) -> Void
    ) throws(WorkerPoolError) -> WorkerJob {
        let task = PoolTask(name: name, body: job)
        task.job.waiter.isMonitored(by: core.monitor, name: name)
        let isLarge = stackSize > core.options.stackSize
        switch core.state.withLock({ isLarge ? $0.hire(for: task) : $0.assign(task) }) {
        case .closed:
            task.job.waiter.endMonitoring()
            throw .shutDown
        case .given(let list): list.wakeAll()
        case .needsThread(let worker): try core.start(worker, stackSize: stackSize)
        }
        return task.job
    }

    /// Starts preparing workers, so that the first jobs find them ready.
    /// - Parameter count: how many shall be idle; the options' limit holds.
    public func prewarm(_ count: Int) throws(WorkerPoolError) {
        while let worker = core.state.withLock({ $0.reserve(upTo: min(count, core.options.idleLimit)) }) {
            try core.start(worker)
        }
    }

    /// Workers that stand ready or are preparing to.
    public var idleCount: Int { core.state.withLock { $0.idle.count } }
    /// Threads of the pool that have not ended.
    public var threadCount: Int { core.state.withLock { $0.threads } }

    /// Takes no more jobs, ends the parked workers and waits for the running ones.
    /// - Returns: false when the time was up before the last one had ended.
    public func shutdown(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        let list = core.state.withLock { $0.close() }
        list.wakeAll()
        core.announceEnd()
        return try core.ended.wait(until: deadline) != nil
    }
}

/// How many workers a `WorkerPool` keeps ready, and for how long.
public struct WorkerPoolOptions: Sendable {
    /// Parked workers at most. Preparing the next resource competes with the running job for
    /// processors: 0 prepares nothing ahead.
    public var idleLimit: Int
    /// Seconds after which a parked worker ends.
    public var idleTimeout: Double
    /// Bytes of stack of each thread.
    public var stackSize: Int
    /// The name that the system shows for threads without a job.
    public var idleName: String

    public init(
        idleLimit: Int = 4, idleTimeout: Double = 10,
        stackSize: Int = NativeThread.defaultStackSize, idleName: String = "idle worker"
    ) {
        self.idleLimit = idleLimit
        self.idleTimeout = idleTimeout
        self.stackSize = stackSize
        self.idleName = idleName
    }
}

/// Why a pool did not take a job.
public enum WorkerPoolError: Error, CustomStringConvertible {
    case shutDown
    case cannotStart(ThreadStartError)

    public var description: String {
        switch self {
        case .shutDown: "cannot start a job: the pool has been shut down"
        case .cannotStart(let error): error.description
        }
    }
}
