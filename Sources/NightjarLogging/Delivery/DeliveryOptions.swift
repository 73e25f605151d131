/// How a handler hands its records on: on a thread of its own, out of a queue with room for so many.
public struct DeliveryOptions: Sendable, Hashable {
    /// What becomes of a record that finds the queue full.
    public enum Overflow: String, Sendable, Hashable, CaseIterable {
        /// The caller waits for room. One that is itself within a handler or filter waits a second at most, because
        /// those who make room may be waiting for it.
        case block
        /// The record is dropped.
        case dropNewest = "drop_newest"
        /// The record that has waited longest is dropped instead.
        case dropOldest = "drop_oldest"
    }

    /// How many records may wait, those counted that are being handed on; at least 1.
    public var capacity: Int
    public var overflow: Overflow
    /// So many waiting records are handed on without waiting for more, and no more than so many at once; nil is 1,000 for handlers of text,
    /// which take all that is there, and 50 for others.
    public var batch: Int?
    /// Seconds that a record waits for others to go with it.
    public var flushInterval: Double
    /// A record of this level or above is handed on at once, with those before it.
    public var flushLevel: Level
    /// Seconds that closing waits for what is in the queue, and flushing for a delivery that does not get on.
    public var timeout: Double
    /// Whether and how deliveries that failed are tried again.
    public var retry: RetryPolicy?

    public init(
        capacity: Int = 10_000, overflow: Overflow = .block, batch: Int? = nil, flushInterval: Double = 0.05,
        flushLevel: Level = .error, timeout: Double = 5, retry: RetryPolicy? = nil
    ) {
        self.capacity = max(capacity, 1)
        self.overflow = overflow
        self.batch = batch
        self.flushInterval = flushInterval
        self.flushLevel = flushLevel
        self.timeout = timeout
        self.retry = retry
    }

    /// For handlers that need to be told.
    public static let standard = DeliveryOptions()

    /// For handlers whose records go to other machines: callers never wait for these, and what they do not take is tried again for as long
    /// as there is room for what comes after it.
    public static let network = DeliveryOptions(
        overflow: .dropOldest, batch: 100, flushInterval: 0.1, retry: RetryPolicy())
}

/// When a delivery that has failed is tried again. The times grow from `initial` by `factor` up to `longest`.
public struct RetryPolicy: Sendable, Hashable {
    /// How often in all the same records are tried; nil is until they pass or the handler is closed.
    public var attempts: Int?
    /// Seconds before the second attempt.
    public var initial: Double
    /// Seconds between two attempts at most.
    public var longest: Double
    /// At least 1.
    public var factor: Double

    public init(attempts: Int? = nil, initial: Double = 1, longest: Double = 30, factor: Double = 2) {
        self.attempts = attempts
        self.initial = initial
        self.longest = longest
        self.factor = factor
    }

    /// Seconds to wait after so many failures in a row; nil if there is to be no further attempt.
    public func delay(after failures: Int) -> Double? {
        if let attempts, failures >= attempts { return nil }
        var delay = min(initial, longest)
        // No power: a long outage would make it infinite.
        for _ in 1..<max(failures, 1) where delay < longest { delay *= max(factor, 1) }
        return min(delay, longest)
    }
}
