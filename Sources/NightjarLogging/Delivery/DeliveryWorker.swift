internal import NightjarConcurrency
internal import Synchronization

/// What the thread of a delivery does: takes batches out of the queue, hands them to the handler, and takes care of those that fail.
struct DeliveryWorker: ~Copyable {
    let delivery: Delivery
    private let batch: Int
    var taken: PendingRecords
    /// When the first record that waits has waited long enough.
    private var due: Deadline?
    var failuresInRow = 0
    /// A delivery failed after the end had come: nothing is tried any more.
    var isHopeless = false
    /// When to tell of dropped records although others wait; nil while there is nothing to tell.
    var noticeDue: Deadline?

    private enum Step {
        case deliver(any Handler, ErrorReporter)
        case wait(Deadline?)
        case end
    }

    init(_ delivery: Delivery) {
        self.delivery = delivery
        batch =
            delivery.options.overflow == .dropOldest
            // What is on its way out cannot be dropped in favour of newer records.
            ? max(1, min(delivery.batch, delivery.options.capacity / 2)) : delivery.batch
        taken = PendingRecords(isText: delivery.isText)
        // Where the oldest are dropped, the gap is before what waits now; else it is behind it.
        noticeDue = delivery.options.overflow == .dropOldest ? .passed : nil
    }

    /// - Parameter isWithin: whether the calling thread is within the handler already.
    consuming func run(isWithin: Bool = false) {
        let thread = ThreadState.current, before = thread.delivery
        thread.delivery = ObjectIdentifier(delivery)
        defer { thread.delivery = before }
        while turn(thread, isWithin) {}
        delivery.progress.set()
    }

    /// - Returns: whether there is to be another.
    private mutating func turn(_ thread: ThreadState, _ isWithin: Bool) -> Bool {
        delivery.bell.clear()
        switch nextStep() {
        case .deliver(let handler, let reporter):
            // Records that the handler causes itself are refused, as in a handler without a queue.
            let enters = !isWithin && thread.enter(ObjectIdentifier(handler))
            deliver(with: handler, reporter)
            if enters { thread.leave() }
        case .wait(let deadline):
            letGoOfHandler()
            // The thread's own waiter: nobody interrupts it.
            _ = try? delivery.bell.wait(until: deadline)
        case .end:
            letGoOfHandler()
            return false
        }
        return true
    }

    /// Outside the lock, because the thread may be the last to have it.
    private func letGoOfHandler() {
        let handler = delivery.state.withLock { $0.pending.isEmpty ? $0.takeHandler() : nil }
        withExtendedLifetime(handler) {}
    }

    // MARK: Taking records

    private mutating func nextStep() -> Step {
        delivery.state.withLock { state in
            guard state.phase != .abandoned else { return .end }
            if state.pending.isEmpty {
                due = nil
                return idleStep(&state)
            }
            if due == nil { due = Deadline(after: delivery.options.flushInterval) }
            guard state.isUrgent || state.phase != .open || state.pending.count >= batch || due!.hasPassed else {
                state.sleep = .gathering
                return .wait(due)
            }
            guard let handler = state.handler, let reporter = state.reporter else {
                preconditionFailure("records without the handler that brought them")
            }
            state.sleep = .awake
            state.pending.move(atMost: batch, to: &taken)
            state.inFlight = taken.count
            due = nil
            if state.pending.isEmpty { state.isUrgent = false }
            return .deliver(handler, reporter)
        }
    }

    private func idleStep(_ state: inout DeliveryState) -> Step {
        if state.untold > 0, let handler = state.handler, let reporter = state.reporter {
            return .deliver(handler, reporter)
        }
        state.isUrgent = false
        guard state.phase == .open else {
            if state.phase == .closing { state.phase = .ended }
            return .end
        }
        state.sleep = .idle
        return .wait(nil)
    }
}
