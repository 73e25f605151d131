internal import DequeModule

/// When a wait for several futures ends.
public enum FutureCondition: Sendable {
    /// As soon as one is done.
    case firstCompleted
    /// As soon as one has failed; else when all are done.
    case firstException
    case allCompleted
}

/// Collects futures as they end, for one thread that waits for several of them.
///
/// A cancelled future counts from the moment at which whoever would have done its work has noticed, as in Python.
/// Waiting and taking are for one thread at a time; futures may end on any.
public final class FutureCollector: FutureObserver, WaitTarget {
    private struct State {
        /// Those that were not taken.
        var futures: [AnyFuture?]
        var remaining: Int
        /// The positions of futures that have ended and were not taken yet, in the order of their ends.
        var ended = Deque<Int>()
        var failures = 0
        var waiter = WaitQueue()
        /// What the waiting thread waits for.
        var condition = FutureCondition.firstCompleted

        func meets(_ condition: FutureCondition) -> Bool {
            if remaining == 0 { return true }
            switch condition {
            case .firstCompleted: return !ended.isEmpty
            case .firstException: return failures > 0
            case .allCompleted: return false
            }
        }
    }

    private let operation: String
    private let state: Guarded<State>

    /// Observes the futures, each of which should be there once.
    /// - Parameter operation: what reports call a wait for them.
    public init(_ futures: [AnyFuture], operation: String = "futures.wait") {
        self.operation = operation
        state = Guarded(State(futures: futures, remaining: futures.count))
        for (position, future) in futures.enumerated() {
            guard let isFailure = future.observe(FutureObservation(observer: self, position: position)) else {
                continue
            }
            futureEnded(position, isFailure: isFailure)
        }
    }

    /// Lets go of the futures that have not ended, which hold this object. To be called when nobody will wait any more.
    public func stop() {
        for future in state.withLock({ $0.futures }) { future?.stopObserving(self) }
    }

    /// The number of futures that have not ended.
    public var remaining: Int { state.withLock { $0.remaining } }

    /// Somebody who works on one of the futures.
    public var holder: ThreadIdentity? { state.withLock { $0.futures }.lazy.compactMap { $0?.holder }.first }

    // What is waited for is the futures.
    public var kind: String? { nil }

    public func remark(on operation: String, holder: String?) -> String? {
        let futures = remaining == 1 ? "a future" : "\(remaining) futures"
        return "for \(futures), " + (holder.map { "on which \($0) works" } ?? "on which nobody works")
    }

    /// Waits until the condition holds for the futures that were not taken.
    /// - Returns: false when the time was up first.
    public func wait(for condition: FutureCondition, until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        let isMet = state.withLock { state in
            if state.meets(condition) { return true }
            if deadline == .passed { return false }
            state.condition = condition
            waiter.begin(WaitReason(operation, on: self, until: deadline))
            state.waiter.append(waiter)
            return false
        }
        if isMet { return true }
        if deadline == .passed { return false }
        return try waiter.wait(until: deadline) { state.withLock { $0.waiter.remove(waiter) } }
    }

    /// Takes the next future that has ended, waiting for one if need be.
    /// - Returns: nil when the time was up first, or when all were taken.
    public func next(until deadline: Deadline? = nil) throws(WaitInterrupted) -> AnyFuture? {
        // One that ends as the time is up counts.
        _ = try wait(for: .firstCompleted, until: deadline)
        return state.withLock { state in
            guard let position = state.ended.popFirst() else { return nil }
            defer { state.futures[position] = nil }
            return state.futures[position]
        }
    }

    /// The positions of the futures that have ended and were not taken.
    public var ended: [Int] { state.withLock { Array($0.ended) } }

    func futureEnded(_ position: Int, isFailure: Bool) {
        let list = state.withLock { state in
            state.ended.append(position)
            state.remaining -= 1
            if isFailure { state.failures += 1 }
            return state.meets(state.condition) ? state.waiter.grantAll() : WakeList()
        }
        list.wakeAll()
    }
}
