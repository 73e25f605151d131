/// Why an executor takes no work, or did not do it.
public enum ExecutorError: Error, CustomStringConvertible {
    /// `shutdown` was called.
    case shutDown
    /// The program is at its end.
    case finishing
    /// A worker could not be prepared: the executor is of no use any more.
    case broken
    /// No thread could be started, and there is none that works.
    case cannotStart(any Error)

    /// In Python's words.
    public var description: String {
        switch self {
        case .shutDown: "cannot schedule new futures after shutdown"
        case .finishing: "cannot schedule new futures after interpreter shutdown"
        case .broken: "A thread initializer failed, the thread pool is not usable anymore"
        case .cannotStart(let error): "can't start new thread: \(error)"
        }
    }
}
