internal import NightjarConcurrency
internal import NightjarTransport
internal import Synchronization

/// Sends records over TCP or a Unix socket (Python's `SocketHandler`): a line of JSON each, or Python's own wire format. Thread-safe.
///
/// The connection is made with the first record, and anew when the receiver has gone. Without a delivery a handler that finds nobody
/// drops records until `retryTime`, as Python's does, and counts them as failed.
public final class SocketHandler: SocketBacked {
    public let core = HandlerCore()
    public let host: String
    /// nil if `host` is the path of a Unix socket.
    public let port: Int?
    public let wire: SocketFormat
    public let state: SocketState
    private let connection: StreamConnection

    /// - Parameters:
    ///   - timeout: for connecting, and for sending one batch.
    ///   - delivery: nil delivers on the thread that logs.
    ///   - fallback: gets what could not be delivered for good.
    public init(
        host: String, port: Int?, wire: SocketFormat = .json, timeout: Duration = .seconds(5),
        delivery: DeliveryOptions? = .network,
        fallback: (any Handler)? = nil
    ) {
        self.host = host
        self.port = port
        self.wire = wire
        state = SocketState()
        connection = StreamConnection(to: Endpoint(host, port), timeout: timeout)
        begin(delivery, fallback)
    }

    public var isConnected: Bool { connection.isConnected }

    /// Connects now, unless it is too early after a failure (Python's `createSocket`).
    public func createSocket() {
        guard !isConnected, state.mayTry else { return }
        do {
            try connection.connect()
            state.noteSuccess()
        } catch { state.noteFailure() }
    }

    public func send(_ bytes: [UInt8]) throws { try deliver([bytes]) }

    func deliver(_ frames: [[UInt8]]) throws(DeliveryFailure) {
        var delivered = 0
        do {
            try connection.send(frames, delivered: &delivered)
            state.noteSuccess()
        } catch {
            if error.kind != .broken { state.noteFailure() }
            throw DeliveryFailure(error, delivered: delivered)
        }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        guard isConnected || state.mayTry else { throw TooEarly() }
        do { try deliver([wire.bytes(record, text)]) } catch { throw error.cause }
    }

    public func emit(batch: [PreparedRecord]) throws {
        try deliver(batch.map { wire.bytes($0.record, $0.text) })
    }

    public func flush() throws {
        try core.drain()
        do { try connection.flush() } catch { throw LoggingError(error) }
    }

    public func close() throws {
        core.endDelivery()
        do { try connection.close() } catch { throw LoggingError(error) }
    }

    func disconnect() { try? connection.close() }
}

/// Sends each record as one datagram, by UDP or to a Unix socket (Python's `DatagramHandler`). Thread-safe.
public final class DatagramHandler: SocketBacked {
    public let core = HandlerCore()
    public let host: String
    public let port: Int?
    public let wire: SocketFormat
    public let state: SocketState
    private let socket: DatagramSocket

    public init(
        host: String, port: Int?, wire: SocketFormat = .json, timeout: Duration = .seconds(5),
        delivery: DeliveryOptions? = .network,
        fallback: (any Handler)? = nil
    ) {
        self.host = host
        self.port = port
        self.wire = wire
        state = SocketState(closeOnError: false)
        socket = DatagramSocket(to: Endpoint(host, port), timeout: timeout)
        begin(delivery, fallback)
    }

    public var isConnected: Bool { socket.isOpen }

    public func createSocket() {
        do { try socket.open() } catch { state.noteFailure() }
    }

    public func send(_ bytes: [UInt8]) throws {
        do { try socket.send(bytes) } catch { throw DeliveryFailure(error) }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        do { try socket.send(wire.bytes(record, text)) } catch { throw LoggingError(error) }
    }

    public func emit(batch: [PreparedRecord]) throws {
        for (index, prepared) in batch.enumerated() {
            do { try socket.send(wire.bytes(prepared.record, prepared.text)) } catch {
                throw DeliveryFailure(error, delivered: index, refused: 1)
            }
        }
    }

    public func close() {
        core.endDelivery()
        socket.close()
    }

    func disconnect() { socket.close() }
}

/// Why a record was dropped without an attempt: the last one failed a moment ago.
private struct TooEarly: Error {}

