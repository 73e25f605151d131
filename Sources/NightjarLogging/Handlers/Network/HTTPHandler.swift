internal import NightjarTransport
internal import Synchronization

/// Sends records to a web server (Python's `HTTPHandler`), one in each request or several. Thread-safe.
///
/// An answer of 429 or 5xx means later, any other from 300 on that the server will never take these records.
public final class HTTPHandler: Handler {
    /// What a request holds.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// As a form, like Python's: one record in each request.
        case form
        /// A JSON object, or an array of them where a request may have several.
        case json
        /// A line of JSON for each record.
        case ndjson
    }

    public let core = HandlerCore()
    public let host: String
    public let url: String
    /// `GET` or `POST`.
    public let method: String
    public let secure: Bool
    public let format: Format
    public let recordsPerRequest: Int
    private let headers: [(name: String, value: String)]
    private let client: HTTPClient
    private let custom = Mutex<(@Sendable (LogRecord) -> LogFields)?>(nil)
    private static let usual = JSONFormatter()

    /// - Parameters:
    ///   - host: with a port if it is not the usual one.
    ///   - url: the path, with a query if there is one.
    ///   - recordsPerRequest: not for forms.
    ///   - timeout: for each request.
    ///   - delivery: nil delivers on the thread that logs.
    ///   - fallback: gets what could not be delivered for good.
    /// - Throws: `LoggingError` of kind `.value` with Python's text, or for what does not go together.
    public init(
        host: String, url: String, method: String = "GET", secure: Bool = false,
        credentials: NetworkCredentials? = nil, tls: NetworkTLS? = nil, format: Format = .form,
        headers: [(name: String, value: String)] = [], recordsPerRequest: Int = 1, timeout: Duration = .seconds(5),
        delivery: DeliveryOptions? = .network,
        fallback: (any Handler)? = nil
    ) throws(LoggingError) {
        let method = method.uppercased()
        guard method == "GET" || method == "POST" else { throw LoggingError(.value, "method must be GET or POST") }
        guard secure || tls == nil else {
            throw LoggingError(.value, "context parameter only makes sense with secure=True")
        }
        guard method == "POST" || format == .form else {
            throw LoggingError(.value, "format = \"\(format.rawValue)\" needs method = \"POST\"")
        }
        guard recordsPerRequest > 0, recordsPerRequest == 1 || format != .form else {
            throw LoggingError(.value, "records_per_request: more than 1 needs format = \"json\" or \"ndjson\"")
        }
        do { for (name, value) in headers { try HTTPHeader.check(name, value) } } catch { throw LoggingError(error) }
        self.host = host
        self.url = url
        self.method = method
        self.secure = secure
        self.format = format
        self.headers = headers
        self.recordsPerRequest = recordsPerRequest
        client = HTTPClient(
            tls: (tls ?? NetworkTLS()).options, credentials: credentials?.transport, timeout: timeout)
        begin(delivery, fallback)
    }

    /// What makes the values to send of a record, in place of `mapLogRecord`; called where the request is made.
    public var mapping: (@Sendable (LogRecord) -> LogFields)? {
        get { custom.withLock { $0 } }
        set { custom.withLock { $0 = newValue } }
    }

    /// The attributes of a record as Python's `__dict__` has them, and `message`.
    public func mapLogRecord(_ record: LogRecord) -> LogFields {
        var fields = LogFields(RecordDictionary.entries(of: record).map { LogFields.Field($0.0, $0.1) })
        fields["message"] = .string(record.message)
        return fields
    }

    private func chosenFields(_ record: LogRecord) -> LogFields? {
        DeliveryChoices.of(record)?.fields ?? mapping?(record)
    }

    public var emitNeeds: RecordNeeds { format == .form || mapping != nil ? .everything : [] }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        if format != .form { try (core.formatter ?? Self.usual).format(record, into: &text) }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        do { try send([PreparedRecord(record, text: text)]) } catch { throw error.cause }
    }

    public func emit(batch: [PreparedRecord]) throws {
        for start in stride(from: 0, to: batch.count, by: recordsPerRequest) {
            do { try send(Array(batch[start..<min(start + recordsPerRequest, batch.count)])) } catch {
                throw DeliveryFailure(
                    error.cause, delivered: start, refused: min(recordsPerRequest, batch.count - start),
                    isTemporary: error.isTemporary)
            }
        }
    }

    // MARK: Requests

    private func send(_ records: [PreparedRecord]) throws(DeliveryFailure) {
        let request = request(records)
        do { try client.send(request).check(request.url) } catch { throw DeliveryFailure(error) }
    }

    private func request(_ records: [PreparedRecord]) -> HTTPRequest {
        var address = "\(secure ? "https" : "http")://\(host)\(url.hasPrefix("/") ? "" : "/")\(url)"
        guard format == .form else {
            let type = format == .json ? "application/json" : "application/x-ndjson"
            return HTTPRequest(address, body: body(records), headers: [("Content-Type", type)] + headers)
        }
        let form = records.first.map { FormEncoding.encode(chosenFields($0.record) ?? mapLogRecord($0.record)) } ?? []
        if method == "POST" {
            return HTTPRequest(
                address, body: form, headers: [("Content-Type", "application/x-www-form-urlencoded")] + headers)
        }
        address += (url.contains("?") ? "&" : "?") + String(decoding: form, as: UTF8.self)
        return HTTPRequest(address, headers: headers)
    }

    private func body(_ records: [PreparedRecord]) -> [UInt8] {
        var result: [UInt8] = []
        let isArray = format == .json && recordsPerRequest > 1
        if isArray { result.append("[") }
        for (index, prepared) in records.enumerated() {
            if isArray, index > 0 { result.append(",") }
            if let fields = chosenFields(prepared.record) {
                result.append(json: .object(fields))
            } else {
                result += prepared.text
            }
            if format == .ndjson { result.append("\n") }
        }
        if isArray { result.append("]") }
        return result
    }

    public func close() {
        core.endDelivery()
        client.close()
    }
}

extension HTTPResponse {
    /// - Throws: what the status means for what was sent.
    func check(_ url: String) throws(TransportError) {
        guard status >= 300 else { return }
        let said = String(decoding: body.prefix(200), as: UTF8.self)
        var text = Array(
            "\(url.prefix { $0 != "?" }): the server answered \(status)\(said.isEmpty ? "" : ": \(said)")".utf8)
        ControlCharacters.escape(&text, from: 0)
        throw TransportError(
            .rejected, String(decoding: text, as: UTF8.self), status: status,
            isTemporary: status == 429 || status >= 500)
    }
}

/// `urllib.parse.urlencode`.
enum FormEncoding {
    static func encode(_ fields: LogFields) -> [UInt8] {
        var result: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { result.append("&") }
            append(field.name, to: &result)
            result.append("=")
            append(text(field), to: &result)
        }
        return result
    }

    /// As `str` has it, with Python's name for what is missing, which Python's receivers expect.
    private static func text(_ field: LogFields.Field) -> String {
        switch field.value {
        case .null: "None"
        case .array(let elements) where field.name == "args":
            "(" + elements.map(PythonText.repr).joined(separator: ", ") + (elements.count == 1 ? ",)" : ")")
        default: PythonText.plain(field.value)
        }
    }

    /// `quote_plus`
    private static func append(_ text: String, to result: inout [UInt8]) {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "~"):
                result.append(byte)
            case UInt8(ascii: " "): result.append(UInt8(ascii: "+"))
            default: result += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
    }
}
