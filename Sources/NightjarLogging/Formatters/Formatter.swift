/// Turns a record into text. Called on any thread, on several at once.
public protocol Formatter: AnyObject, Sendable {
    /// Appends the text of `record`, without a line end, as UTF-8.
    /// - Parameter buffer: may hold something already; is thrown away if this throws.
    func format(_ record: LogRecord, into buffer: inout [UInt8]) throws
    /// What the formatter may look at; the default is everything.
    var recordNeeds: RecordNeeds { get }
}

extension Formatter {
    public var recordNeeds: RecordNeeds { .everything }

    /// The text of `record`.
    public func format(_ record: LogRecord) throws -> String {
        var buffer: [UInt8] = []
        try format(record, into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }
}