/// What Python's two socket handlers have in common.
public protocol SocketBacked: Handler, AttributeSettable {
    var host: String { get }
    var port: Int? { get }
    var wire: SocketFormat { get }
    var state: SocketState { get }
    var isConnected: Bool { get }
    func createSocket()
    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) throws
}

extension SocketBacked {
    /// The bytes that go over the wire for a record (Python's `makePickle`).
    public func makePickle(_ record: LogRecord) throws -> [UInt8] {
        var text: [UInt8] = []
        try format(record, into: &text)
        return wire.bytes(record, text)
    }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        try wire.format(record, core.formatter, into: &text)
    }

    public var emitNeeds: RecordNeeds { wire.needs }

    public func handleError(_ failure: LoggingFailure, reporter: ErrorReporter) {
        // That nobody is there was told when the last attempt was made.
        if failure.error is TooEarly { return }
        guard state.closeOnError else { return reporter.report(failure) }
        // As in Python, what closes the connection is told by nobody.
        (self as? SocketHandler)?.disconnect()
        (self as? DatagramHandler)?.disconnect()
    }

    public func setAttribute(_ name: String, to value: ConfigurationValue) throws -> Bool {
        switch name {
        case "closeOnError": state.closeOnError = try AttributeValue.bool(value, name)
        case "retryStart": state.retryStart = try AttributeValue.number(value, name)
        case "retryMax": state.retryMax = try AttributeValue.number(value, name)
        case "retryFactor": state.retryFactor = try AttributeValue.number(value, name)
        default: return false
        }
        return true
    }
}

/// Values of attributes that configurations set.
enum AttributeValue {
    static func bool(_ value: ConfigurationValue, _ name: String) throws(LoggingError) -> Bool {
        if case .bool(let flag) = value { return flag }
        throw LoggingError(.type, "\(name): expected a boolean, got \(value.shown)")
    }

    static func number(_ value: ConfigurationValue, _ name: String) throws(LoggingError) -> Double {
        switch value {
        case .int(let number): return Double(number)
        case .double(let number): return number
        default: throw LoggingError(.type, "\(name): expected a number, got \(value.shown)")
        }
    }

    static func string(_ value: ConfigurationValue, _ name: String) throws(LoggingError) -> String {
        if case .string(let text) = value { return text }
        throw LoggingError(.type, "\(name): expected a string, got \(value.shown)")
    }
}

extension Endpoint {
    init(_ host: String, _ port: Int?) { self = port.map { .host(host, port: $0) } ?? .path(host) }
}

/// The settings and the memory of a socket handler's attempts to connect. Thread-safe.
public final class SocketState: Sendable {
    private struct Values {
        var closeOnError: Bool
        var start = 1.0
        var longest = 30.0
        var factor = 2.0
        var period = 0.0
        var next: Deadline?
        var nextTime: Double?
    }

    private let values: Mutex<Values>

    init(closeOnError: Bool = false) { values = Mutex(Values(closeOnError: closeOnError)) }

    /// Whether a failure closes the socket and is told by nobody.
    public var closeOnError: Bool {
        get { values.withLock { $0.closeOnError } }
        set { values.withLock { $0.closeOnError = newValue } }
    }
    /// Seconds without an attempt after the first failure.
    public var retryStart: Double {
        get { values.withLock { $0.start } }
        set { values.withLock { $0.start = newValue } }
    }
    /// Seconds without an attempt at most.
    public var retryMax: Double {
        get { values.withLock { $0.longest } }
        set { values.withLock { $0.longest = newValue } }
    }
    public var retryFactor: Double {
        get { values.withLock { $0.factor } }
        set { values.withLock { $0.factor = newValue } }
    }
    /// When there may be a next attempt, in seconds since 1970; nil if at any time.
    public var retryTime: Double? { values.withLock { $0.nextTime } }
    var mayTry: Bool { values.withLock { $0.next?.hasPassed ?? true } }

    func noteSuccess() {
        values.withLock {
            $0.next = nil
            $0.nextTime = nil
        }
    }

    func noteFailure() {
        values.withLock { values in
            values.period = values.next == nil ? values.start : min(values.period * values.factor, values.longest)
            values.next = Deadline(after: values.period)
            values.nextTime = Double(Clock.now()) / 1e9 + values.period
        }
    }
}
