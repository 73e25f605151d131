/// A job on its way to a worker.
struct PoolTask<Resource>: Sendable {
    let job: WorkerJob
    let body: @Sendable (Resource) -> Void

    init(name: String, body: @escaping @Sendable (Resource) -> Void) {
        job = WorkerJob(name: name)
        self.body = body
    }
}

/// Who works in a pool, and who stands idle. No locks, no threads.
struct PoolState<Resource> {
    enum Assignment {
        case closed
        case given(WakeList)
        case needsThread(PoolWorker<Resource>)
    }

    private(set) var isClosed = false
    /// Threads that exist or are being started.
    private(set) var threads = 0
    /// How long making a resource took, in nanoseconds, the last time.
    private var preparation: UInt64 = 0
    /// Workers without a task; the one that parked last is at the end and taken first, since its
    /// memory is still in the caches.
    private(set) var idle: [PoolWorker<Resource>] = []

    /// Finds a worker for a task: one that is ready, else one that is about to be, else a new one.
    mutating func assign(_ task: PoolTask<Resource>) -> Assignment {
        if isClosed { return .closed }
        guard let index = bestIdle else { return hire(for: task) }
        let worker = idle.remove(at: index)
        worker.task = task
        var list = WakeList()
        if worker.isParked { list.grant(worker.waiter) }
        return .given(list)
    }

    /// A new worker for a task, whoever stands ready.
    mutating func hire(for task: PoolTask<Resource>) -> Assignment {
        if isClosed { return .closed }
        threads += 1
        return .needsThread(PoolWorker(task: task))
    }

    /// Who will be at work soonest: one that is ready and awake; one that is preparing, if that is
    /// faster than waking a thread; one that sleeps; any.
    private var bestIdle: Int? {
        if let awake = idle.lastIndex(where: { $0.isParked && !$0.waiter.isAsleep }) { return awake }
        let preparing = idle.lastIndex { !$0.isParked }
        if let preparing, preparation < Self.wakeUpTime { return preparing }
        return idle.lastIndex { $0.isParked } ?? preparing
    }

    /// Nanoseconds from waking a sleeping thread until it runs, about.
    private static var wakeUpTime: UInt64 { 30_000 }

    /// A new worker without a task, if fewer than a number are idle.
    mutating func reserve(upTo count: Int) -> PoolWorker<Resource>? {
        guard !isClosed, idle.count < count else { return nil }
        threads += 1
        let worker = PoolWorker<Resource>(task: nil)
        idle.append(worker)
        return worker
    }

    /// Takes a worker back after its task.
    /// - Returns: false if it is to end.
    mutating func takeBack(_ worker: PoolWorker<Resource>, limit: Int) -> Bool {
        guard !isClosed, idle.count < limit else { return false }
        worker.isParked = false
        worker.task = nil
        idle.append(worker)
        return true
    }

    /// - Returns: false if the worker has got a task, or the pool has sent it away.
    mutating func withdraw(_ worker: PoolWorker<Resource>) -> Bool {
        guard let index = idle.firstIndex(where: { $0 === worker }) else { return false }
        idle.remove(at: index)
        return true
    }

    /// - Returns: whether the worker is to sleep; false if it has a task or is to end.
    mutating func mayPark(_ worker: PoolWorker<Resource>) -> Bool {
        guard idle.contains(where: { $0 === worker }) else { return false }
        worker.isParked = true
        preparation = worker.preparation
        return true
    }

    mutating func close() -> WakeList {
        isClosed = true
        var list = WakeList()
        for worker in idle where worker.isParked { list.grant(worker.waiter) }
        idle = []
        return list
    }

    mutating func threadEnded() {
        threads -= 1
    }
}
