/// How an executor works.
public struct ThreadPoolOptions<Context>: Sendable {
    /// Threads at most; at least 1.
    public var maxWorkers: Int
    /// Workers are called `prefix_0`, `prefix_1`, ...
    public var namePrefix: String
    /// Prepares a worker, on its thread. If it throws, the executor is broken: pending and later jobs fail.
    public var initialize: (@Sendable (Context) throws -> Void)?
    /// What an idle worker does once it has found no work for a time, such as tidying up its memory.
    public var onIdle: IdleAction?

    public struct IdleAction: Sendable {
        /// In seconds.
        let delay: Double
        let body: @Sendable (Context) -> Void

        public init(after delay: Double, _ body: @escaping @Sendable (Context) -> Void) {
            self.delay = delay
            self.body = body
        }
    }

    public init(
        maxWorkers: Int = ThreadPoolDefaults.maxWorkers, namePrefix: String = "ThreadPoolExecutor",
        initialize: (@Sendable (Context) throws -> Void)? = nil, onIdle: IdleAction? = nil
    ) {
        precondition(maxWorkers > 0, "an executor without workers")
        self.maxWorkers = maxWorkers
        self.namePrefix = namePrefix
        self.initialize = initialize
        self.onIdle = onIdle
    }
}

public enum ThreadPoolDefaults {
    /// Python's number: the processors that the process may use and 4, at most 32.
    public static let maxWorkers = min(32, Processors.usable + 4)
}
