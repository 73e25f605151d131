internal import Synchronization

/// Keeps records, for tests and for showing a log in a program. Thread-safe.
public final class InMemoryHandler: Handler {
    public let core: HandlerCore
    private let kept = Mutex<[LogRecord]>([])

    public init(level: Level = .notSet, formatter: (any Formatter)? = nil) {
        core = HandlerCore(level: level, formatter: formatter)
    }

    public var records: [LogRecord] { kept.withLock { $0 } }
    public var messages: [String] { records.map(\.message) }

    /// The records as the handler's formatter shows them.
    public func lines() throws -> [String] { try records.map { try format($0) } }

    public func removeAll() { kept.withLock { $0 = [] } }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        guard let formatter = core.formatter else { return text.append(record.message) }
        try formatter.format(record, into: &text)
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) {
        kept.withLock { $0.append(record) }
    }
}
