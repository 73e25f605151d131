internal import Glibc
internal import Synchronization

/// A mutex and a condition variable of the system, at an address that never changes.
///
/// Everything in this library that puts a thread to sleep does it here. There is a room in every lock and every waiter, and few are ever
/// entered, so one is furnished when the first thread comes. Errors of the calls mean a programming error (bad address,
/// wrong owner) and trap.
// Sendable although it holds a pointer: it is set once, and what it points at is made to be shared between threads.
struct SleepingRoom: ~Copyable, @unchecked Sendable {
    private struct Furniture {
        var mutex = pthread_mutex_t()
        var condition = pthread_cond_t()
    }
    private let furniture = Atomic<UnsafeMutablePointer<Furniture>?>(nil)

    deinit {
        if let made = furniture.load(ordering: .acquiring) { Self.clear(made) }
    }

    func lock() { check(pthread_mutex_lock(mutex(of: entered()))) }
    func unlock() { check(pthread_mutex_unlock(mutex(of: entered()))) }
    func wakeOne() { check(pthread_cond_signal(condition(of: entered()))) }

    /// Sleeps with the mutex released. May return without cause.
    /// - Returns: false once the deadline has passed.
    func sleep(until deadline: Deadline?) -> Bool {
        let made = entered()
        guard let deadline else {
            check(pthread_cond_wait(condition(of: made), mutex(of: made)))
            return true
        }
        var time = deadline.systemTime
        let code = pthread_cond_timedwait(condition(of: made), mutex(of: made), &time)
        if code == ETIMEDOUT { return false }
        check(code)
        return true
    }

    private func mutex(of made: UnsafeMutablePointer<Furniture>) -> UnsafeMutablePointer<pthread_mutex_t> {
        made.pointer(to: \.mutex)!
    }

    private func condition(of made: UnsafeMutablePointer<Furniture>) -> UnsafeMutablePointer<pthread_cond_t> {
        made.pointer(to: \.condition)!
    }

    private func entered() -> UnsafeMutablePointer<Furniture> {
        furniture.load(ordering: .acquiring) ?? furnish()
    }

    /// Several may come at once: one of them furnishes for all.
    private func furnish() -> UnsafeMutablePointer<Furniture> {
        let made = Self.make()
        let (isFirst, others) = furniture.compareExchange(
            expected: nil, desired: made, ordering: .acquiringAndReleasing)
        guard !isFirst, let others else { return made }
        Self.clear(made)
        return others
    }

    private static func make() -> UnsafeMutablePointer<Furniture> {
        let made = UnsafeMutablePointer<Furniture>.allocate(capacity: 1)
        made.initialize(to: Furniture())
        check(pthread_mutex_init(made.pointer(to: \.mutex)!, nil))
        var attributes = pthread_condattr_t()
        check(pthread_condattr_init(&attributes))
        check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC))
        check(pthread_cond_init(made.pointer(to: \.condition)!, &attributes))
        pthread_condattr_destroy(&attributes)
        return made
    }

    private static func clear(_ made: UnsafeMutablePointer<Furniture>) {
        pthread_cond_destroy(made.pointer(to: \.condition)!)
        pthread_mutex_destroy(made.pointer(to: \.mutex)!)
        made.deallocate()
    }
}

@inline(__always)
private func check(_ code: CInt) {
    precondition(code == 0, "a call of the system's thread library failed")
}
