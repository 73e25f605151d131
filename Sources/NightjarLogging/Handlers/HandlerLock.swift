internal import Glibc
internal import Synchronization

/// A lock that its owner may take again. Handlers hold it while they emit, and so does what scripts wrote while it is called.
///
/// Handlers that log to each other, on two threads, would wait for each other for good. Who finds that out is refused.
public final class HandlerLock: Sendable {
    // The mutex is made in `init`, destroyed in `deinit`, never moved, and only ever passed to pthread functions,
    // which may be called from any thread.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    /// The thread that has the lock; 0 for none.
    private let holder = Atomic<UInt>(0)
    /// How often the holder has taken it. Touched by nobody else.
    private nonisolated(unsafe) var depth = 0

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

    /// Waits for the lock, however long.
    public func acquire() {
        let thread = ThreadState.current
        if pthread_mutex_trylock(mutex) != 0 { _ = wait(thread, maySurrender: false) }
        noteHolder(thread)
    }

    /// Waits for the lock.
    /// - Throws: a `LoggingError` of kind `.runtime` if whoever has it waits for this very thread.
    public func acquireUnlessDeadlocked() throws { try acquire(by: ThreadState.current) }

    @inline(__always)
    func acquire(by thread: ThreadState) throws(LoggingError) {
        if pthread_mutex_trylock(mutex) != 0, !wait(thread, maySurrender: true) {
            throw LoggingError(.runtime, "another thread is inside of it, and waits for what this one is inside of")
        }
        noteHolder(thread)
    }

    public func tryAcquire() -> Bool {
        guard pthread_mutex_trylock(mutex) == 0 else { return false }
        noteHolder(ThreadState.current)
        return true
    }

    public func release() {
        depth -= 1
        if depth == 0 { holder.store(0, ordering: .relaxed) }
        pthread_mutex_unlock(mutex)
    }

    @inline(__always)
    public func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        acquire()
        defer { release() }
        return try body()
    }

    /// Runs what may log on a thread that has the lock of a filter, formatter or handler of a script.
    public static func whileHeld<Result>(_ body: () throws -> Result) rethrows -> Result {
        let thread = ThreadState.current
        thread.locksOfScripts += 1
        defer { thread.locksOfScripts -= 1 }
        return try body()
    }

    @inline(__always)
    private func noteHolder(_ thread: ThreadState) {
        depth += 1
        holder.store(thread.token, ordering: .relaxed)
    }

    // MARK: Waiting

    /// The locks that threads wait for.
    private static let waits = Mutex<[UInt: HandlerLock]>([:])

    /// Waits, and looks now and then whether it is in vain.
    /// - Returns: false if it is, and the caller did not get the lock.
    @inline(never)
    private func wait(_ thread: ThreadState, maySurrender: Bool) -> Bool {
        var slice = 0.002
        // Most waits are over by then, and nobody needs to know of them.
        if takes(within: slice) { return true }
        let token = thread.token
        HandlerLock.waits.withLock { $0[token] = self }
        repeat {
            if maySurrender, surrenders(token) { return false }
            slice = min(slice * 2, 1)
        } while !takes(within: slice)
        HandlerLock.waits.withLock { _ = $0.removeValue(forKey: token) }
        return true
    }

    /// Whether somebody has been waiting for more than a moment.
    var isAwaited: Bool { HandlerLock.waits.withLock { $0.values.contains { $0 === self } } }

    private func takes(within seconds: Double) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(seconds * 1e9)
        deadline.tv_sec += nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        return pthread_mutex_timedlock(mutex, &deadline) == 0
    }

    /// Whether the thread waits, over others, for itself. Then its wait has ended: the next one in the circle finds none any more.
    private func surrenders(_ token: UInt) -> Bool {
        HandlerLock.waits.withLock { waits in
            var thread = token
            // The way may lead into a circle of others.
            for _ in waits {
                guard let lock = waits[thread] else { return false }
                thread = lock.holder.load(ordering: .relaxed)
                guard thread == token else { continue }
                waits[token] = nil
                return true
            }
            return false
        }
    }
}
