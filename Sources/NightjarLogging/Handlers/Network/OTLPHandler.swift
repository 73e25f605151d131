internal import NightjarTransport

/// Sends records to an OpenTelemetry collector by OTLP over HTTP, in JSON. Thread-safe.
///
/// The body is the record's message, or what a formatter that was given makes; fields are attributes; the scope is the logger.
public final class OTLPHandler: Handler {
    public static let defaultEndpoint = "http://localhost:4318/v1/logs"

    public let core = HandlerCore()
    public let endpoint: String
    public let resource: LogFields
    public let recordsPerRequest: Int
    private let headers: [(name: String, value: String)]
    private let client: HTTPClient
    private let message: OTLPMessage

    /// - Parameters:
    ///   - resource: says what the records come from; `service.name` is the name of the program if it is not given.
    ///   - recordsPerRequest: how many records a request has at most.
    ///   - timeout: for each request.
    ///   - delivery: nil delivers on the thread that logs.
    ///   - fallback: gets what could not be delivered for good.
    /// - Throws: `LoggingError` of kind `.value`.
    public init(
        endpoint: String = OTLPHandler.defaultEndpoint, resource: LogFields = LogFields(),
        headers: [(name: String, value: String)] = [], credentials: NetworkCredentials? = nil,
        tls: NetworkTLS = NetworkTLS(), recordsPerRequest: Int = 512, timeout: Duration = .seconds(5),
        delivery: DeliveryOptions? = .network,
        fallback: (any Handler)? = nil
    ) throws(LoggingError) {
        guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
            throw LoggingError(.value, "endpoint: expected a URL of http or https, got \(PythonText.quoted(endpoint))")
        }
        guard recordsPerRequest > 0 else { throw LoggingError(.value, "records_per_request: expected at least 1") }
        do { for (name, value) in headers { try HTTPHeader.check(name, value) } } catch { throw LoggingError(error) }
        self.endpoint = endpoint
        self.headers = headers
        self.recordsPerRequest = recordsPerRequest
        var resource = resource
        if resource["service.name"] == nil {
            resource = LogFields([.init("service.name", .string(SyslogMessage.programName))] + resource.entries)
        }
        self.resource = resource
        message = OTLPMessage(resource: resource)
        client = HTTPClient(tls: tls.options, credentials: credentials?.transport, timeout: timeout)
        begin(delivery, fallback)
    }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        if let formatter = core.formatter {
            try formatter.format(record, into: &text)
        } else {
            try record.checkMessage()
        }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        do { try send([PreparedRecord(record, text: text)], before: 0) } catch { throw error.cause }
    }

    public func emit(batch: [PreparedRecord]) throws {
        for start in stride(from: 0, to: batch.count, by: recordsPerRequest) {
            try send(Array(batch[start..<min(start + recordsPerRequest, batch.count)]), before: start)
        }
    }

    private func send(_ records: [PreparedRecord], before count: Int) throws(DeliveryFailure) {
        let hasFormatter = core.formatter != nil
        let body = message.bytes(
            records.map { prepared in
                guard hasFormatter else { return prepared.record }
                var record = prepared.record
                record.message = String(decoding: prepared.text, as: UTF8.self)
                return record
            })
        let request = HTTPRequest(endpoint, body: body, headers: [("Content-Type", "application/json")] + headers)
        do {
            let response = try client.send(request)
            try response.check(endpoint)
            try OTLPAnswer.check(response.body, endpoint)
        } catch {
            throw DeliveryFailure(error, delivered: count, refused: records.count)
        }
    }

    public func close() {
        core.endDelivery()
        client.close()
    }
}

/// What a collector says about records that it did not take although the request was in order.
enum OTLPAnswer {
    /// - Throws: a final failure if there are such records. Which ones, the protocol does not tell; they must not be sent again.
    static func check(_ body: [UInt8], _ endpoint: String) throws(TransportError) {
        let count = rejected(body)
        guard count > 0 else { return }
        let said = String(decoding: body.prefix(200), as: UTF8.self)
        var message = Array("\(endpoint): the collector rejected \(count) records: \(said)".utf8)
        ControlCharacters.escape(&message, from: 0)
        throw TransportError(.rejected, String(decoding: message, as: UTF8.self), status: 200)
    }

    /// The number behind the name, or 0. 64-bit numbers are strings in the JSON form of protocol buffers, but there are collectors that
    /// write plain ones.
    private static func rejected(_ body: [UInt8]) -> Int {
        let name = Array("\"rejectedLogRecords\"".utf8)
        guard body.count > name.count,
            let place = (0..<body.count - name.count).first(where: { body[$0...].starts(with: name) })
        else { return 0 }
        let value = body[(place + name.count)...].drop { [0x20, 0x09, 0x0A, 0x0D, 0x3A, 0x22].contains($0) }
        return Int(String(decoding: value.prefix { 0x30...0x39 ~= $0 }, as: UTF8.self)) ?? 0
    }
}
