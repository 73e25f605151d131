/// Work in an executor's queue, with the future of its result.
// Sendable although it can be subclassed, here alone: `FutureJob` adds what is Sendable.
class ExecutorJob: @unchecked Sendable {
    let future: AnyFuture

    init(_ future: AnyFuture) { self.future = future }

    /// Takes the work up, on the thread that does it.
    /// - Returns: false if there is nothing to do, since the future was cancelled or has a result.
    func begin() -> Bool { (try? future.begin()) ?? false }

    /// Does the work, calls `beforeResult` while nobody has seen the result yet, and ends the future.
    /// - Returns: what follows; nil if somebody else has ended the future meanwhile.
    func run(_ context: Any, beforeResult: () -> Void) -> FutureRelease? { nil }

    /// Cancels the future, and notices that for those who wait.
    func cancel() {
        if future.cancel() { _ = begin() }
    }

    /// Ends the future with an error instead of doing the work. Those who wait for a cancelled one are told.
    func fail(_ error: any Error) {
        if begin() { future.fail(error) }
    }
}

/// The job with a certain kind of result.
final class FutureJob<Context, Value: Sendable>: ExecutorJob, @unchecked Sendable {
    private let typed: Future<Value>
    private let body: @Sendable (Context) throws -> Value

    init(_ future: Future<Value>, _ body: @escaping @Sendable (Context) throws -> Value) {
        typed = future
        self.body = body
        super.init(future)
    }

    override func run(_ context: Any, beforeResult: () -> Void) -> FutureRelease? {
        // The executor that took the job has workers with this context.
        guard let context = context as? Context else { preconditionFailure("a job on a worker of another executor") }
        let outcome = Result { try body(context) }
        beforeResult()
        return try? typed.resolve(outcome)
    }
}
