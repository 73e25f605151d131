internal import Glibc

/// How a syslog message is laid out.
public enum SyslogFormat: String, Sendable, Hashable, CaseIterable {
    /// As Python sends it: the priority, `ident`, the text, a zero byte.
    case python
    /// The old BSD form, which all receivers know: time, host, program.
    case rfc3164
    /// The structured form, with the record's fields as parameters.
    case rfc5424
}

/// How messages on one connection are told apart (RFC 6587).
public enum SyslogFraming: String, Sendable, Hashable, CaseIterable {
    /// The length in front of each.
    case octet
    /// A line end after each.
    case newline
}

/// Lays messages out.
struct SyslogMessage: Sendable {
    var format: SyslogFormat
    /// `APP-NAME` and the tag; printable ASCII without spaces.
    var program: String
    var host: String
    /// Names the element of structured data.
    var structureName: String

    private static let time5424 = RFC3339Format(utc: false)
    private static let time3164: TimeFormatter = {
        do { return try TimeFormatter(TimeFormat(dateFormat: "%b %e %H:%M:%S")) } catch {
            fatalError("formats without milliseconds are always valid")
        }
    }()

    /// - Parameter text: the record as its formatter shows it. Its control characters are escaped, so that it is one line.
    func bytes(priority: Int, _ record: LogRecord, ident: String, text: [UInt8]) -> [UInt8] {
        var result = Array("<\(priority)>".utf8)
        switch format {
        case .python: result.append(ident)
        case .rfc3164:
            Self.time3164.append(record, to: &result)
            result.append(" \(host) \(program.prefix(32))[\(record.process)]: ")
        case .rfc5424: appendHeader5424(record, &result)
        }
        let start = result.count
        result += text
        ControlCharacters.escape(&result, from: start)
        return result
    }

    private func appendHeader5424(_ record: LogRecord, _ result: inout [UInt8]) {
        result.append("1 ")
        Self.time5424.append(record, to: &result)
        let logger = Self.name(record.name, limit: 32)
        result.append(" \(host) \(program.prefix(48)) \(record.process) \(logger) ")
        appendStructure(record, &result)
        result.append(" ")
    }

    private func appendStructure(_ record: LogRecord, _ result: inout [UInt8]) {
        guard !record.fields.isEmpty else { return result.append("-") }
        result.append("[\(structureName)")
        for field in record.fields {
            result.append(" \(Self.name(field.name, limit: 32))=\"")
            var value: [UInt8] = []
            switch field.value {
            case .array, .object: value.append(json: field.value)
            default: value.appendPlain(field.value)
            }
            ControlCharacters.escape(&value, from: 0)
            for byte in value {
                if [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "]")].contains(byte) {
                    result.append(UInt8(ascii: "\\"))
                }
                result.append(byte)
            }
            result.append("\"")
        }
        result.append("]")
    }

    /// A name as headers and parameters may have it: printable ASCII without `=`, `]`, `"` and spaces; `-` if nothing is left.
    static func name(_ text: String, limit: Int) -> String {
        let bytes = text.utf8.map { byte -> UInt8 in
            let isRefused = byte <= 0x20 || byte >= 0x7F || [0x22, 0x3D, 0x5D].contains(byte)
            return isRefused ? UInt8(ascii: "_") : byte
        }
        return bytes.isEmpty ? "-" : String(decoding: bytes.prefix(limit), as: UTF8.self)
    }

    /// The name of this machine.
    static let hostName: String = {
        var room = [CChar](repeating: 0, count: 256)
        guard gethostname(&room, room.count - 1) == 0 else { return "-" }
        return name(String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), limit: 255)
    }()

    /// The name of this program.
    static let programName: String = {
        guard let file = fopen("/proc/self/comm", "r") else { return "-" }
        defer { fclose(file) }
        var room = [UInt8](repeating: 0, count: 64)
        let count = fread(&room, 1, room.count, file)
        return name(String(decoding: room[..<count].prefix { $0 != 0x0A }, as: UTF8.self), limit: 48)
    }()
}
