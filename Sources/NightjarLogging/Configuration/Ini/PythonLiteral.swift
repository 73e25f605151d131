/// Reads what Python's `ast.literal_eval` takes, and the names that a table knows: tuples, lists, dictionaries, strings, numbers, `True`,
/// `False`, `None`, and the empty `tuple()`, `list()`, `dict()`. Nothing is ever called or looked up elsewhere.
struct PythonLiteral {
    private let text: [Character]
    private var position = 0
    private let names: [String: ConfigurationValue]
    /// Brackets deeper than this are no arguments.
    private static let deepest = 32

    /// The value of `text`.
    /// - Throws: `LoggingError` of kind `.value` that shows the text.
    static func read(_ text: String, names: [String: ConfigurationValue] = [:]) throws(LoggingError)
        -> ConfigurationValue
    {
        var reader = PythonLiteral(text: Array(text), names: names)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == reader.text.count else { throw reader.problem() }
        return value
    }

    private init(text: [Character], names: [String: ConfigurationValue]) {
        self.text = text
        self.names = names
    }

    private func problem(_ why: String = "") -> LoggingError {
        let shown = PythonText.quoted(String(text))
        return LoggingError(.value, "no literal: \(shown)" + (why.isEmpty ? "" : " (\(why))"))
    }

    private mutating func skipSpace() {
        while position < text.count, text[position].isWhitespace { position += 1 }
    }

    private var next: Character? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard next == character else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(LoggingError) -> ConfigurationValue {
        guard depth < Self.deepest else { throw problem("too deep") }
        skipSpace()
        guard let first = next else { throw problem() }
        switch first {
        case "(": return try tuple(depth)
        case "[":
            position += 1
            return .array(try elements(until: "]", depth).values)
        case "{": return try dictionary(depth)
        case "'", "\"": return .string(try strings())
        case "-", "+", "0"..."9", ".": return try number()
        default: return try name()
        }
    }

    /// `(a)` is `a`; `(a,)` and `()` are tuples.
    private mutating func tuple(_ depth: Int) throws(LoggingError) -> ConfigurationValue {
        position += 1
        let (values, hasComma) = try elements(until: ")", depth)
        if values.count == 1, !hasComma { return values[0] }
        return .array(values)
    }

    private mutating func elements(
        until end: Character, _ depth: Int
    ) throws(LoggingError) -> (values: [ConfigurationValue], hasComma: Bool) {
        var values: [ConfigurationValue] = [], hasComma = false
        while !take(end) {
            guard values.isEmpty || hasComma else { throw problem() }
            values.append(try value(depth: depth + 1))
            hasComma = take(",")
        }
        return (values, hasComma)
    }

    private mutating func dictionary(_ depth: Int) throws(LoggingError) -> ConfigurationValue {
        position += 1
        var entries: [String: ConfigurationValue] = [:], hasComma = true
        while !take("}") {
            guard hasComma else { throw problem() }
            guard case .string(let key) = try value(depth: depth + 1) else { throw problem("a key that is no string") }
            guard take(":") else { throw problem() }
            entries[key] = try value(depth: depth + 1)
            hasComma = take(",")
        }
        return .object(entries)
    }

    /// One string, or several behind each other, which are one.
    private mutating func strings() throws(LoggingError) -> String {
        var result = try string(isRaw: false)
        skipSpace()
        while next == "'" || next == "\"" {
            result += try string(isRaw: false)
            skipSpace()
        }
        return result
    }

    private mutating func string(isRaw: Bool) throws(LoggingError) -> String {
        let quote = text[position]
        position += 1
        var result = ""
        while let character = next, character != quote {
            position += 1
            guard character == "\\", let escaped = next else {
                result.append(character)
                continue
            }
            position += 1
            result += isRaw ? "\\\(escaped)" : try self.escaped(escaped)
        }
        guard take(quote) else { throw problem("a string without end") }
        return result
    }

    private mutating func escaped(_ character: Character) throws(LoggingError) -> String {
        switch character {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "0": return "\0"
        case "\\", "'", "\"": return String(character)
        case "x": return try scalar(digits: 2)
        case "u": return try scalar(digits: 4)
        default: return "\\\(character)"
        }
    }

    private mutating func scalar(digits: Int) throws(LoggingError) -> String {
        let end = min(position + digits, text.count)
        guard let code = UInt32(String(text[position..<end]), radix: 16), let scalar = Unicode.Scalar(code) else {
            throw problem("a bad escape")
        }
        position = end
        return String(Character(scalar))
    }

    private mutating func number() throws(LoggingError) -> ConfigurationValue {
        let start = position
        while let character = next, character.isLetter || character.isNumber || "+-._".contains(character) {
            // A sign is the number's first character, or that of its exponent.
            if "+-".contains(character), position > start, !"eE".contains(text[position - 1]) { break }
            position += 1
        }
        let digits = String(text[start..<position].filter { $0 != "_" })
        if digits.lowercased().hasPrefix("0x"), let number = Int64(digits.dropFirst(2), radix: 16) {
            return .int(number)
        }
        if let number = Int64(digits) { return .int(number) }
        guard let number = Double(digits) else { throw problem() }
        return .double(number)
    }

    private mutating func name() throws(LoggingError) -> ConfigurationValue {
        let start = position
        while let character = next, character.isLetter || character.isNumber || "._".contains(character) {
            position += 1
        }
        let word = String(text[start..<position])
        if next == "'" || next == "\"", ["r", "R", "u", "U", "b", "B"].contains(word) {
            return .string(try string(isRaw: word.lowercased() == "r"))
        }
        switch word {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .null
        case "tuple" where takeEmptyCall(), "list" where takeEmptyCall(): return .array([])
        case "dict" where takeEmptyCall(): return .object([:])
        default:
            if let known = names[word] { return known }
            throw problem(word.isEmpty ? "" : "only literals are read, and \(PythonText.quoted(word)) is none")
        }
    }

    /// Takes `()`; goes nowhere where anything else follows.
    private mutating func takeEmptyCall() -> Bool {
        let start = position
        if take("("), take(")") { return true }
        position = start
        return false
    }
}
