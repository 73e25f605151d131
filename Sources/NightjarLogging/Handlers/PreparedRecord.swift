/// A record that has passed a handler's filters, with the text that its formatter made: what waits for delivery.
public struct PreparedRecord: Sendable {
    public var record: LogRecord
    /// UTF-8, without a line end.
    public var text: [UInt8]

    public init(_ record: LogRecord, text: [UInt8]) {
        self.record = record
        self.text = text
    }
}

/// Why a batch did not leave whole.
public struct DeliveryFailure: Error {
    /// How many records from the start of the batch have arrived and must not be sent again.
    public var delivered: Int
    /// Whether the same records may pass later: true for a server that is away, false for one that refused them for good.
    public var isTemporary: Bool
    public var cause: any Error
    /// How many records after those that arrived it concerns; nil is all the rest. Those after them have not been tried.
    public var refused: Int?

    public init(_ cause: any Error, delivered: Int = 0, refused: Int? = nil, isTemporary: Bool = true) {
        self.delivered = delivered
        self.refused = refused
        self.isTemporary = isTemporary
        self.cause = cause
    }
}
