/// Python's `threading.Semaphore`: permits that `release` adds and `acquire` takes.
///
/// Thread-safe. A released permit goes to the thread that has waited longest.
/// Source: https://docs.python.org/3.14/library/threading.html#semaphore-objects
// Not final, so the compiler does not vouch for it: all that changes is guarded, and the one subclass, in this file, adds nothing.
public class CountingSemaphore: WaitTarget, @unchecked Sendable {
    fileprivate struct State {
        var value: Int
        var waiters = WaitQueue()
    }

    private let state: Guarded<State>
    /// What `value` must not exceed; `nil` is no limit.
    public let limit: Int?

    public let label: ObjectLabel?

    /// - Parameter label: for reports about deadlocks.
    /// - Throws: `.negativeSemaphore`.
    public convenience init(value: Int = 1, label: ObjectLabel? = nil) throws(LockError) {
        try self.init(value: value, isBounded: false, label: label)
    }

    fileprivate init(value: Int, isBounded: Bool, label: ObjectLabel?) throws(LockError) {
        guard value >= 0 else { throw .negativeSemaphore }
        self.label = label
        limit = isBounded ? value : nil
        state = Guarded(State(value: value))
    }

    public func remark(on operation: String, holder: String?) -> String? { "which any thread could release" }

    /// Permits that nobody has taken.
    public var value: Int { state.withLock { $0.value } }

    /// Takes a permit, waiting for one if need be.
    /// - Returns: false when the time was up first.
    @discardableResult
    public func acquire(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        if tryAcquire() { return true }
        if deadline == .passed { return false }
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        let taken = state.withLock { state in
            if state.value > 0 {
                state.value -= 1
                return true
            }
            waiter.begin(WaitReason("Semaphore.acquire", on: self, until: deadline))
            state.waiters.append(waiter)
            return false
        }
        if taken { return true }
        return try waiter.wait(until: deadline) { state.withLock { $0.waiters.remove(waiter) } }
    }

    /// Takes a permit if there is one.
    public func tryAcquire() -> Bool {
        state.withLock { state in
            guard state.value > 0 else { return false }
            state.value -= 1
            return true
        }
    }

    /// Adds permits.
    /// - Throws: `.releaseCountTooSmall` for less than 1; `.semaphoreReleasedTooOften` from a bounded
    ///   semaphore, which then is unchanged.
    public func release(_ count: Int = 1) throws(LockError) {
        guard count >= 1 else { throw .releaseCountTooSmall }
        let list = try state.withLock { (state) throws(LockError) in
            if let limit, count > limit - state.value { throw .semaphoreReleasedTooOften }
            var list = WakeList()
            var left = count
            while left > 0, let waiter = state.waiters.popFirst() {
                list.grant(waiter)
                left -= 1
            }
            // More permits than can be counted are as good as the most that can.
            state.value = state.value.addingReportingOverflow(left).overflow ? .max : state.value + left
            return list
        }
        list.wakeAll()
    }
}

/// Python's `threading.BoundedSemaphore`: releasing more often than acquiring is an error.
// As its superclass.
public final class BoundedSemaphore: CountingSemaphore, @unchecked Sendable {
    /// - Parameter label: for reports about deadlocks.
    /// - Throws: `.negativeSemaphore`.
    public init(value: Int = 1, label: ObjectLabel? = nil) throws(LockError) {
        try super.init(value: value, isBounded: true, label: label)
    }
}
