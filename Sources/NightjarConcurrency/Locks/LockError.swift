/// A misuse of a lock, semaphore, condition or barrier. The descriptions are Python's messages.
public enum LockError: Error, Hashable, CustomStringConvertible {
    // RuntimeError in Python.
    case releaseUnlocked
    case releaseNotOwned
    case waitNotOwned
    case notifyNotOwned
    // ValueError in Python.
    case negativeSemaphore
    case releaseCountTooSmall
    case semaphoreReleasedTooOften
    case timeoutWithoutBlocking
    case semaphoreTimeoutWithoutBlocking
    case negativeTimeout
    case timeoutNotANumber
    case tooFewParties
    // OverflowError in Python.
    case timeoutTooLarge

    public var description: String {
        switch self {
        case .releaseUnlocked: "release unlocked lock"
        case .releaseNotOwned: "cannot release un-acquired lock"
        case .waitNotOwned: "cannot wait on un-acquired lock"
        case .notifyNotOwned: "cannot notify on un-acquired lock"
        case .negativeSemaphore: "semaphore initial value must be >= 0"
        case .releaseCountTooSmall: "n must be one or more"
        case .semaphoreReleasedTooOften: "Semaphore released too many times"
        case .timeoutWithoutBlocking: "can't specify a timeout for a non-blocking call"
        case .semaphoreTimeoutWithoutBlocking: "can't specify timeout for non-blocking acquire"
        case .negativeTimeout: "timeout value must be a non-negative number"
        case .timeoutNotANumber: "Invalid value NaN (not a number)"
        case .tooFewParties: "parties must be >= 1"
        case .timeoutTooLarge: "timeout value is too large"
        }
    }
}
