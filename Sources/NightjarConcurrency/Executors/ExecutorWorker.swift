/// One worker of an executor, on its way to a thread.
///
/// Whoever gives it the thread calls `run` on it, and `retire` when the thread has nothing more to do for the executor. Thread-safe.
public struct ExecutorWorker<Context>: Sendable {
    let member: PoolMember

    /// `ThreadPoolExecutor-0_0`
    public var name: String { member.name }

    /// Prepares the worker and does jobs until it is stopped, or the executor is shut down and out of work.
    public func run(_ context: Context) { member.run(context) }

    /// Says that the thread is done, or could not be had: then the executor is broken.
    public func retire(failure: (any Error)? = nil) { member.retire(failure: failure) }

    /// Makes the worker end after the job that it is doing, without doing another.
    public func stop() { member.stop() }

    /// Whether `stop` was called.
    public var isStopping: Bool { member.isStopping }
}

/// A worker, whatever its context.
final class PoolMember: Sendable {
    let name: String
    private let core: ExecutorCore

    // Guarded by the lock of the executor's state.
    nonisolated(unsafe) var station = ExecutorState.Station.coming
    nonisolated(unsafe) var isStopped = false
    nonisolated(unsafe) var thread: ThreadIdentity?
    // The worker's own, set before it parks for the first time; those who wake it found it parked, under that lock.
    nonisolated(unsafe) var waiter = Waiter()

    init(name: String, core: ExecutorCore) {
        self.name = name
        self.core = core
    }

    func run(_ context: Any) {
        waiter = Waiter.current
        core.state.withLock { _ in thread = .current }
        defer { core.state.withLock { _ in thread = nil } }
        guard prepare(context) else { return }
        while let job = nextJob(context) {
            if job.begin() { work(job, context) } else { core.state.withLock { $0.expect(self) } }
        }
    }

    func retire(failure: (any Error)?) {
        if failure != nil { core.breakDown() }
        core.dismiss(self)
    }

    func stop() { core.state.withLock { $0.stop(self) }.wakeAll() }

    var isStopping: Bool { core.state.withLock { _ in isStopped } }

    private func prepare(_ context: Any) -> Bool {
        guard let initialize = core.plan.initialize else { return true }
        do {
            try initialize(context)
            return true
        } catch {
            // One that was stopped in the middle says nothing about the others.
            if !isStopping { core.breakDown() }
            return false
        }
    }

    private func work(_ job: ExecutorJob, _ context: Any) {
        let release = job.run(context) {
            // Before the result is seen: who submits the next job then finds this worker free.
            core.state.withLock { $0.expect(self) }
        }
        guard let release else { return }
        release.wake()
        if release.callbacks.isEmpty { return }
        core.order { $0.excuse(self, core.makeMember) }
        job.future.runCallbacks(of: release)
        core.state.withLock { $0.expect(self) }
    }

    /// Waits for a job; nil if the worker is to end.
    private func nextJob(_ context: Any) -> ExecutorJob? {
        // Something is done about its memory once in each idle time.
        var deadline = core.plan.onIdle.map { Deadline(after: $0.delay) }
        while true {
            switch core.state.withLock({ $0.nextStep(for: self, until: deadline) }) {
            case .work(let job): return job
            case .end: return nil
            case .park: break
            }
            // Nobody interrupts it there, and it is told so.
            let isCalled = try? waiter.wait(until: deadline, patience: .endless) {
                core.state.withLock { $0.unpark(self) }
            }
            if isCalled == false {
                core.plan.onIdle?.body(context)
                core.state.withLock { $0.expect(self) }
                deadline = nil
            }
        }
    }
}
