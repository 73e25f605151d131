internal import Glibc

/// A job given to a `WorkerPool`. Thread-safe; dropping it changes nothing for the job.
public final class WorkerJob: Sendable {
    /// Success when the job has run, failure when its resource could not be made.
    public typealias Outcome = Result<Void, any Error>

    public let name: String
    /// What the job's waits park on. It serves this job alone: interrupting it late hits no other.
    public let waiter = Waiter()
    private let completion = Completion<Outcome>(operation: "Thread.join")
    private let state = Guarded(State())

    private struct State {
        /// Set while the job is on its thread.
        var handle: pthread_t?
        var nativeID: Int32?
    }

    init(name: String) {
        self.name = name
    }

    /// The number that the system has for the job's thread; `nil` until the job runs.
    public var nativeID: Int32? { state.withLock { $0.nativeID } }
    public var isFinished: Bool { completion.isComplete }

    /// Waits until the job has run and its resource is destroyed.
    /// - Returns: `nil` when the time was up first.
    public func wait(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Outcome? {
        try completion.wait(until: deadline)
    }

    /// Waits for the end without blocking a thread, for Swift's tasks.
    public func outcome() async -> Outcome { await completion.result() }

    /// Calls back when the job has ended, on its thread.
    public func onFinish(_ callback: @escaping @Sendable (Outcome) -> Void) {
        completion.onComplete(callback)
    }

    /// Sends a signal of the operating system to the thread while it runs this job.
    /// - Returns: false if the job has not begun or has ended; then nothing is sent.
    @discardableResult
    public func signal(_ number: Int32) -> Bool {
        // Under the lock, which the worker takes before it turns to anything else.
        state.withLock { state in
            guard let handle = state.handle else { return false }
            return pthread_kill(handle, number) == 0
        }
    }

    func begin() {
        ThreadWaiter.install(waiter)
        NativeThread.setCurrentName(name)
        state.withLock { state in
            state.handle = pthread_self()
            state.nativeID = SystemThread.currentID
        }
    }

    func end(_ outcome: Outcome) {
        state.withLock { $0.handle = nil }
        completion.complete(outcome)
        waiter.endMonitoring()
    }
}
