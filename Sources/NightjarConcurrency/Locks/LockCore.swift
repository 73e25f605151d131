public import Synchronization

/// Mutual exclusion with a first-in-first-out line, without an owner.
///
/// A free lock goes to whoever comes first, also past threads that are still waking up: passing it
/// on strictly in order would cost a thread switch per acquisition. In exchange nobody is passed
/// over for long: the first in line, once woken in vain, is handed the lock at the next release.
@usableFromInline
struct LockCore: ~Copyable, Sendable {
    @usableFromInline
    enum Bit {
        @usableFromInline static var held: UInt32 { 1 }
        /// The line is not empty. Changes only under the line's lock, as the next one does.
        static var queued: UInt32 { 2 }
        /// A woken thread is on its way to take the lock; no other needs to be woken.
        static var coming: UInt32 { 4 }
        /// Somebody owes a `release` that must do nothing; see `renounce`. Changes only under the line's lock.
        static var renounced: UInt32 { 8 }
    }
    private enum Grant {
        static let retry = 0
        static let ownership = 1
    }
    // Not private: Swift 6.3.1 then emits a broken module where another file destroys the lock.
    struct Line {
        var waiters = WaitQueue()
        /// The first in line has been woken in vain.
        var owesFirst = false
        /// Threads that will release the lock without holding it, and how often.
        var renounced: [(waiter: Waiter, count: Int)] = []
    }

    @usableFromInline let word = Atomic<UInt32>(0)
    private let line = Guarded(Line())

    @usableFromInline init() {}

    @inlinable var isHeld: Bool { word.load(ordering: .acquiring) & Bit.held != 0 }

    @inlinable @inline(__always)
    func tryAcquire() -> Bool {
        let old = word.compareExchange(
            expected: 0, desired: Bit.held, successOrdering: .acquiring, failureOrdering: .relaxed)
        return old.exchanged || (old.original & Bit.held == 0 && tryTake())
    }

    /// - Returns: false if nobody held it.
    @inlinable @inline(__always)
    func release() -> Bool {
        word.compareExchange(
            expected: Bit.held, desired: 0, successOrdering: .releasing, failureOrdering: .relaxed
        ).exchanged || releaseSlowly()
    }

    /// Takes a free lock whatever its other bits are.
    @usableFromInline
    func tryTake() -> Bool {
        var old = word.load(ordering: .relaxed)
        while old & Bit.held == 0 {
            let result = word.weakCompareExchange(
                expected: old, desired: old | Bit.held,
                successOrdering: .acquiring, failureOrdering: .relaxed)
            if result.exchanged { return true }
            old = result.original
        }
        return false
    }

    /// - Returns: false when the time is up.
    func acquire(
        until deadline: Deadline?, patience: Waiter.Patience = .interruptible, reason: @autoclosure () -> WaitReason
    ) throws(WaitInterrupted) -> Bool {
        if deadline == .passed { return tryTake() }
        let waiter = Waiter.current
        if patience == .interruptible { try waiter.checkInterrupt() }
        guard joinLine(waiter, reason: reason) else { return true }
        while true {
            guard try waiter.wait(until: deadline, patience: patience, withdraw: { withdraw(waiter) }) else {
                return false
            }
            if waiter.grantCode == Grant.ownership { return true }
            if retry(waiter, reason: reason) { return true }
        }
    }

    /// - Returns: false if the lock turned out to be free and is the caller's now.
    private func joinLine(_ waiter: Waiter, reason: () -> WaitReason) -> Bool {
        line.withLock { line in
            if !markQueued() { return false }
            waiter.begin(reason())
            line.waiters.append(waiter)
            return true
        }
    }

    /// Second try of a woken thread; back to the head of the line if somebody was faster.
    private func retry(_ waiter: Waiter, reason: () -> WaitReason) -> Bool {
        line.withLock { line in
            word.bitwiseAnd(~Bit.coming, ordering: .relaxed)
            if !markQueued() { return true }
            waiter.begin(reason())
            line.waiters.prepend(waiter)
            line.owesFirst = true
            return false
        }
    }

