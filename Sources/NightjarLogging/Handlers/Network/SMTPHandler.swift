internal import NightjarTransport
internal import Synchronization

/// Sends records by mail (Python's `SMTPHandler`): one in each, or several. Thread-safe.
///
/// Whatever is in a record, it cannot add headers or recipients: subjects are encoded, control characters escaped.
public final class SMTPHandler: Handler {
    /// How the connection is encrypted.
    public enum Security: String, Sendable, Hashable, CaseIterable {
        case none
        /// In the clear until the server has agreed to encrypt; one that does not is refused.
        case startTLS = "starttls"
        /// Encrypted from the start.
        case tls
    }

    public let core = HandlerCore()
    public let mailhost: String
    public let mailport: Int
    public let recordsPerMail: Int
    /// For each mail.
    public let timeout: Duration
    private let client: MailClient
    private let custom = Mutex<(@Sendable (LogRecord) -> String)?>(nil)
    private let envelope: Mutex<Envelope>

    /// What every mail says of itself, and what can be changed while there are mails.
    private struct Envelope {
        var fromaddr: String
        var toaddrs: [String]
        var subject: String
    }

    /// - Parameters:
    ///   - fromaddr, toaddrs: addresses, alone or as `Name <address>`.
    ///   - recordsPerMail: how many records a mail has at most; the more only come together in asynchronous delivery.
    ///   - timeout: for each mail.
    ///   - delivery: nil delivers on the thread that logs.
    ///   - fallback: gets what could not be delivered for good.
    /// - Throws: `LoggingError` of kind `.value` for addresses that are none.
    public init(
        mailhost: String, mailport: Int = 25, fromaddr: String, toaddrs: [String], subject: String,
        credentials: NetworkCredentials? = nil, security: Security = .none, tls: NetworkTLS = NetworkTLS(),
        timeout: Duration = .seconds(5), recordsPerMail: Int = 1, delivery: DeliveryOptions? = .network,
        fallback: (any Handler)? = nil
    ) throws(LoggingError) {
        guard recordsPerMail > 0 else { throw LoggingError(.value, "records_per_mail: expected at least 1") }
        try Self.check([fromaddr])
        try Self.check(recipients: toaddrs)
        self.mailhost = mailhost
        self.mailport = mailport
        self.timeout = timeout
        envelope = Mutex(Envelope(fromaddr: fromaddr, toaddrs: toaddrs, subject: subject))
        self.recordsPerMail = recordsPerMail
        let kind: MailClient.Security =
            switch security {
            case .none: .none
            case .startTLS: .startTLS
            case .tls: .tls
            }
        client = MailClient(
            host: mailhost, port: mailport, security: kind, tls: tls.options, credentials: credentials?.transport,
            timeout: timeout)
        begin(delivery, fallback)
    }

    private static func check(recipients: [String]) throws(LoggingError) {
        guard !recipients.isEmpty else { throw LoggingError(.value, "toaddrs: expected at least one address") }
        try check(recipients)
    }

    private static func check(_ addresses: [String]) throws(LoggingError) {
        do {
            for address in addresses {
                // No name has a line end either, and an address behind one was not meant.
                let isOneLine = address.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
                try MailClient.check(isOneLine ? MailHeader.bareAddress(address) : address)
            }
        } catch { throw LoggingError(error) }
    }

    public var fromaddr: String { envelope.withLock { $0.fromaddr } }
    public var toaddrs: [String] { envelope.withLock { $0.toaddrs } }

    /// The subject of mails that have none of their own.
    public var subject: String {
        get { envelope.withLock { $0.subject } }
        set { envelope.withLock { $0.subject = newValue } }
    }

    /// From the next mail on.
    /// - Throws: as the initializer.
    public func setSender(_ address: String) throws(LoggingError) {
        try Self.check([address])
        envelope.withLock { $0.fromaddr = address }
    }

    /// From the next mail on.
    /// - Throws: as the initializer.
    public func setRecipients(_ addresses: [String]) throws(LoggingError) {
        try Self.check(recipients: addresses)
        envelope.withLock { $0.toaddrs = addresses }
    }

    /// What makes the subject of a mail in place of the fixed one; called where the mail is sent.
    public var subjectOf: (@Sendable (LogRecord) -> String)? {
        get { custom.withLock { $0 } }
        set { custom.withLock { $0 = newValue } }
    }

    /// The subject of a mail with this record, and with others if it is the most severe of them.
    public func getSubject(_ record: LogRecord) -> String {
        DeliveryChoices.of(record)?.subject ?? subjectOf?(record) ?? subject
    }

    public var emitNeeds: RecordNeeds { subjectOf == nil ? [] : .everything }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        do { try send([PreparedRecord(record, text: text)]) } catch { throw LoggingError(error) }
    }

    public func emit(batch: [PreparedRecord]) throws {
        for start in stride(from: 0, to: batch.count, by: recordsPerMail) {
            do { try send(Array(batch[start..<min(start + recordsPerMail, batch.count)])) } catch {
                throw DeliveryFailure(error, delivered: start, refused: min(recordsPerMail, batch.count - start))
            }
        }
        // Servers hold an idle connection against their clients.
        client.close()
    }

    private func send(_ records: [PreparedRecord]) throws(TransportError) {
        guard let worst = records.max(by: { $0.record.level < $1.record.level })?.record else { return }
        let (fromaddr, toaddrs) = envelope.withLock { ($0.fromaddr, $0.toaddrs) }
        var subject = getSubject(worst)
        if records.count > 1 { subject += " (and \(records.count - 1) more)" }
        let message = MailMessage(
            sender: fromaddr, recipients: toaddrs, subject: subject, date: worst,
            body: MailMessage.body(records.map(\.text)))
        try client.send(
            from: MailHeader.bareAddress(fromaddr), to: toaddrs.map(MailHeader.bareAddress), message: message.bytes)
    }

    public func close() {
        core.endDelivery()
        client.close()
    }
}
