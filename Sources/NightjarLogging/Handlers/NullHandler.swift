/// Does nothing with records; keeps a library's logger from reaching the last resort. Thread-safe.
public final class NullHandler: Handler {
    public let core = HandlerCore()

    public init() {}

    public var emitNeeds: RecordNeeds { [] }

    public func handle(_ record: inout LogRecord, reporter: ErrorReporter) {}
    public func format(_ record: LogRecord, into text: inout [UInt8]) {}
    public func emit(_ record: LogRecord, text: inout [UInt8]) {}
}
