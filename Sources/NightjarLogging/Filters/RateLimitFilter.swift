internal import NightjarConcurrency
internal import Synchronization

/// Lets so many records a second pass, with bursts, and says how many it held back. Thread-safe.
///
/// Each key has an allowance of its own, at each place that the filter was added to.
public final class RateLimitFilter: Filter {
    public enum Key: String, Sendable, CaseIterable {
        /// The logger and the message before its arguments were merged in.
        case template
        case logger
        /// Where the call was made: for programs whose messages have no template.
        case callSite = "call_site"
        /// All records together.
        case all
    }

    /// Records a second, in the long run.
    public let rate: Double
    /// How many may come at once after a quiet time.
    public let burst: Int
    public let key: Key
    private let buckets = Mutex<[Identity: Bucket]>([:])
    private let summaries: PendingSummaries<Identity>

    private struct Identity: Hashable, Sendable {
        var place: ObjectIdentifier?
        var name = ""
        var text = ""
        var line = 0
    }

    private struct Bucket {
        var tokens: Double
        var filled: UInt64
    }

    /// More keys than this are not told apart by memory: those that are at rest are forgotten.
    private static let mostKeys = 1_000

    /// - Parameters:
    ///   - rate: more than 0.
    ///   - burst: `rate` rounded up, unless told otherwise.
    ///   - interval: seconds after which it is said how many were held back, if no record passes before.
    /// - Throws: `LoggingError` of kind `.value` for a rate or burst that lets nothing pass.
    public init(rate: Double, burst: Int? = nil, key: Key = .template, interval: Double = 1) throws(LoggingError) {
        guard rate > 0, rate.isFinite else { throw LoggingError(.value, "rate must be more than 0, got \(rate)") }
        if let burst, burst < 1 { throw LoggingError(.value, "burst must be at least 1, got \(burst)") }
        self.rate = rate
        self.burst = burst ?? max(1, Int(min(rate.rounded(.up), 1e9)))
        self.key = key
        summaries = PendingSummaries(interval: interval) { count, record in
            let what = count == 1 ? "1 record" : "\(count) records"
            return key == .template
                ? "\(what) suppressed that came too often: \(record.template)"
                : "\(what) suppressed that came too often"
        }
    }

    public var recordNeeds: RecordNeeds {
        switch key {
        case .template: .arguments
        case .callSite: .callSite
        case .logger, .all: []
        }
    }

    public func filter(_ record: inout LogRecord) -> FilterDecision { filter(&record, outlet: .nowhere) }

    public func filter(_ record: inout LogRecord, outlet: FilterOutlet) -> FilterDecision {
        let identity = identity(of: record, outlet)
        let now = Deadline.now.nanoseconds
        guard buckets.withLock({ takeToken(identity, now, &$0) }) else {
            summaries.add(record, identity, outlet)
            return .drop
        }
        summaries.say(identity)
        return .keep
    }

    public func flush() { summaries.sayAll() }

    private func identity(of record: LogRecord, _ outlet: FilterOutlet) -> Identity {
        let place = outlet.identity
        switch key {
        case .template: return Identity(place: place, name: record.name, text: record.template)
        case .logger: return Identity(place: place, name: record.name)
        case .callSite: return Identity(place: place, text: record.pathname, line: record.lineno)
        case .all: return Identity(place: place)
        }
    }

    private func takeToken(_ identity: Identity, _ now: UInt64, _ buckets: inout [Identity: Bucket]) -> Bool {
        let full = Double(burst)
        var bucket = buckets[identity] ?? Bucket(tokens: full, filled: now)
        bucket.tokens = min(full, bucket.tokens + Double(now &- bucket.filled) / 1e9 * rate)
        bucket.filled = now
        let passes = bucket.tokens >= 1
        if passes { bucket.tokens -= 1 }
        buckets[identity] = bucket
        if buckets.count > Self.mostKeys { forgetResting(now, &buckets) }
        return passes
    }

    /// Forgets the buckets that are full again, which is what a new one is, or all if that are few.
    private func forgetResting(_ now: UInt64, _ buckets: inout [Identity: Bucket]) {
        let needed = Double(burst) / rate * 1e9
        buckets = buckets.filter { Double(now &- $0.value.filled) < needed }
        if buckets.count > Self.mostKeys / 2 { buckets = [:] }
    }
}
