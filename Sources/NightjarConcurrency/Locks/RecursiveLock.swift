public import Synchronization

/// Python's `threading.RLock`: the thread that holds it may acquire it again, and only that thread
/// may release it, as often as it acquired it.
///
/// Thread-safe. Source: https://docs.python.org/3.14/library/threading.html#rlock-objects
public final class RecursiveLock: WaitTarget {
    @usableFromInline let core = LockCore()
    /// The identity of the thread that holds the lock, 0 if none. A thread can only ever read its
    /// own identity here if it holds the lock, so relaxed access is enough.
    @usableFromInline let owner = Atomic<UInt>(0)
    /// How often the owner has acquired it. Set by the owner alone, read by anybody who is curious.
    @usableFromInline let count = Atomic<Int>(0)

    public let label: ObjectLabel?

    /// - Parameter label: for reports about deadlocks.
    public init(label: ObjectLabel? = nil) { self.label = label }

    /// Takes the lock if it is free or the caller's already, without waiting.
    @inlinable
    public func tryAcquire() -> Bool {
        let me = ThreadIdentity.current.rawValue
        if owner.load(ordering: .relaxed) == me {
            setDepth(depth + 1)
            return true
        }
        guard core.tryAcquire() else { return false }
        own(me, depth: 1)
        return true
    }

    /// Takes the lock, waiting if another thread has it.
    /// - Returns: false when the time was up first.
    @inlinable @discardableResult
    public func acquire(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        if tryAcquire() { return true }
        return try acquireSlowly(until: deadline)
    }

    /// Undoes one `acquire`.
    /// - Throws: `.releaseNotOwned` if the calling thread does not hold the lock.
    @inlinable
    public func release() throws(LockError) {
        guard isOwned else {
            if core.forgiveRelease() { return }
            throw .releaseNotOwned
        }
        setDepth(depth - 1)
        if depth == 0 {
            owner.store(0, ordering: .relaxed)
            _ = core.release()
        }
    }

    @inlinable
    public var isLocked: Bool { core.isHeld }

    /// Whether the calling thread holds the lock.
    @inlinable
    public var isOwned: Bool { owner.load(ordering: .relaxed) == ThreadIdentity.current.rawValue }

    public var holder: ThreadIdentity? {
        let value = owner.load(ordering: .relaxed)
        return value == 0 ? nil : ThreadIdentity(rawValue: value)
    }

    /// How often its holder has acquired it; for anybody but the holder a number of a moment ago.
    @inlinable
    public var depth: Int { count.load(ordering: .relaxed) }

    @inlinable
    func setDepth(_ depth: Int) { count.store(depth, ordering: .relaxed) }

    @inlinable
    func own(_ me: UInt, depth: Int) {
        owner.store(me, ordering: .relaxed)
        setDepth(depth)
    }

    @usableFromInline
    func acquireSlowly(until deadline: Deadline?) throws(WaitInterrupted) -> Bool {
        let taken = try core.acquire(
            until: deadline, reason: WaitReason("RLock.acquire", on: self, until: deadline))
        if taken { own(ThreadIdentity.current.rawValue, depth: 1) }
        return taken
    }
}

extension RecursiveLock: ConditionLock {
    public func releaseFully() throws(LockError) -> Int {
        guard isOwned else { throw .releaseNotOwned }
        let depth = depth
        setDepth(0)
        owner.store(0, ordering: .relaxed)
        _ = core.release()
        return depth
    }

    public func reacquire(depth: Int) throws(WaitInterrupted) {
        try core.takeBack(depth: depth, reason: WaitReason("Condition.wait", on: self, until: nil))
        own(ThreadIdentity.current.rawValue, depth: depth)
    }
}
