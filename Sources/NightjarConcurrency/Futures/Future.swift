/// The result of work that is done elsewhere: Python's `concurrent.futures.Future`.
///
/// Any number of threads and tasks may wait for it: with `wait` or `result`, or with `await` on `value`. Whoever does the work calls
/// `begin` and then `finish`, once each. Callbacks run outside the lock, in the order in which they were added, on the thread that
/// ends the future, or at once on the caller's when it is done already. Thread-safe.
///
/// Inlinable, so that nothing generic is left to run time where the type is known.
///
/// Source: https://docs.python.org/3.14/library/concurrent.futures.html#future-objects
// Sendable: `stored` is written once, under the lock of the life, and read after the end that this lock has published.
public final class Future<Value: Sendable>: AnyFuture, @unchecked Sendable {
    @usableFromInline nonisolated(unsafe) var stored: Result<Value, any Error>?

    @inlinable public override init() {}

    /// The result or the error; nil until the future is done. A cancelled one has `FutureError.cancelled`.
    @inlinable
    public var outcome: Result<Value, any Error>? {
        switch status {
        case .pending, .running: nil
        case .cancelled, .cancelledAndNotified: .failure(FutureError.cancelled)
        case .finished: stored
        }
    }

    /// Waits until the future is done.
    /// - Returns: nil when the time was up first.
    @inlinable
    public func wait(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Result<Value, any Error>? {
        try waitForEnd(until: deadline) ? outcome : nil
    }

    /// Waits for the result.
    /// - Throws: the error of the work, `FutureError.cancelled`, `FutureError.timeout`, `WaitInterrupted`.
    @inlinable
    public func result(until deadline: Deadline? = nil) throws -> Value {
        guard let outcome = try wait(until: deadline) else { throw FutureError.timeout }
        return try outcome.get()
    }

    /// Calls back when the future is done, however it ends.
    @inlinable
    public func onDone(_ callback: @escaping @Sendable (Future<Value>) -> Void) {
        // It is this very future that calls.
        onEnd { callback(unsafeDowncast($0, to: Future<Value>.self)) }
    }

    /// Ends the future with a result or an error.
    /// - Throws: `FutureError.invalidState` if it is done or cancelled.
    @inlinable
    public func finish(_ outcome: Result<Value, any Error>) throws(FutureError) {
        carryOut(try resolve(outcome))
    }

    /// As `finish`, but what follows is the caller's to carry out.
    @inlinable
    func resolve(_ outcome: Result<Value, any Error>) throws(FutureError) -> FutureRelease {
        var isFailure = false
        if case .failure = outcome { isFailure = true }
        return try end(isFailure: isFailure) { stored = outcome }
    }

    @usableFromInline
    override func fail(_ error: any Error) { try? finish(.failure(error)) }
}
