internal import NightjarTransport

/// What a subclass in a script, or a program, says about one record in place of the handler: travels in the record's `payload`.
public struct DeliveryChoices: Sendable {
    /// What goes over the wire, whole.
    public var bytes: [UInt8]?
    /// The number in front of a syslog message, facility included.
    public var priority: Int?
    public var subject: String?
    /// What an HTTP handler sends, in place of the record's attributes.
    public var fields: LogFields?

    public init() {}

    static func of(_ record: LogRecord) -> DeliveryChoices? { record.payload as? DeliveryChoices }
}

extension LogRecord {
    /// The choices that were made about the record, to be read and set.
    public var choices: DeliveryChoices {
        get { DeliveryChoices.of(self) ?? DeliveryChoices() }
        set { payload = newValue }
    }
}

extension LoggingError {
    /// The transport's error as the others of this module are.
    init(_ error: TransportError) {
        self.init(
            error.kind == .invalid ? .value : .operatingSystem, error.message, errorNumber: error.errorNumber)
    }
}

extension DeliveryFailure {
    init(_ error: TransportError, delivered: Int = 0, refused: Int? = nil) {
        self.init(LoggingError(error), delivered: delivered, refused: refused, isTemporary: error.isTemporary)
    }
}

extension Handler {
    /// What a constructor does about delivery; nil delivers on the thread that logs.
    func begin(_ delivery: DeliveryOptions?, _ fallback: (any Handler)?) {
        guard let delivery else { return }
        do { try setDelivery(delivery, fallback: fallback) } catch {
            preconditionFailure("a handler that was made just now has no delivery and is nobody's fallback")
        }
    }
}

enum NetworkText {
    /// `timeout` as the transports have it; nil is the usual one.
    static func timeout(_ seconds: Double?) throws(LoggingError) -> Duration {
        guard let seconds else { return .seconds(5) }
        guard seconds > 0, seconds < 1e6 else {
            throw LoggingError(
                .value, "timeout: expected a positive number of seconds, got \(PythonText.double(seconds))")
        }
        return .milliseconds(Int64((seconds * 1000).rounded(.up)))
    }
}
