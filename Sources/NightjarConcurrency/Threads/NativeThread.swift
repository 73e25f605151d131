internal import Glibc

/// The system refused to start a thread.
public struct ThreadStartError: Error, Hashable, CustomStringConvertible {
    /// The system's error number, usually `EAGAIN`.
    public let code: Int32

    public var description: String {
        "can't start new thread: \(String(cString: strerror(code))) (error \(code))"
    }
}

/// A thread of the operating system.
///
/// The thread belongs to itself: nothing has to be joined, dropping the handle neither stops nor
/// waits for it, and the handle stays usable after the end. Thread-safe.
public final class NativeThread: Sendable {
    /// Bytes of stack unless told otherwise.
    public static let defaultStackSize = 1 << 20

    public let name: String
    private let completion = Completion<Void>(operation: "Thread.join")
    private let state = Guarded(State())
    /// Where the thread sleeps. Interrupting it interrupts the thread's waits.
    public let waiter = Waiter()

    private struct State {
        /// Set as long as the thread can be signalled.
        var handle: pthread_t?
        var nativeID: Int32?
    }

    private init(name: String) {
        self.name = name
    }

    /// Starts a thread.
    /// - Parameters:
    ///   - name: the system shows its first 15 bytes.
    ///   - stackSize: bytes; raised to what the system asks for at least.
    ///   - monitor: counts the thread, in the background; that of the calling thread, if not told otherwise. Give nil for a thread
    ///     that does nothing on which others wait.
    /// - Throws: `ThreadStartError`.
    public static func start(
        name: String, stackSize: Int = defaultStackSize, monitor: DeadlockMonitor? = .current,
        _ body: @escaping @Sendable () -> Void
    ) throws(ThreadStartError) -> NativeThread {
        let thread = NativeThread(name: name)
        thread.waiter.isMonitored(by: monitor, name: name)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, roundedStackSize(stackSize))
        let start = Unmanaged.passRetained(Start(thread: thread, body: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, &attributes,
            { argument in
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            thread.waiter.endMonitoring()
            start.release()
            throw ThreadStartError(code: code)
        }
        return thread
    }

    /// The thread's number in the system (`gettid`); `nil` until it runs.
    public var nativeID: Int32? { state.withLock { $0.nativeID } }
    public var isFinished: Bool { completion.isComplete }

    /// Waits until the body has returned.
    /// - Returns: false when the time was up first.
    @discardableResult
    public func join(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        try completion.wait(until: deadline) != nil
    }

    /// Waits until the body has returned without blocking a thread, for Swift's tasks.
    public func ended() async { await completion.result() }

    /// Calls back when the body has returned, on that thread.
    public func onFinish(_ callback: @escaping @Sendable () -> Void) {
        completion.onComplete { callback() }
    }

    /// Sends a signal of the operating system to the thread.
    /// - Returns: false if it has not begun or has ended; then nothing is sent.
    @discardableResult
    public func signal(_ number: Int32) -> Bool {
        // Under the lock, which the thread takes before it ends: the handle is valid.
        state.withLock { state in
            guard let handle = state.handle else { return false }
            return pthread_kill(handle, number) == 0
        }
    }

    /// The number that the system has for the calling thread.
    public static var currentNativeID: Int32 { SystemThread.currentID }

    /// Names the calling thread for the system: the first 15 bytes, cut between characters.
    public static func setCurrentName(_ name: String) {
        SystemThread.setCurrentName(name)
    }

    /// What a new thread needs to begin; it holds the thread object while the thread runs.
    private final class Start: Sendable {
        private let thread: NativeThread
        private let body: @Sendable () -> Void

        init(thread: NativeThread, body: @escaping @Sendable () -> Void) {
            self.thread = thread
            self.body = body
        }

        func run() {
            ThreadWaiter.install(thread.waiter)
            NativeThread.setCurrentName(thread.name)
            thread.state.withLock { state in
                state.handle = pthread_self()
                state.nativeID = SystemThread.currentID
            }
            thread.completion.isTakenOn()
            body()
            thread.state.withLock { $0.handle = nil }
            thread.completion.complete(())
            thread.waiter.endMonitoring()
        }
    }

    private static func roundedStackSize(_ size: Int) -> Int {
        let page = sysconf(CInt(_SC_PAGESIZE))
        let least = max(size, sysconf(CInt(_SC_THREAD_STACK_MIN)))
        return (least + page - 1) / page * page
    }
}
