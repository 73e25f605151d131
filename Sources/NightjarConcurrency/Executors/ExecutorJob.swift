/// Work in an executor's queue, with the future of its result.
@usableFromInline
final class ExecutorJob: Sendable {
    /// Does the work with a worker's context, calls the function while nobody has seen the result yet, and ends the future.
    ///
    /// A closure and no method of a generic subclass, which would not know the type of the result at run time.
    @usableFromInline typealias Work = @Sendable (Any, () -> Void) -> FutureRelease?

    let future: AnyFuture
    private let work: Work

    @usableFromInline
    init(_ future: AnyFuture, _ work: @escaping Work) {
        self.future = future
        self.work = work
    }

    /// Takes the work up, on the thread that does it.
    /// - Returns: false if there is nothing to do, since the future was cancelled or has a result.
    func begin() -> Bool { (try? future.begin()) ?? false }

    /// - Returns: what follows; nil if somebody else has ended the future meanwhile.
    func run(_ context: Any, beforeResult: () -> Void) -> FutureRelease? { work(context, beforeResult) }

    /// Cancels the future, and notices that for those who wait.
    func cancel() {
        if future.cancel() { _ = begin() }
    }

    /// Ends the future with an error instead of doing the work. Those who wait for a cancelled one are told.
    func fail(_ error: any Error) {
        if begin() { future.fail(error) }
    }
}
