import DequeModule

/// The queue of an executor and its workers. No locks, no threads.
struct ExecutorState {
    /// In the order of what is told to those who come too late.
    enum Phase: Int { case open, finishing, shutDown, broken }

    /// Where a worker is between its start and its end.
    enum Station { case coming, working, parked, gone }

    enum Step {
        case work(ExecutorJob)
        case park
        case end
    }

    /// What a change asks to be done when the lock is released.
    struct Orders {
        var wakes = WakeList()
        /// A worker to be started.
        var newWorker: PoolMember?
    }

    let maxWorkers: Int
    private(set) var phase = Phase.open
    private var queue = Deque<ExecutorJob>()
    private(set) var workers: [PoolMember] = []
    /// How many workers there ever were: the number in the name of the next.
    private var started = 0
    /// Workers that stand idle; the one that parked last is at the end and called first, since its memory is still in the caches.
    private var parked: [PoolMember] = []
    /// Workers without a job: parked, or on their way to the queue.
    private var available = 0

    init(maxWorkers: Int) { self.maxWorkers = maxWorkers }

    var pendingJobs: Int { queue.count }

    /// Whether nothing more can happen.
    var isOver: Bool { phase != .open && workers.isEmpty && queue.isEmpty }

    var refusal: ExecutorError? {
        switch phase {
        case .open: nil
        case .finishing: .finishing
        case .shutDown: .shutDown
        case .broken: .broken
        }
    }

    // MARK: Jobs

    mutating func add(_ job: ExecutorJob, _ make: (Int) -> PoolMember) -> Orders {
        queue.append(job)
        return summon(make)
    }

    /// Calls a worker to the queue: one that stands idle, else a new one if the others have enough to do.
    private mutating func summon(_ make: (Int) -> PoolMember) -> Orders {
        var orders = Orders()
        if queue.count > available - parked.count, let worker = parked.popLast() {
            call(worker, &orders.wakes)
        } else if queue.count > available, workers.count < maxWorkers {
            let worker = make(started)
            started += 1
            available += 1
            workers.append(worker)
            orders.newWorker = worker
        }
        return orders
    }

    /// Takes a job back that no thread could be started for.
    /// - Returns: false if there are workers that will come to it.
    mutating func takeBack(_ job: ExecutorJob) -> Bool {
        guard workers.isEmpty, let index = queue.lastIndex(where: { $0 === job }) else { return false }
        queue.remove(at: index)
        return true
    }

    mutating func takeJobs() -> Deque<ExecutorJob> {
        defer { queue = [] }
        return queue
    }

    // MARK: Workers

    /// What a worker that comes to the queue is to do.
    /// - Parameter deadline: when it leaves of its own accord if it parks.
    mutating func nextStep(for worker: PoolMember, until deadline: Deadline?) -> Step {
        if !worker.isStopped, let job = queue.popFirst() {
            leave(worker, for: .working)
            return .work(job)
        }
        guard worker.isStopped || phase != .open else {
            worker.station = .parked
            worker.waiter.begin(WaitReason("ThreadPoolExecutor.idle", on: nil, until: deadline, isIdle: true))
            parked.append(worker)
            return .park
        }
        leave(worker, for: .gone)
        return .end
    }

    /// The worker is about to come to the queue: from here on it counts as one that will take the next job.
    mutating func expect(_ worker: PoolMember) {
        worker.station = .coming
        available += 1
    }

    /// The worker turns to something else before it comes to the queue.
    mutating func excuse(_ worker: PoolMember, _ make: (Int) -> PoolMember) -> Orders {
        leave(worker, for: .working)
        return summon(make)
    }

    private func call(_ worker: PoolMember, _ list: inout WakeList) {
        worker.station = .coming
        list.grant(worker.waiter)
    }

    private mutating func leave(_ worker: PoolMember, for station: Station) {
        worker.station = station
        available -= 1
    }

    /// A parked worker turns to something else of its own accord.
    /// - Returns: false if it was called meanwhile.
    mutating func unpark(_ worker: PoolMember) -> Bool {
        guard let index = parked.lastIndex(where: { $0 === worker }) else { return false }
        parked.remove(at: index)
        leave(worker, for: .working)
        return true
    }

    /// The worker ends after what it is doing.
    mutating func stop(_ worker: PoolMember) -> WakeList {
        worker.isStopped = true
        var list = WakeList()
        if let index = parked.lastIndex(where: { $0 === worker }) {
            parked.remove(at: index)
            call(worker, &list)
        }
        return list
    }

    /// The thread of a worker has nothing more to do. What it leaves in the queue is for another.
    mutating func remove(_ worker: PoolMember, _ make: (Int) -> PoolMember) -> Orders {
        forget(worker)
        return summon(make)
    }

    mutating func forget(_ worker: PoolMember) {
        workers.removeAll { $0 === worker }
        // One whose thread never ran is still expected.
        if worker.station == .coming { leave(worker, for: .gone) }
    }

    // MARK: The end

    /// Takes no more jobs. Workers end when the queue is empty.
    mutating func close(_ phase: Phase) -> WakeList {
        if phase.rawValue > self.phase.rawValue { self.phase = phase }
        var list = WakeList()
        while let worker = parked.popLast() { call(worker, &list) }
        return list
    }
}
