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
    func releaseFully() -> Int
    /// Takes the lock again. Cannot be interrupted: the caller is about to release it.
    func reacquire(depth: Int)
}

/// Python's `threading.Condition`. Threads are notified in the order in which they began to wait.
///
/// Thread-safe. Source: https://docs.python.org/3.14/library/threading.html#condition-objects
public final class Condition: WaitTarget {
    /// The lock that callers hold when they wait or notify.
    public let lock: any ConditionLock
    private let waiters = Guarded(WaitQueue())

    public init(lock: any ConditionLock = RecursiveLock()) {
        self.lock = lock
    }

    /// Releases the lock, waits to be notified, and takes the lock again as deeply as it was held.
    ///
    /// The lock is held again in every case, also when this throws; taking it cannot be
    /// interrupted.
    /// - Returns: false when the time was up before a notification.
    /// - Throws: `LockError.waitNotOwned`, `WaitInterrupted`.
    public func wait(until deadline: Deadline? = nil) throws -> Bool {
        guard lock.isOwned else { throw LockError.waitNotOwned }
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        waiter.begin(WaitReason("Condition.wait", on: self, until: deadline))
        waiters.withLock { $0.append(waiter) }
        let depth = lock.releaseFully()
        defer { lock.reacquire(depth: depth) }
        return try waiter.wait(until: deadline) { waiters.withLock { $0.remove(waiter) } }
    }

    /// Waits until the predicate holds. It is evaluated with the lock held.
    /// - Returns: the last value of the predicate: false when the time was up.
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
