internal import NightjarTransport
internal import Synchronization

/// Sends records to a syslog server by UDP, TCP or a Unix socket (Python's `SysLogHandler`). Thread-safe.
///
/// A message is one line: control characters are escaped in all formats.
public final class SysLogHandler: Handler, AttributeSettable {
    public enum Address: Sendable, Hashable {
        case host(String, port: Int)
        /// Such as `/dev/log`.
        case path(String)
    }

    public enum SocketType: Sendable, Hashable {
        case datagram
        case stream
    }

    public let core = HandlerCore()
    public let address: Address
    /// nil for a Unix socket whose kind is not known yet.
    public var socketType: SocketType? { state.withLock { $0.type } }
    public let format: SyslogFormat
    public let framing: SyslogFraming?
    private let message: SyslogMessage
    private let stream: StreamConnection
    private let datagrams: DatagramSocket
    private let state: Mutex<State>

    private struct State {
        var ident = ""
        var appendsZero = true
        var type: SocketType?
        var facility: Int
    }

    /// - Parameters:
    ///   - socketType: nil is UDP, and for a path whatever listens there.
    ///   - framing: nil is by octets for the RFCs' formats on a connection, and none otherwise.
    ///   - program: what the message says who sent it; nil is the name of the program.
    ///   - structureName: names the element that holds a record's fields in RFC 5424's format.
    ///   - timeout: for connecting, and for sending one batch.
    ///   - delivery: nil delivers on the thread that logs.
    ///   - fallback: gets what could not be delivered for good.
    public init(
        address: Address = .host("localhost", port: 514), facility: Int = 1, socketType: SocketType? = nil,
        format: SyslogFormat = .python, framing: SyslogFraming? = nil, program: String? = nil,
        host: String? = nil, structureName: String = "fields@32473", timeout: Duration = .seconds(5),
        delivery: DeliveryOptions? = .network,
        fallback: (any Handler)? = nil
    ) {
        self.address = address
        self.format = format
        self.framing = framing ?? (format == .python ? nil : .octet)
        message = SyslogMessage(
            format: format, program: program.map { SyslogMessage.name($0, limit: 48) } ?? SyslogMessage.programName,
            host: host.map { SyslogMessage.name($0, limit: 255) } ?? SyslogMessage.hostName,
            structureName: SyslogMessage.name(structureName, limit: 32))
        let endpoint: Endpoint
        var type = socketType
        switch address {
        case .host(let name, let port):
            endpoint = .host(name, port: port)
            type = socketType ?? .datagram
        case .path(let path): endpoint = .path(path)
        }
        stream = StreamConnection(to: endpoint, timeout: timeout)
        datagrams = DatagramSocket(to: endpoint, timeout: timeout)
        state = Mutex(State(type: type, facility: facility))
        begin(delivery, fallback)
    }

    public var facility: Int {
        get { state.withLock { $0.facility } }
        set { state.withLock { $0.facility = newValue } }
    }

    /// Put in front of the text, in Python's format.
    public var ident: String {
        get { state.withLock { $0.ident } }
        set { state.withLock { $0.ident = newValue } }
    }

    /// Whether a zero byte ends each message, in Python's format and without framing (Python's `append_nul`).
    public var appendsZero: Bool {
        get { state.withLock { $0.appendsZero } }
        set { state.withLock { $0.appendsZero = newValue } }
    }

    // MARK: Priorities

    /// The name of the priority that a level's name has.
    public func mapPriority(_ levelName: String) -> String { SyslogNames.usualPriorities[levelName] ?? "warning" }

    public func encodePriority(facility: Int, priority: Int) -> Int { facility << 3 | priority }

    private func priority(of record: LogRecord) -> Int {
        if let chosen = DeliveryChoices.of(record)?.priority { return chosen }
        return encodePriority(facility: facility, priority: SyslogNames.priorities[mapPriority(record.levelName)] ?? 4)
    }

    // MARK: Delivery

    public var emitNeeds: RecordNeeds { [] }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        do { try deliver([PreparedRecord(record, text: text)]) } catch { throw error.cause }
    }

    public func emit(batch: [PreparedRecord]) throws { try deliver(batch) }

    private func deliver(_ batch: [PreparedRecord]) throws(DeliveryFailure) {
        var sent = 0
        if socketType != .stream {
            do throws(TransportError) { return try deliver(datagrams: batch, &sent) } catch {
                // The other kind of socket listens at the path.
                guard socketType == nil, error.errorNumber == Self.wrongType else {
                    throw DeliveryFailure(error, delivered: sent, refused: 1)
                }
            }
        }
        try deliver(frames: batch.map(frame))
    }

    private func deliver(datagrams batch: [PreparedRecord], _ sent: inout Int) throws(TransportError) {
        let (ident, appendsZero) = state.withLock { ($0.ident, $0.appendsZero) }
        for prepared in batch {
            var datagram = bytes(prepared, ident)
            if format == .python, appendsZero { datagram.append(UInt8(0)) }
            try datagrams.send(datagram)
            sent += 1
            state.withLock { $0.type = .datagram }
        }
    }

    private func deliver(frames: [[UInt8]]) throws(DeliveryFailure) {
        var delivered = 0
        do {
            try stream.send(frames, delivered: &delivered)
            state.withLock { $0.type = .stream }
        } catch { throw DeliveryFailure(error, delivered: delivered) }
    }

    /// EPROTOTYPE
    private static let wrongType: Int32 = 91

    private func bytes(_ prepared: PreparedRecord, _ ident: String) -> [UInt8] {
        message.bytes(
            priority: priority(of: prepared.record), prepared.record, ident: ident, text: prepared.text)
    }

    private func frame(_ prepared: PreparedRecord) -> [UInt8] {
        let (ident, appendsZero) = state.withLock { ($0.ident, $0.appendsZero) }
        let bytes = bytes(prepared, ident)
        switch framing {
        case .octet: return Array("\(bytes.count) ".utf8) + bytes
        case .newline: return bytes + [UInt8(ascii: "\n")]
        case nil: return appendsZero ? bytes + [0] : bytes
        }
    }

    /// Connects now, if there is a connection to make (Python's `createSocket`).
    public func createSocket() throws {
        do { if socketType == .stream { try stream.connect() } else { try datagrams.open() } } catch {
            throw LoggingError(error)
        }
    }

    public func flush() throws {
        try core.drain()
        do { try stream.flush() } catch { throw LoggingError(error) }
    }

    public func close() throws {
        core.endDelivery()
        datagrams.close()
        do { try stream.close() } catch { throw LoggingError(error) }
    }

    public func setAttribute(_ name: String, to value: ConfigurationValue) throws -> Bool {
        switch name {
        case "ident": ident = try AttributeValue.string(value, name)
        case "append_nul": appendsZero = try AttributeValue.bool(value, name)
        default: return false
        }
        return true
    }
}
