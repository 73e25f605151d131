public import Synchronization

/// The lock inside every primitive: for critical sections of a few dozen instructions.
///
/// One compare-and-exchange when free, a short spin when not, then sleep. Not fair, not
/// interruptible: nobody may block or call foreign code while holding it.
/// `Synchronization.Mutex` is not used because on Linux it is a priority-inheriting futex, which
/// hands over in the kernel on every contended release and is invisible to ThreadSanitizer.
@usableFromInline
struct ShortLock: ~Copyable, Sendable {
    @usableFromInline static var free: UInt32 { 0 }
    @usableFromInline static var held: UInt32 { 1 }
    /// Held, and somebody may sleep in the room.
    @usableFromInline static var crowded: UInt32 { 2 }

    @usableFromInline let word = Atomic<UInt32>(0)
    private let room = SleepingRoom()

    @usableFromInline init() {}

    @inlinable @inline(__always)
    func lock() {
        if !tryLock() { lockSlowly() }
    }

    @inlinable @inline(__always)
    func tryLock() -> Bool {
        word.compareExchange(
            expected: Self.free, desired: Self.held,
            successOrdering: .acquiring, failureOrdering: .relaxed
        ).exchanged
    }

    @inlinable @inline(__always)
    func unlock() {
        if word.exchange(Self.free, ordering: .releasing) == Self.crowded { wakeOne() }
    }

    @usableFromInline @inline(never)
    func lockSlowly() {
        var spin = Spin(.short)
        while spin.next() {
            if word.load(ordering: .relaxed) == Self.free, tryLock() { return }
        }
        room.lock()
        while word.exchange(Self.crowded, ordering: .acquiring) != Self.free {
            _ = room.sleep(until: nil)
        }
        room.unlock()
    }

    @usableFromInline @inline(never)
    func wakeOne() {
        // Through the mutex: a thread between its look at the word and its sleep holds it.
        room.lock()
        room.wakeOne()
        room.unlock()
    }
}
