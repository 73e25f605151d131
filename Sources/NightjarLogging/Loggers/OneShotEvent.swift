internal import Glibc

/// Something that happens once and can be waited for.
final class OneShotEvent: Sendable {
    private struct Storage {
        var mutex = pthread_mutex_t()
        var condition = pthread_cond_t()
        var happened = false
    }

    // Made in `init`, destroyed in `deinit`, never moved; `happened` is only touched under the mutex.
    private nonisolated(unsafe) let storage: UnsafeMutablePointer<Storage>

    init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_mutex_init(&storage.pointee.mutex, nil)
        pthread_cond_init(&storage.pointee.condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(&storage.pointee.condition)
        pthread_mutex_destroy(&storage.pointee.mutex)
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    func signal() {
        pthread_mutex_lock(&storage.pointee.mutex)
        storage.pointee.happened = true
        pthread_cond_broadcast(&storage.pointee.condition)
        pthread_mutex_unlock(&storage.pointee.mutex)
    }

    /// - Returns: false if it has not happened after `timeout`.
    func wait(timeout: Duration) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, attoseconds) = timeout.components
        deadline.tv_nsec += Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(seconds) + deadline.tv_nsec / 1_000_000_000
        deadline.tv_nsec %= 1_000_000_000
        pthread_mutex_lock(&storage.pointee.mutex)
        defer { pthread_mutex_unlock(&storage.pointee.mutex) }
        while !storage.pointee.happened {
            let status = pthread_cond_timedwait(&storage.pointee.condition, &storage.pointee.mutex, &deadline)
            if status == ETIMEDOUT { return storage.pointee.happened }
        }
        return true
    }
}
