/// A message that names its arguments, `%(name)s`, with a table of them: Python's formatting with one dictionary.
public enum MappedMessage {
    /// Whether the text has such a conversion: Lua's own `string.format` knows none that begins so.
    public static func isOne(_ text: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place + 1 < text.count {
            guard text[place] == UInt8(ascii: "%") else {
                place += 1
                continue
            }
            if text[place + 1] == UInt8(ascii: "(") { return true }
            place += 2
        }
        return false
    }

    /// - Throws: `LoggingError`: `.key` for a name that is not there, `.value` or `.type` for what cannot be formatted.
    public static func format(_ text: String, _ fields: LogFields) throws -> String {
        var buffer: [UInt8] = []
        for segment in PercentParser(text, isMessage: true).parsed().segments {
            switch segment {
            case .literal(let bytes): buffer.append(contentsOf: bytes)
            case .plain(.field(let name)): buffer.append(PythonText.plain(try value(name, fields)))
            case .converted(.field(let name), let convert): try convert(value(name, fields), &buffer)
            case .invalid(let error): throw error
            case .plain, .converted, .dependent: break
            }
        }
        return String(decoding: buffer, as: UTF8.self)
    }

    private static func value(_ name: String, _ fields: LogFields) throws(LoggingError) -> LogValue {
        guard let value = fields[name] else { throw LoggingError(.key, name) }
        return value
    }
}
