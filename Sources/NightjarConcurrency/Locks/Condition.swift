/// A lock that a `Condition` can work with.
public protocol ConditionLock: WaitTarget {
    func tryAcquire() -> Bool
    @discardableResult
    func acquire(until deadline: Deadline?) throws(WaitInterrupted) -> Bool
    func release() throws(LockError)
    var isLocked: Bool { get }
    /// Whether the calling thread may wait and notify.
    var isOwned: Bool { get }
    /// Releases the lock however often it was acquired.
    /// - Returns: what `reacquire` needs to restore that.
    /// - Throws: what `release` throws, if it is not held.
    func releaseFully() throws(LockError) -> Int
    /// Takes the lock again, whether the thread is interrupted or not: its holder is about to release it, and the caller goes on
    /// supposing that it has the lock.
    /// - Throws: `WaitInterrupted` when an interruption becomes final while the lock is not to be had. The releases that
    ///   the caller owes then do nothing, so that it cannot release what another thread holds.
    func reacquire(depth: Int) throws(WaitInterrupted)
}

/// Python's `threading.Condition`. Threads are notified in the order in which they began to wait.
///
/// Thread-safe. Source: https://docs.python.org/3.14/library/threading.html#condition-objects
public final class Condition: WaitTarget {
    /// The lock that callers hold when they wait or notify.
    public let lock: any ConditionLock
    private let waiters = Guarded(WaitQueue())

    public let label: ObjectLabel?

    /// - Parameter label: for reports about deadlocks.
    public init(lock: any ConditionLock = RecursiveLock(), label: ObjectLabel? = nil) {
        self.lock = lock
        self.label = label
    }

    public func remark(on operation: String, holder: String?) -> String? { "which any thread could notify" }

    /// Threads that wait to be notified now.
    public var waitingCount: Int { waiters.withLock { $0.count } }

    /// Takes the lock, as the lock's own `acquire`.
    @discardableResult
    public func acquire(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        try lock.acquire(until: deadline)
    }

    /// Gives the lock back, as the lock's own `release`.
    public func release() throws(LockError) { try lock.release() }

    public var isLocked: Bool { lock.isLocked }

    /// Releases the lock, waits to be notified, and takes the lock again as deeply as it was held.
    ///
    /// The lock is held again also when this throws, but for one case: see `ConditionLock.reacquire`.
    /// - Returns: false when the time was up before a notification.
    /// - Throws: `LockError`, when the lock is not held; `WaitInterrupted`.
    @discardableResult
    public func wait(until deadline: Deadline? = nil) throws -> Bool {
        guard lock.isOwned else { throw LockError.waitNotOwned }
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        waiter.begin(WaitReason("Condition.wait", on: self, until: deadline))
        waiters.withLock { $0.append(waiter) }
        let depth: Int
        do {
            depth = try lock.releaseFully()
        } catch {
            // A lock without an owner was held by another thread, which has released it just now.
            waiters.withLock { _ = $0.remove(waiter) }
            waiter.abandon()
            throw error
        }
        let outcome = Result { () throws(WaitInterrupted) in
            try waiter.wait(until: deadline) { waiters.withLock { $0.remove(waiter) } }
        }
        do {
            try lock.reacquire(depth: depth)
        } catch {
            if case .success(true) = outcome { passOn() }
            throw error
        }
        return try outcome.get()
    }

    /// A notification whose receiver cannot go on reaches the next.
    private func passOn() { waiters.withLock { $0.grantFirst() }.wakeAll() }

    /// Waits until the predicate holds. It is evaluated with the lock held.
    /// - Returns: the last value of the predicate: false when the time was up.
    @discardableResult
    public func waitFor(until deadline: Deadline? = nil, _ predicate: () throws -> Bool) throws -> Bool {
        while try !predicate() {
            if try !wait(until: deadline) { return try predicate() }
        }
        return true
    }

    /// Wakes up to `count` waiting threads; they go on once they get the lock.
    /// - Throws: `.notifyNotOwned`.
    public func notify(_ count: Int = 1) throws(LockError) {
        guard lock.isOwned else { throw .notifyNotOwned }
        let list = waiters.withLock { waiters in
            var list = WakeList()
            for _ in 0..<max(0, min(count, waiters.count)) { list.add(waiters.grantFirst()) }
            return list
        }
        list.wakeAll()
    }

    /// Wakes all waiting threads.
    public func notifyAll() throws(LockError) {
        try notify(.max)
    }
}
