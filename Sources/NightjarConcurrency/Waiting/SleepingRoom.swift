internal import Glibc

/// A mutex and a condition variable of the system, at an address that never changes.
///
/// Everything in this library that puts a thread to sleep does it here.
/// Errors of the calls mean a programming error (bad address, wrong owner) and trap.
// Sendable although it holds pointers: they are set once, and what they point at is made to be
// shared between threads.
struct SleepingRoom: ~Copyable, @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        check(pthread_mutex_init(mutex, nil))
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        check(pthread_condattr_init(&attributes))
        check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC))
        check(pthread_cond_init(condition, &attributes))
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { check(pthread_mutex_lock(mutex)) }
    func unlock() { check(pthread_mutex_unlock(mutex)) }
    func wakeOne() { check(pthread_cond_signal(condition)) }

    /// Sleeps with the mutex released. May return without cause.
    /// - Returns: false once the deadline has passed.
    func sleep(until deadline: Deadline?) -> Bool {
        guard let deadline else {
            check(pthread_cond_wait(condition, mutex))
            return true
        }
        var time = deadline.systemTime
        let code = pthread_cond_timedwait(condition, mutex, &time)
        if code == ETIMEDOUT { return false }
        check(code)
        return true
    }
}

@inline(__always)
private func check(_ code: CInt) {
    precondition(code == 0, "a call of the system's thread library failed")
}
