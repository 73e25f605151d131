/// Reads JSON (RFC 8259) into the tree of a configuration.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    /// Nesting deeper than this is no configuration.
    private static let deepest = 64

    /// - Throws: `LoggingError` of kind `.value` with the place.
    static func read(_ bytes: [UInt8]) throws(LoggingError) -> ConfigurationValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.problem("end of text expected") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func problem(_ what: String) -> LoggingError {
        LoggingError(.value, "no JSON: \(what) at byte \(position)")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(LoggingError) -> ConfigurationValue {
        guard depth < Self.deepest else { throw problem("too deep") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: ConfigurationValue) throws(LoggingError) -> ConfigurationValue {
        guard bytes[position...].starts(with: text.utf8) else { throw problem("value expected") }
        position += text.utf8.count
        return value
    }

    private mutating func object(_ depth: Int) throws(LoggingError) -> ConfigurationValue {
        position += 1
        var entries: [String: ConfigurationValue] = [:]
        if take("}") { return .object(entries) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("name expected") }
            let name = try string()
            guard take(":") else { throw problem("':' expected") }
            entries[name] = try value(depth: depth + 1)
        } while take(",")
        guard take("}") else { throw problem("'}' expected") }
        return .object(entries)
    }

    private mutating func array(_ depth: Int) throws(LoggingError) -> ConfigurationValue {
        position += 1
        var elements: [ConfigurationValue] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw problem("']' expected") }
        return .array(elements)
    }

    private mutating func string() throws(LoggingError) -> String {
        position += 1
        var units: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            position += 1
            if byte == UInt8(ascii: "\\") { units += Array(try escape().utf8) } else { units.append(byte) }
        }
        guard next != nil else { throw problem("string without end") }
        position += 1
        return String(decoding: units, as: UTF8.self)
    }

    private mutating func escape() throws(LoggingError) -> String {
        guard let byte = next else { throw problem("string without end") }
        position += 1
        switch Unicode.Scalar(byte) {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "\"", "\\", "/": return String(Unicode.Scalar(byte))
        case "u": return try unicode()
        default: throw problem("unknown escape")
        }
    }

    /// One code unit or, where it is the first half of a pair, two.
    private mutating func unicode() throws(LoggingError) -> String {
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            units.append(try codeUnit())
        }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func codeUnit() throws(LoggingError) -> UInt16 {
        let end = position + 4
        guard end <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
        else { throw problem("four hexadecimal digits expected") }
        position = end
        return unit
    }

    private mutating func number() throws(LoggingError) -> ConfigurationValue {
        let start = position
        while let byte = next, "+-.0123456789eE".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let number = Int64(text) { return .int(number) }
        guard let number = Double(text) else { throw problem("value expected") }
        return .double(number)
    }
}

extension LoggingSystem {
    /// Applies a configuration that is JSON in the schema of `dictConfig`, wholly or not at all.
    /// - Throws: `LoggingError` for what is no JSON, `ConfigurationError` for what it says.
    public func dictConfig(json: [UInt8]) throws { try dictConfig(JSONReader.read(json)) }
}
