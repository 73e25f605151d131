extension FormatStyle {
    /// `%(levelname)-8s`: Python's printf-style formatting with a mapping.
    public static let percent = FormatStyle(
        name: "%", defaultFormat: "%(message)s", basicFormat: "%(levelname)s:%(name)s:%(message)s",
        parse: { PercentParser($0).parsed() },
        validate: { template throws(LoggingError) in
            guard PercentParser.looksValid(template.source) else {
                throw LoggingError(.value, "Invalid format '\(template.source)' for '%' style")
            }
        })
}

/// Reads `%(name)` followed by flags, width, precision and a conversion character.
struct PercentParser {
    private let bytes: [UInt8]
    private var position = 0
    private var template = FormatTemplate()

    /// Whether names are those of a message's arguments, and never a record's attributes.
    private let isMessage: Bool

    init(_ format: String, isMessage: Bool = false) {
        bytes = Array(format.utf8)
        self.isMessage = isMessage
    }

    private static let percent = UInt8(ascii: "%")

    consuming func parsed() -> FormatTemplate {
        template.source = String(decoding: bytes, as: UTF8.self)
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: Self.percent) ?? bytes.count
            if end > position { template.append(.literal(Array(bytes[position..<end]))) }
            position = end + 1
            guard end < bytes.count else { break }
            do {
                template.append(try specification())
            } catch {
                template.append(.invalid(error))
                break
            }
        }
        return template
    }

    /// What follows a percent sign.
    private mutating func specification() throws(LoggingError) -> FormatTemplate.Segment {
        let name = try key()
        let conversion = try conversion()
        if conversion.kind == Self.percent { return .literal([Self.percent]) }
        guard let name else { throw LoggingError(.type, "format requires a mapping") }
        let attribute = isMessage ? .field(name) : RecordAttribute(name)
        if conversion.isPlainText { return .plain(attribute) }
        return .converted(attribute) { value, buffer in try conversion.append(value, to: &buffer) }
    }

    /// The name in parentheses, which may hold balanced parentheses itself.
    private mutating func key() throws(LoggingError) -> String? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "(") else { return nil }
        var depth = 1
        let start = position + 1
        var end = start
        while end < bytes.count {
            if bytes[end] == UInt8(ascii: "(") { depth += 1 }
            if bytes[end] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { break }
            end += 1
        }
        guard depth == 0 else { throw LoggingError(.value, "incomplete format key") }
        position = end + 1
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func conversion() throws(LoggingError) -> PercentConversion {
        var result = PercentConversion()
        while position < bytes.count, result.setFlag(bytes[position]) { position += 1 }
        result.width = try number() ?? 0
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            result.precision = try number() ?? 0
        }
        guard position < bytes.count else { throw LoggingError(.value, "incomplete format") }
        guard PercentConversion.kinds.contains(bytes[position]) else { throw unsupported(at: position) }
        result.kind = bytes[position]
        position += 1
        return result
    }

    private func unsupported(at place: Int) -> LoggingError {
        let rest = String(decoding: bytes[place...], as: UTF8.self)
        let scalar = rest.unicodeScalars.first ?? "?"
        let index = String(decoding: bytes[..<place], as: UTF8.self).unicodeScalars.count
        let shown = scalar.value < 128 ? String(scalar) : "?"
        let code = String(scalar.value, radix: 16)
        return LoggingError(.value, "unsupported format character '\(shown)' (0x\(code)) at index \(index)")
    }

    private mutating func number() throws(LoggingError) -> Int? {
        if position < bytes.count, bytes[position] == UInt8(ascii: "*") {
            throw LoggingError(.type, "* wants int")
        }
        var value: Int?
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit <= 9 {
            value = (value ?? 0) * 10 + Int(digit)
            // A wider field than this is a mistake, and would only serve to exhaust memory.
            guard value! <= 1_000_000 else { throw LoggingError(.value, "width too big") }
            position += 1
        }
        return value
    }
}

extension PercentParser {
    /// Python's check: whether there is any `%(name)` with flags, width, precision and a conversion, wherever that is. What else is wrong with
    /// a format shows when it is used.
    static func looksValid(_ format: String) -> Bool {
        let bytes = Array(format.utf8)
        return bytes.indices.contains { bytes[$0] == percent && isSpecification(bytes[($0 + 1)...]) }
    }

    private static func isSpecification(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        guard rest.popFirst() == UInt8(ascii: "("), let close = rest.firstIndex(of: UInt8(ascii: ")")) else {
            return false
        }
        let name = String(decoding: rest[..<close], as: UTF8.self)
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return false }
        rest = rest[(close + 1)...].drop { "#0+ -".utf8.contains($0) }
        dropNumber(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard dropNumber(&rest) else { return false }
        }
        return rest.first.map { "diouxefgcrsa%".utf8.contains($0 | 0x20) || $0 == percent } ?? false
    }

    /// Drops digits, or a star.
    /// - Returns: whether there was anything.
    @discardableResult
    private static func dropNumber(_ rest: inout ArraySlice<UInt8>) -> Bool {
        let before = rest.count
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
        } else {
            rest = rest.drop { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        }
        return rest.count < before
    }

    struct TimeAndMilliseconds {
        var prefix: [UInt8] = []
        var middle: [UInt8] = []
        var conversion = PercentConversion()
        var suffix: [UInt8] = []
    }

    /// Reads a format of two positional parts, `%s` and then an integer; nil if it is anything else.
    static func timeAndMilliseconds(_ format: String) -> TimeAndMilliseconds? {
        var parser = PercentParser(format)
        var result = TimeAndMilliseconds()
        guard let prefix = parser.literal(), let time = parser.positional(), time.isPlainText,
            let middle = parser.literal(), let conversion = parser.positional(), conversion.isInteger,
            let suffix = parser.literal(), parser.position == parser.bytes.count
        else { return nil }
        result.prefix = prefix
        result.middle = middle
        result.conversion = conversion
        result.suffix = suffix
        return result
    }

    /// Text up to the next conversion, with `%%` as one sign.
    private mutating func literal() -> [UInt8]? {
        var text: [UInt8] = []
        while position < bytes.count {
            if bytes[position] == Self.percent {
                guard position + 1 < bytes.count else { return nil }
                guard bytes[position + 1] == Self.percent else { return text }
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        return text
    }

    private mutating func positional() -> PercentConversion? {
        guard position < bytes.count else { return nil }
        position += 1
        return try? conversion()
    }
}
