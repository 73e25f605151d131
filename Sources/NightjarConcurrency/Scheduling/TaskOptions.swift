/// How a task runs, beside when.
public struct TaskOptions: Sendable {
    /// What happens after failures; nil changes nothing.
    public var backoff: Backoff?
    /// How many runs may be under way at once. What would be one more is left out.
    public var mostRuns: Int
    /// Whether the first run is at the start.
    public var isImmediate: Bool
    /// Seconds by which each run is put off at most, at random, so that many programs do not run at the same time.
    public var jitter: Double

    public init(backoff: Backoff? = nil, mostRuns: Int = 1, isImmediate: Bool = false, jitter: Double = 0) {
        self.backoff = backoff
        self.mostRuns = mostRuns
        self.isImmediate = isImmediate
        self.jitter = jitter
    }
}
