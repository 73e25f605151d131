/// `time=2024-01-02T03:04:05.678000Z level=info logger=app msg="took 5 ms" order=7`: a line of pairs for each record.
///
/// The pairs are those of ``JSONFormatter``, with `level` in lower case and the message called `msg`. Values are quoted where they hold
/// anything but printable characters without space, `=` and `"`; control characters and line ends are escaped. Names lose
/// what a name cannot have. Structured values are written as JSON. Thread-safe.
public final class LogfmtFormatter: Formatter {
    /// What is written, in which order, under which names.
    public let keys: RecordKeys
    private let time: RFC3339Format

    /// - Parameters: those of ``JSONFormatter/init(keys:utc:)``.
    public init(keys: RecordKeys = .all, utc: Bool = false) {
        self.keys = keys
        time = RFC3339Format(utc: utc)
        recordNeeds = keys.needs
    }

    public let recordNeeds: RecordNeeds

    public func format(_ record: LogRecord, into buffer: inout [UInt8]) throws {
        try record.checkMessage()
        let start = buffer.count
        keys.visit(record, time) { name, value in
            if buffer.count > start { buffer.append(UInt8(ascii: " ")) }
            buffer.append(logfmtName: keys.chosen == nil && name == "message" ? "msg" : name)
            buffer.append(UInt8(ascii: "="))
            switch value {
            case .text(let text):
                buffer.append(logfmt: keys.chosen == nil && name == "level" ? text.lowercased() : text)
            case .time(let record, let format): format.append(record, to: &buffer)
            case .value(.string(let text)): buffer.append(logfmt: text)
            case .value(.array(let elements)): buffer.append(logfmtJSON: .array(elements))
            case .value(.object(let fields)): buffer.append(logfmtJSON: .object(fields))
            case .value(.null): buffer.append("null")
            case .value(let value): buffer.append(PythonText.plain(value))
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(logfmtName name: String) {
        let start = count
        for byte in name.utf8
        where byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"") {
            append(byte)
        }
        if count == start { append(UInt8(ascii: "_")) }
    }

    fileprivate mutating func append(logfmt text: String) {
        let isBare =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"")
                    && byte != UInt8(ascii: "\\")
            }
        if isBare { append(text) } else { append(json: text) }
    }

    fileprivate mutating func append(logfmtJSON value: LogValue) {
        var text: [UInt8] = []
        text.append(json: value)
        append(logfmt: String(decoding: text, as: UTF8.self))
    }
}
