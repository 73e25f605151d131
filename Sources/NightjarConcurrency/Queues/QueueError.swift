/// Why a queue operation did not happen.
public enum QueueError: Error, Hashable, CustomStringConvertible {
    /// Nothing to get, now or before the deadline. Python's `queue.Empty`.
    case empty
    /// No room to put, now or before the deadline. Python's `queue.Full`.
    case full
    /// The queue takes, or has, nothing more. Python's `queue.ShutDown`.
    case shutDown
    /// The waiting thread was interrupted; the queue is as if the call had not been made.
    case interrupted
    /// The wait would never have ended; the queue is as if the call had not been made. `Waiter.takeDeadlock()` says more.
    // It brings no report: Swift 6.3.1 crashes over a `catch` of single cases of an enumeration that holds references.
    case deadlock
    /// Python's `ValueError` of `task_done`.
    case taskDoneTooOften
    /// A priority that cannot be compared with one in the queue. Python's `TypeError`.
    case incomparable(PriorityKey.Kind, PriorityKey.Kind)

    public var description: String {
        switch self {
        case .empty: "the queue is empty"
        case .full: "the queue is full"
        case .shutDown: "the queue has been shut down"
        case .interrupted: "the wait was interrupted"
        case .deadlock: "\(WaitInterrupted.deadlock)"
        case .taskDoneTooOften: "task_done() called too many times"
        case .incomparable(let new, let old): "'<' not supported between instances of '\(new)' and '\(old)'"
        }
    }
}
