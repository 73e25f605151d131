extension Future {
    /// The result, for Swift's tasks: suspends until the future is done.
    ///
    /// Cancelling the task ends its wait and leaves the future alone, on which others may wait; `cancel()` cancels the work.
    /// - Throws: the error of the work, `FutureError.cancelled`, or `CancellationError` if the task was cancelled first.
    public var value: Value {
        get async throws {
            let arrival = Arrival<Value>()
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    arrival.expect(continuation)
                    onDone { future in
                        if let outcome = future.outcome { arrival.arrive(outcome) }
                    }
                }
            } onCancel: {
                arrival.arrive(.failure(CancellationError()))
            }
        }
    }
}

/// Brings one outcome to one continuation, whichever comes first.
private final class Arrival<Value: Sendable>: Sendable {
    private enum State {
        case new
        case expected(CheckedContinuation<Value, any Error>)
        case arrived(Result<Value, any Error>)
        case over
    }

    private let state = Guarded(State.new)

    func expect(_ continuation: CheckedContinuation<Value, any Error>) {
        let early = state.withLock { state -> Result<Value, any Error>? in
            guard case .arrived(let outcome) = state else {
                state = .expected(continuation)
                return nil
            }
            state = .over
            return outcome
        }
        if let early { continuation.resume(with: early) }
    }

    /// The first outcome counts; later ones are ignored.
    func arrive(_ outcome: Result<Value, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .new:
                state = .arrived(outcome)
                return nil
            case .expected(let continuation):
                state = .over
                return continuation
            case .arrived, .over: return nil
            }
        }
        waiting?.resume(with: outcome)
    }
}