    /// Sets the bit that sends the holder to the line when it releases.
    /// - Returns: false if the lock was free; then it is the caller's.
    private func markQueued() -> Bool {
        var old = word.load(ordering: .relaxed)
        while true {
            let isFree = old & Bit.held == 0
            let result = word.weakCompareExchange(
                expected: old, desired: isFree ? old | Bit.held : old | Bit.queued,
                successOrdering: .acquiring, failureOrdering: .relaxed)
            if result.exchanged { return !isFree }
            old = result.original
        }
    }

    private func withdraw(_ waiter: Waiter) -> Bool {
        line.withLock { line in
            let wasFirst = line.waiters.isFirst(waiter)
            guard line.waiters.remove(waiter) else { return false }
            if wasFirst { line.owesFirst = false }
            if line.waiters.isEmpty { word.bitwiseAnd(~Bit.queued, ordering: .relaxed) }
            return true
        }
    }

    @usableFromInline
    func releaseSlowly() -> Bool {
        if forgiveRelease() { return true }
        var old = word.load(ordering: .relaxed)
        while old & Bit.held != 0 {
            if old & Bit.queued != 0, old & Bit.coming == 0 {
                passOn()
                return true
            }
            let result = word.weakCompareExchange(
                expected: old, desired: old & ~Bit.held,
                successOrdering: .releasing, failureOrdering: .relaxed)
            if result.exchanged { return true }
            old = result.original
        }
        return false
    }

    /// Releases a held lock with threads in line.
    private func passOn() {
        let list = line.withLock { line in
            var list = WakeList()
            guard let next = line.waiters.popFirst() else {
                // It left in between.
                word.bitwiseAnd(~Bit.held, ordering: .releasing)
                return list
            }
            var bits: UInt32 = word.load(ordering: .relaxed) & Bit.renounced
            if !line.waiters.isEmpty { bits |= Bit.queued }
            let owes = line.owesFirst
            line.owesFirst = false
            bits |= owes ? Bit.held : Bit.coming
            // Held by the caller and changed by nobody else: other bits change under the line's lock.
            word.store(bits, ordering: .releasing)
            list.grant(next, owes ? Grant.ownership : Grant.retry)
            return list
        }
        list.wakeAll()
    }

    // MARK: Giving up a lock that was to be taken back

    /// Notes that the calling thread could not take the lock back and will release it all the same, `count` times: on its way out
    /// it runs what it wrote for the case that it has the lock.
    func renounce(_ count: Int) {
        line.withLock { line in
            line.renounced.append((Waiter.current, count))
            word.bitwiseOr(Bit.renounced, ordering: .relaxed)
        }
    }

    /// Counts a release off what the calling thread has renounced.
    /// - Returns: false if it has renounced nothing.
    @usableFromInline
    func forgiveRelease() -> Bool {
        guard word.load(ordering: .relaxed) & Bit.renounced != 0 else { return false }
        let me = Waiter.current
        return line.withLock { line in
            guard let index = line.renounced.firstIndex(where: { $0.waiter === me }) else { return false }
            line.renounced[index].count -= 1
            if line.renounced[index].count == 0 { line.renounced.remove(at: index) }
            if line.renounced.isEmpty { word.bitwiseAnd(~Bit.renounced, ordering: .relaxed) }
            return true
        }
    }

    /// Takes the lock back for a thread that supposes to have it in what it does next. An interruption does not end that: the
    /// lock's holder is about to release it. A final one does, since there may be no end to it.
    /// - Throws: `WaitInterrupted`, after `renounce`.
    func takeBack(depth: Int, reason: @autoclosure () -> WaitReason) throws(WaitInterrupted) {
        if tryAcquire() { return }
        do {
            _ = try acquire(until: nil, patience: .untilInsisted, reason: reason())
        } catch {
            renounce(depth)
            throw error
        }
    }
}
