public import Synchronization

/// Python's `threading.Lock`: not recursive, and any thread may release it.
///
/// Thread-safe. Threads wait in the order of their arrival.
/// Source: https://docs.python.org/3.14/library/threading.html#lock-objects
public final class Lock: WaitTarget {
    @usableFromInline let core = LockCore()
    /// Who acquired the lock last. Relaxed: it is read when nobody runs any more.
    @usableFromInline let taker = Atomic<UInt>(0)
    public let label: ObjectLabel?

    /// - Parameter label: for reports about deadlocks.
    public init(label: ObjectLabel? = nil) { self.label = label }

    /// Takes the lock if it is free, without waiting.
    @inlinable
    public func tryAcquire() -> Bool {
        guard core.tryAcquire() else { return false }
        noteTaker()
        return true
    }

    /// Takes the lock, waiting if need be.
    /// - Parameter deadline: when to give up; `nil` is never.
    /// - Returns: false when the time was up first.
    @inlinable @discardableResult
    public func acquire(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        if tryAcquire() { return true }
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

    /// Who acquired the lock, while it is held: usually the thread that will release it, though any may.
    public var holder: ThreadIdentity? {
        let taker = taker.load(ordering: .relaxed)
        return isLocked && taker != 0 ? ThreadIdentity(rawValue: taker) : nil
    }

    @inlinable
    func noteTaker() { taker.store(ThreadIdentity.current.rawValue, ordering: .relaxed) }

    @usableFromInline
    func acquireSlowly(until deadline: Deadline?) throws(WaitInterrupted) -> Bool {
        let taken = try core.acquire(until: deadline, reason: WaitReason("Lock.acquire", on: self, until: deadline))
        if taken { noteTaker() }
        return taken
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
        noteTaker()
    }
}
