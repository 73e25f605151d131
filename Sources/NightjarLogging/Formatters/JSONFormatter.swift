/// One JSON object for each record, on one line: `{"time":"2024-01-02T03:04:05.678000Z","level":"INFO",...}`.
///
/// The members are `time` (RFC 3339, microseconds), `level`, `logger`, `message`, the fields in the order they were given, then
/// `exc_info` and `stack_info` where the record has them. A field with the name of one of these is `fields.time`
/// and so on; no name is written twice. Text that is no valid UTF-8, control
/// characters and line ends cannot break the line or the syntax. Thread-safe.
public final class JSONFormatter: Formatter {
    /// What is written, in which order, under which names.
    public let keys: RecordKeys
    private let time: RFC3339Format

    /// - Parameters:
    ///   - keys: which members, their order and names.
    ///   - utc: Greenwich time in place of local time.
    public init(keys: RecordKeys = .all, utc: Bool = false) {
        self.keys = keys
        time = RFC3339Format(utc: utc)
        recordNeeds = keys.needs
    }

    public let recordNeeds: RecordNeeds

    public func format(_ record: LogRecord, into buffer: inout [UInt8]) throws {
        try record.checkMessage()
        var writer = JSONMemberWriter(start: buffer.count)
        keys.visit(record, time) { name, value in writer.write(name, value, to: &buffer) }
        writer.end(&buffer)
    }
}

/// Writes the members of one object.
private struct JSONMemberWriter {
    private let start: Int
    private var isFirst = true

    init(start: Int) { self.start = start }

    mutating func write(_ name: String, _ value: RecordKey.Value, to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: isFirst ? "{" : ","))
        isFirst = false
        buffer.append(json: name)
        buffer.append(UInt8(ascii: ":"))
        switch value {
        case .text(let text): buffer.append(json: text)
        case .time(let record, let format):
            buffer.append(UInt8(ascii: "\""))
            format.append(record, to: &buffer)
            buffer.append(UInt8(ascii: "\""))
        case .value(let value): buffer.append(json: value)
        }
    }

    func end(_ buffer: inout [UInt8]) {
        if isFirst { buffer.append(UInt8(ascii: "{")) }
        buffer.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    /// A value as JSON. Numbers that JSON cannot say are `null`.
    mutating func append(json value: LogValue) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .int(let number): append(number)
        case .double(let number): append(number.isFinite ? PythonText.double(number) : "null")
        case .string(let text): append(json: text)
        case .array(let elements):
            append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: element)
            }
            append(UInt8(ascii: "]"))
        case .object(let fields):
            append(UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: field.name)
                append(UInt8(ascii: ":"))
                append(json: field.value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// A string as JSON, in quotes. What is not printable is escaped, the line separators of Unicode too, which some readers take
    /// for line ends.
    mutating func append(json text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for (place, byte) in bytes.enumerated() {
                let isSyntax = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                guard let length = isSyntax ? 1 : ControlCharacters.length(bytes, place, byte) else { continue }
                append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<place]))
                if isSyntax {
                    append(UInt8(ascii: "\\"))
                    append(byte)
                } else {
                    ControlCharacters.append(escaped: bytes, place, to: &self)
                }
                start = place + length
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        }
        append(UInt8(ascii: "\""))
    }
}
