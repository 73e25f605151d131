/// What the workers of a pool share; it lives as long as the last of them.
final class PoolCore<Resource>: Sendable {
    let options: WorkerPoolOptions
    let monitor: DeadlockMonitor?
    let make: @Sendable () throws -> Resource
    let state = Guarded(PoolState<Resource>())
    /// Complete when the pool is closed and the last thread has ended.
    let ended = Completion<Void>(operation: "WorkerPool.shutdown")

    init(options: WorkerPoolOptions, monitor: DeadlockMonitor?, make: @escaping @Sendable () throws -> Resource) {
        self.options = options
        self.monitor = monitor
        self.make = make
    }

    /// - Parameter stackSize: bytes; at least what the options say.
    func start(_ worker: PoolWorker<Resource>, stackSize: Int = 0) throws(WorkerPoolError) {
        let stackSize = max(stackSize, options.stackSize)
        do {
            // A job is counted, not the thread that stands ready for it.
            _ = try NativeThread.start(name: options.idleName, stackSize: stackSize, monitor: nil) { [self] in
                worker.run(self)
                threadEnded()
            }
        } catch {
            let task = state.withLock { state in
                _ = state.withdraw(worker)
                return worker.task
            }
            // A task that came while the thread was being started must not be lost.
            task?.job.end(.failure(error))
            threadEnded()
            throw .cannotStart(error)
        }
    }

    func announceEnd() {
        if state.withLock({ $0.isClosed && $0.threads == 0 }) { ended.complete(()) }
    }

    private func threadEnded() {
        state.withLock { $0.threadEnded() }
        announceEnd()
    }
}

/// One thread of a pool: prepares a resource, parks, does a task, drops the resource, and again.
final class PoolWorker<Resource>: Sendable {
    /// Where it sleeps between tasks; each task brings a waiter of its own.
    let waiter = Waiter()
    // Both guarded by the lock of the pool's state; the worker's own reads of a task follow the
    // pool's grant, after which nobody else touches it.
    nonisolated(unsafe) var task: PoolTask<Resource>?
    nonisolated(unsafe) var isParked = false

    /// How long making the last resource took, in nanoseconds. A worker's own until it parks.
    nonisolated(unsafe) var preparation: UInt64 = 0

    init(task: PoolTask<Resource>?) {
        self.task = task
    }

    func run(_ core: PoolCore<Resource>) {
        repeat {
            // What was meant for the job before must not reach the next.
            ThreadWaiter.install(waiter)
            NativeThread.setCurrentName(core.options.idleName)
            guard let (task, outcome) = serve(core) else { return }
            task.job.end(outcome)
        } while core.state.withLock { $0.takeBack(self, limit: core.options.idleLimit) }
    }

    /// Prepares a resource and uses it for one task; it is gone when this returns.
    /// - Returns: the task, to be reported done; `nil` if the worker is to end.
    private func serve(_ core: PoolCore<Resource>) -> (PoolTask<Resource>, WorkerJob.Outcome)? {
        do {
            let start = Deadline.now.nanoseconds
            let resource = try core.make()
            preparation = Deadline.now.nanoseconds &- start
            guard let task = nextTask(core) else { return nil }
            task.job.begin()
            task.body(resource)
            return (task, .success(()))
        } catch {
            // Nobody is there to hear it if no task has come: the next job meets it again.
            let task: PoolTask<Resource>? = core.state.withLock { $0.withdraw(self) ? nil : self.task }
            return task.map { ($0, .failure(error)) }
        }
    }

    /// Waits for a task; `nil` when the time is up or the pool is closed.
    private func nextTask(_ core: PoolCore<Resource>) -> PoolTask<Resource>? {
        let deadline = Deadline(after: core.options.idleTimeout)
        waiter.begin(WaitReason("WorkerPool.park", on: nil, until: deadline))
        if core.state.withLock({ $0.mayPark(self) }) {
            // Nobody interrupts this waiter, and it is told so.
            _ = try? waiter.wait(until: deadline, patience: .endless, spinning: .none) {
                core.state.withLock { $0.withdraw(self) }
            }
        }
        return core.state.withLock { _ in task }
    }
}
