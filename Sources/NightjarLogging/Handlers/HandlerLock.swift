internal import Glibc

/// A lock that its owner may take again. Handlers hold it while they emit.
public final class HandlerLock: Sendable {
    // The mutex is made in `init`, destroyed in `deinit`, never moved, and only ever passed to pthread functions,
    // which may be called from any thread.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>

    public init() {
        mutex = .allocate(capacity: 1)
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        let status = pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
        precondition(status == 0, "NightjarLogging: pthread_mutex_init failed with \(status)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    public func acquire() { pthread_mutex_lock(mutex) }
    public func tryAcquire() -> Bool { pthread_mutex_trylock(mutex) == 0 }
    public func release() { pthread_mutex_unlock(mutex) }

    @inline(__always)
    public func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
