internal import CThreadSupport
internal import Glibc

/// Keeps the waiter of each thread in a thread-specific slot of the system, which lets go of it
/// when the thread ends.
@usableFromInline
enum ThreadWaiter {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key) { slot in
            if let slot { Unmanaged<Waiter>.fromOpaque(slot).release() }
        }
        precondition(code == 0, "no thread-specific slot left")
        return key
    }()

    static var current: Waiter {
        if let slot = pthread_getspecific(key) {
            return Unmanaged<Waiter>.fromOpaque(slot).takeUnretainedValue()
        }
        return install(Waiter())
    }

    /// The number of the calling thread's waiter, which is what identifies the thread.
    @usableFromInline
    static var currentNumber: UInt {
        let number = nj_thread_number()
        return number != 0 ? number : firstNumber()
    }

    // Apart, so that the way above needs no registers saved.
    @inline(never)
    private static func firstNumber() -> UInt { install(Waiter()).number }

    /// Gives the calling thread another waiter. A thread that does unrelated jobs one after the
    /// other takes a fresh one for each, so that an interrupt meant for one never hits the next.
    @discardableResult
    static func install(_ waiter: Waiter) -> Waiter {
        let old = pthread_getspecific(key)
        pthread_setspecific(key, Unmanaged.passRetained(waiter).toOpaque())
        nj_set_thread_number(waiter.number)
        if let old { Unmanaged<Waiter>.fromOpaque(old).release() }
        return waiter
    }
}
