/// Why a future has no result to give, or refuses a step.
public enum FutureError: Error, Hashable, CustomStringConvertible {
    /// The future was cancelled before its work began.
    case cancelled
    /// The time was up before the future was done.
    case timeout
    /// A result was set that has one, or that was cancelled.
    case invalidState(FutureStatus)
    /// The work was begun twice, or after its end.
    case unexpectedState(FutureStatus)

    public var description: String {
        switch self {
        case .cancelled: "the future was cancelled"
        case .timeout: "the future was not done in time"
        case .invalidState(let status): "a \(status) future takes no result"
        case .unexpectedState: "Future in unexpected state"
        }
    }
}

/// Where a future is in its life.
public enum FutureStatus: String, Sendable {
    case pending
    case running
    case cancelled
    /// Cancelled, and whoever would have done the work has seen it: only now `wait` and `as_completed` count it as done.
    case cancelledAndNotified
    case finished

    public var isCancelled: Bool { self == .cancelled || self == .cancelledAndNotified }
}
