internal import Glibc
internal import Synchronization

/// A lock that its owner may take again. Handlers hold it while they emit, and so does what scripts wrote while it is called.
///
/// Handlers that log to each other, on two threads, would wait for each other for good. Who finds that out is refused.
public final class HandlerLock: Sendable {
    let place = HandlerLockPlace()

    public init() {}

    deinit { place.free() }

    /// Waits for the lock, however long.
    public func acquire() { place.acquire() }

    /// Waits for the lock.
    /// - Throws: a `LoggingError` of kind `.runtime` if whoever has it waits for this very thread.
    public func acquireUnlessDeadlocked() throws { try place.acquire(by: ThreadState.current) }

    public func tryAcquire() -> Bool { place.tryAcquire() }

    /// Whether the calling thread has it.
    var isHeldHere: Bool { place.isHeld(by: ThreadState.current) }

    public func release() { place.release() }

    @inline(__always)
    public func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        place.acquire()
        defer { place.release() }
        return try body()
    }

    /// Runs what may log on a thread that has the lock of a filter, formatter or handler of a script.
    public static func whileHeld<Result>(_ body: () throws -> Result) rethrows -> Result {
        let thread = ThreadState.current
        thread.locksOfScripts += 1
        defer { thread.locksOfScripts -= 1 }
        return try body()
    }
}

/// A lock as the way of a record sees it: an object would be counted, atomically, around each call.
///
/// Valid as long as the `HandlerLock` that it belongs to.
// Sendable: the mutex is only ever passed to pthread functions, which may be called from any thread; `depth` is touched by the thread that
// has the lock.
struct HandlerLockPlace: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Storage>

    private struct Storage: ~Copyable {
        var mutex = pthread_mutex_t()
        /// The thread that has the lock; 0 for none.
        let holder = Atomic<UInt>(0)
        /// How often it has taken it.
        var depth = 0
    }

    fileprivate init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        let status = pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
        precondition(status == 0, "NightjarLogging: pthread_mutex_init failed with \(status)")
    }

    /// To be called once at the end.
    fileprivate func free() {
        pthread_mutex_destroy(mutex)
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    private var mutex: UnsafeMutablePointer<pthread_mutex_t> {
        // The first of the fields: its address is the structure's.
        UnsafeMutableRawPointer(storage).assumingMemoryBound(to: pthread_mutex_t.self)
    }

    func acquire() {
        let thread = ThreadState.current
        if pthread_mutex_trylock(mutex) != 0 { _ = wait(thread, maySurrender: false) }
        note(thread)
    }

    /// - Throws: if whoever has the lock waits for this very thread.
    @inline(__always)
    func acquire(by thread: ThreadState) throws(LoggingError) {
        if pthread_mutex_trylock(mutex) != 0 { try waitUnlessDeadlocked(thread) }
        note(thread)
    }

    func tryAcquire() -> Bool {
        guard pthread_mutex_trylock(mutex) == 0 else { return false }
        note(ThreadState.current)
        return true
    }

    func isHeld(by thread: ThreadState) -> Bool { storage.pointee.holder.load(ordering: .relaxed) == thread.token }

    @inline(__always)
    func release() {
        storage.pointee.depth -= 1
        if storage.pointee.depth == 0 { storage.pointee.holder.store(0, ordering: .relaxed) }
        pthread_mutex_unlock(mutex)
    }

    @inline(__always)
    private func note(_ thread: ThreadState) {
        storage.pointee.depth += 1
        storage.pointee.holder.store(thread.token, ordering: .relaxed)
    }

    // MARK: Waiting

    /// What threads wait for: addresses of `Storage`, which stay valid meanwhile because who waits has the lock.
    private static let waits = Mutex<[UInt: UInt]>([:])

    // Apart, so that what always happens is short.
    @inline(never)
    private func waitUnlessDeadlocked(_ thread: ThreadState) throws(LoggingError) {
        if wait(thread, maySurrender: true) { return }
        throw LoggingError(.runtime, "another thread is inside of it, and waits for what this one is inside of")
    }

    /// Waits, and looks now and then whether it is in vain.
    /// - Returns: false if it is, and the caller did not get the lock.
    @inline(never)
    private func wait(_ thread: ThreadState, maySurrender: Bool) -> Bool {
        var slice = 0.002
        // Most waits are over by then, and nobody needs to know of them.
        if takes(within: slice) { return true }
        let token = thread.token
        Self.waits.withLock { $0[token] = UInt(bitPattern: storage) }
        repeat {
            if maySurrender, Self.surrenders(token) { return false }
            slice = min(slice * 2, 1)
        } while !takes(within: slice)
        Self.waits.withLock { _ = $0.removeValue(forKey: token) }
        return true
    }

    /// Whether somebody has been waiting for more than a moment.
    var isAwaited: Bool {
        let address = UInt(bitPattern: storage)
        return Self.waits.withLock { $0.values.contains(address) }
    }

    private func takes(within seconds: Double) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(seconds * 1e9)
        deadline.tv_sec += nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        return pthread_mutex_timedlock(mutex, &deadline) == 0
    }

    /// Whether the thread waits, over others, for itself. Then its wait has ended: the next one in the circle finds none any more.
    private static func surrenders(_ token: UInt) -> Bool {
        waits.withLock { waits in
            var thread = token
            // The way may lead into a circle of others.
            for _ in waits {
                guard let storage = UnsafeMutablePointer<Storage>(bitPattern: waits[thread] ?? 0) else { return false }
                thread = storage.pointee.holder.load(ordering: .relaxed)
                guard thread == token else { continue }
                waits[token] = nil
                return true
            }
            return false
        }
    }
}
