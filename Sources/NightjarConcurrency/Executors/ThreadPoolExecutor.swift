/// Threads that do jobs one after the other: Python's `concurrent.futures.ThreadPoolExecutor`.
///
/// Each worker has a context for its life, such as an interpreter or a connection, and uses it on its own thread. Workers are
/// started when there is work and none is idle, up to a limit. Letting go of the executor ends the workers after the jobs that were
/// submitted. Thread-safe.
///
/// ```swift
/// let executor = ThreadPoolExecutor(maxWorkers: 4)
/// let future = try executor.submit { slowSum(of: numbers) }
/// print(try await future.value)
/// ```
/// Source: https://docs.python.org/3.14/library/concurrent.futures.html#threadpoolexecutor
public final class ThreadPoolExecutor<Context>: Sendable {
    @usableFromInline let core: ExecutorCore

    /// - Parameter start: gives the worker a thread: it has to call `run` there with the worker's context, and `retire` at the end.
    ///   It throws if there is no thread to be had.
    public init(
        _ options: ThreadPoolOptions<Context> = ThreadPoolOptions(),
        start: @escaping @Sendable (ExecutorWorker<Context>) throws -> Void
    ) {
        var initialize: (@Sendable (Any) throws -> Void)?
        if let typed = options.initialize { initialize = { context in try typed(Self.typed(context)) } }
        let onIdle = options.onIdle.map { action in
            ThreadPoolOptions<Any>.IdleAction(after: action.delay) { context in action.body(Self.typed(context)) }
        }
        core = ExecutorCore(
            ExecutorCore.Plan(
                maxWorkers: options.maxWorkers, namePrefix: options.namePrefix,
                start: { member in try start(ExecutorWorker(member: member)) }, initialize: initialize, onIdle: onIdle))
    }

    /// Workers get their context from `start`, which has the right type.
    @inlinable
    static func typed(_ context: Any) -> Context {
        guard let context = context as? Context else { preconditionFailure("a context of another executor") }
        return context
    }

    deinit { core.close(.shutDown) }

    /// Puts a job into the queue.
    /// - Throws: `ExecutorError`.
    @inlinable
    public func submit<Value: Sendable>(
        _ body: @escaping @Sendable (Context) throws -> Value
    ) throws(ExecutorError) -> Future<Value> {
        let future = Future<Value>()
        let job = ExecutorJob(future) { context, beforeResult in
            let outcome = Result { try body(Self.typed(context)) }
            beforeResult()
            return try? future.resolve(outcome)
        }
        try core.add(job)
        return future
    }

    /// Takes no more jobs; the workers end when the queue is empty. Waits for nothing.
    /// - Parameter cancelPending: cancels what no worker has begun.
    public func shutdown(cancelPending: Bool = false) {
        core.close(.shutDown)
        if cancelPending { core.cancelPending() }
    }

    /// As `shutdown`, at the end of the program: jobs that come later hear of that.
    public func finish() { core.close(.finishing) }

    /// Waits until the executor, which somebody has shut down, is out of work and its workers' threads have ended.
    /// - Returns: false when the time was up first.
    public func wait(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        try core.ended.wait(until: deadline) != nil
    }

    /// Whether the calling thread is one of the workers.
    public var isOnWorker: Bool { core.state.withLock { $0.workers.contains { $0.thread == .current } } }
    public var isShutDown: Bool { core.state.withLock { $0.phase != .open } }
    public var maxWorkers: Int { core.plan.maxWorkers }
    /// Workers that have not ended.
    public var workerCount: Int { core.state.withLock { $0.workers.count } }
    /// Jobs that no worker has taken.
    public var pendingJobs: Int { core.state.withLock { $0.pendingJobs } }
}

extension ThreadPoolExecutor where Context == Void {
    /// An executor whose workers are plain threads.
    public convenience init(maxWorkers: Int = ThreadPoolDefaults.maxWorkers, namePrefix: String = "ThreadPoolExecutor")
    {
        self.init(ThreadPoolOptions(maxWorkers: maxWorkers, namePrefix: namePrefix)) { worker in
            _ = try NativeThread.start(name: worker.name) {
                worker.run(())
                worker.retire()
            }
        }
    }

    /// Puts a job into the queue.
    /// - Throws: `ExecutorError`.
    @inlinable
    public func submit<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) throws(ExecutorError) -> Future<Value> {
        try submit { (_: Void) in try body() }
    }
}
