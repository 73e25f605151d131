import CLuaSupport
import Glibc
import Synchronization

/// One thread for all deadlines of all interpreters, started with the first.
final class Watchdog: Sendable {
    static let shared = Watchdog()

    /// A scheduled action. Cancelling is harmless at any time; the action may be running already.
    struct Timer: Sendable {
        fileprivate let watchdog: Watchdog
        fileprivate let id: UInt64
        func cancel() { watchdog.cancel(id) }
    }

    private struct Entry {
        let id: UInt64
        let due: UInt64
        let action: @Sendable () -> Void
    }

    private struct Schedule {
        /// Sorted, the next one last.
        var entries: [Entry] = []
        var nextID: UInt64 = 0
        var isRunning = false
    }

    // Both live for ever, at fixed addresses, and are used as POSIX says: the schedule only under the mutex.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let schedule = UnsafeMutablePointer<Schedule>.allocate(capacity: 1)

    private init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        schedule.initialize(to: Schedule())
    }

    private func locked<Result>(_ body: (inout Schedule) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&schedule.pointee)
    }

    @discardableResult
    func schedule(after seconds: Double, _ action: @escaping @Sendable () -> Void) -> Timer {
        schedule(at: Watchdog.now() &+ Watchdog.nanoseconds(seconds), action)
    }

    /// - Parameter due: nanoseconds on the monotonic clock.
    @discardableResult
    func schedule(at due: UInt64, _ action: @escaping @Sendable () -> Void) -> Timer {
        let id = locked { schedule -> UInt64 in
            schedule.nextID += 1
            let entry = Entry(id: schedule.nextID, due: due, action: action)
            let place = schedule.entries.firstIndex { $0.due <= due } ?? schedule.entries.endIndex
            schedule.entries.insert(entry, at: place)
            if !schedule.isRunning {
                schedule.isRunning = true
                startThread()
            }
            pthread_cond_signal(condition)
            return entry.id
        }
        return Timer(watchdog: self, id: id)
    }

    private func cancel(_ id: UInt64) {
        locked { schedule in schedule.entries.removeAll { $0.id == id } }
    }

    private func startThread() {
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // Signals of the application are for its own threads.
        var all = sigset_t(), previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        let status = pthread_create(
            &thread, &attributes,
            { _ in
                nj_name_thread("nightjar-timer")
                Watchdog.shared.run()
            }, nil)
        pthread_sigmask(SIG_SETMASK, &previous, nil)
        precondition(status == 0, "no thread for deadlines: error \(status)")
    }

    private func run() -> Never {
        while true { takeDue()() }
    }

    /// Waits for the next action that is due. It runs outside the mutex.
    private func takeDue() -> @Sendable () -> Void {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            // The schedule is looked at anew after each wait: no access to it may last while the mutex is given up.
            guard let due = schedule.pointee.entries.last?.due else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            if due <= Watchdog.now() { return schedule.pointee.entries.removeLast().action }
            var time = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
            pthread_cond_timedwait(condition, mutex, &time)
        }
    }

    /// Seconds as nanoseconds: none for a negative value or NaN, thirty years for more than that.
    static func nanoseconds(_ seconds: Double) -> UInt64 { seconds > 0 ? UInt64(min(seconds, 1e9) * 1e9) : 0 }

    /// Nanoseconds on the monotonic clock.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
