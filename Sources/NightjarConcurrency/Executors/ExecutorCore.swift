internal import DequeModule

/// What the workers of an executor share; it lives as long as the last of them.
@usableFromInline
final class ExecutorCore: Sendable {
    /// What is to be done, whatever the workers' context.
    struct Plan: Sendable {
        let maxWorkers: Int
        let namePrefix: String
        let start: @Sendable (PoolMember) throws -> Void
        let initialize: (@Sendable (Any) throws -> Void)?
        let onIdle: ThreadPoolOptions<Any>.IdleAction?
    }

    let plan: Plan
    let state: Guarded<ExecutorState>
    /// Complete when the executor is closed, the queue empty and the last thread gone.
    let ended = Completion<Void>(operation: "ThreadPoolExecutor.shutdown")

    init(_ plan: Plan) {
        self.plan = plan
        state = Guarded(ExecutorState(maxWorkers: plan.maxWorkers))
    }

    @usableFromInline
    func add(_ job: ExecutorJob) throws(ExecutorError) {
        let orders = try state.withLock { state throws(ExecutorError) in
            if let refusal = state.refusal { throw refusal }
            return state.add(job, makeMember)
        }
        do throws(ExecutorError) {
            try carryOut(orders)
        } catch {
            // Where others work, one of them will come to it.
            if state.withLock({ $0.takeBack(job) }) { throw error }
        }
    }

    func makeMember(_ number: Int) -> PoolMember {
        PoolMember(name: "\(plan.namePrefix)_\(number)", core: self)
    }

    private func carryOut(_ orders: ExecutorState.Orders) throws(ExecutorError) {
        orders.wakes.wakeAll()
        guard let worker = orders.newWorker else { return }
        do {
            try plan.start(worker)
        } catch {
            // Nobody else is called in its place: there would be no thread either.
            state.withLock { $0.forget(worker) }
            throw .cannotStart(error)
        }
    }

    /// Makes a change that may need another worker. If there is none to be had and none is left, the jobs are cancelled.
    func order(_ change: (inout ExecutorState) -> ExecutorState.Orders) {
        do throws(ExecutorError) {
            try carryOut(state.withLock(change))
        } catch {
            if state.withLock({ $0.workers.isEmpty }) { cancelPending() }
        }
    }

    func dismiss(_ worker: PoolMember) {
        order { $0.remove(worker, makeMember) }
        announceEnd()
    }

    // MARK: The end

    func close(_ phase: ExecutorState.Phase) {
        state.withLock { $0.close(phase) }.wakeAll()
        announceEnd()
    }

    func cancelPending() {
        for job in state.withLock({ $0.takeJobs() }) { job.cancel() }
        announceEnd()
    }

    /// No worker can be prepared: nothing that is pending will be done.
    func breakDown() {
        let jobs = state.withLock { state in (state.close(.broken), state.takeJobs()) }
        jobs.0.wakeAll()
        for job in jobs.1 { job.fail(ExecutorError.broken) }
        announceEnd()
    }

    private func announceEnd() {
        if state.withLock({ $0.isOver }) { ended.complete(()) }
    }
}
