/// Python's `threading.Lock`: not recursive, and any thread may release it.
///
/// Thread-safe. Threads wait in the order of their arrival.
/// Source: https://docs.python.org/3.14/library/threading.html#lock-objects
public final class Lock: WaitTarget {
    @usableFromInline let core = LockCore()

    public init() {}

    /// Takes the lock if it is free, without waiting.
    @inlinable
    public func tryAcquire() -> Bool { core.tryAcquire() }

    /// Takes the lock, waiting if need be.
    /// - Parameter deadline: when to give up; `nil` is never.
    /// - Returns: false when the time was up first.
    @inlinable @discardableResult
    public func acquire(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        if core.tryAcquire() { return true }
        return try acquireSlowly(until: deadline)
    }

    /// Gives the lock back. Any thread may do so.
    /// - Throws: `.releaseUnlocked` if nobody held it.
    @inlinable
    public func release() throws(LockError) {
        if !core.release() { throw .releaseUnlocked }
    }

    @inlinable
    public var isLocked: Bool { core.isHeld }

    @usableFromInline
    func acquireSlowly(until deadline: Deadline?) throws(WaitInterrupted) -> Bool {
        try core.acquire(
            until: deadline, reason: WaitReason("Lock.acquire", on: self, until: deadline))
    }
}

extension Lock: ConditionLock {
    /// Python's rule for locks without an owner: locked by anybody.
    public var isOwned: Bool { isLocked }

    public func releaseFully() throws(LockError) -> Int {
        try release()
        return 1
    }

    public func reacquire(depth: Int) throws(WaitInterrupted) {
        try core.takeBack(depth: depth, reason: WaitReason("Condition.wait", on: self, until: nil))
    }
}
