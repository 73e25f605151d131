internal import Synchronization

/// Holds back records that say what the one before them said, and sums them up: `last message repeated 37 times`, when another record comes, or
/// when `interval` is up.
///
/// Records are the same if logger, level, message, fields and error are. One filter may be added to several handlers and loggers: each
/// place has its own last record. Thread-safe.
public final class DuplicateFilter: Filter {
    /// Seconds between two summaries while the same record keeps coming.
    public let interval: Double
    private let last = Mutex<[ObjectIdentifier?: LogRecord]>([:])
    private let summaries: PendingSummaries<ObjectIdentifier?>

    public init(interval: Double = 1) {
        self.interval = interval
        summaries = PendingSummaries(interval: interval) { count, _ in
            "last message repeated \(count == 1 ? "1 time" : "\(count) times")"
        }
    }

    public var recordNeeds: RecordNeeds { [] }

    public func filter(_ record: inout LogRecord) -> FilterDecision { filter(&record, outlet: .nowhere) }

    public func filter(_ record: inout LogRecord, outlet: FilterOutlet) -> FilterDecision {
        let place = outlet.identity
        let isSame = last.withLock { last in
            if let before = last[place], before.saysTheSame(as: record) { return true }
            last[place] = record
            return false
        }
        if isSame {
            summaries.add(record, place, outlet)
            return .drop
        }
        summaries.say(place)
        return .keep
    }

    public func flush() { summaries.sayAll() }
}

extension LogRecord {
    fileprivate func saysTheSame(as other: LogRecord) -> Bool {
        level == other.level && message == other.message && name == other.name && fields == other.fields
            && excText == other.excText
    }
}
