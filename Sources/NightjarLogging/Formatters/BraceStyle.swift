extension FormatStyle {
    /// `{levelname:<8}`: the format strings of Python's `str.format`, with names for fields.
    public static let brace = FormatStyle(
        name: "{", defaultFormat: "{message}", basicFormat: "{levelname}:{name}:{message}",
        parse: { BraceParser($0).parsed() }, validate: validateBraces)

    /// Python's checks, in its order and its words.
    private static func validateBraces(_ template: FormatTemplate) throws(LoggingError) {
        if let error = template.firstError { throw LoggingError(.value, "invalid format: \(error.message)") }
        if template.attributes.allSatisfy({ $0 == .field("") }) {
            throw LoggingError(.value, "invalid format: no fields")
        }
    }
}

/// Reads `{name!r:specification}`. A name may reach into a structured field, `{order.items[0]}`: into data, never into objects.
struct BraceParser {
    private let characters: [Unicode.Scalar]
    private var position = 0
    private var template = FormatTemplate()

    init(_ format: String) { characters = Array(format.unicodeScalars) }

    consuming func parsed() -> FormatTemplate {
        do {
            while position < characters.count { try segment() }
        } catch {
            template.append(.invalid(error))
        }
        return template
    }

    private mutating func segment() throws(LoggingError) {
        let character = characters[position]
        let isDoubled = position + 1 < characters.count && characters[position + 1] == character
        switch character {
        case "{", "}":
            if isDoubled {
                template.append(.literal(Array(String(character).utf8)))
                position += 2
            } else if character == "}" {
                throw LoggingError(.value, "Single '}' encountered in format string")
            } else {
                position += 1
                template.append(try field())
            }
        default:
            let end = characters[position...].firstIndex { $0 == "{" || $0 == "}" } ?? characters.count
            template.append(.literal(Array(text(position..<end).utf8)))
            position = end
        }
    }

    /// What stands between braces; the opening one has been read.
    private mutating func field() throws(LoggingError) -> FormatTemplate.Segment {
        guard position < characters.count else {
            throw LoggingError(.value, "Single '{' encountered in format string")
        }
        let path = try FieldPath(name())
        let repr = try conversion()
        let specification = try specificationText()
        guard position < characters.count, characters[position] == "}" else {
            throw LoggingError(.value, "expected '}' before end of string")
        }
        position += 1
        return try Self.segment(path, repr, specification)
    }

    private static func segment(
        _ path: FieldPath, _ conversion: BraceConversion?, _ specification: String
    ) throws(LoggingError) -> FormatTemplate.Segment {
        if path.steps.isEmpty, conversion == nil, specification.isEmpty { return .plain(path.attribute) }
        if let open = specification.firstIndex(of: "{") {
            // Which values those are is known record by record.
            return try NestedSpecification(path, conversion, specification, open).segment()
        }
        let parsed = try BraceSpecification(specification)
        return .converted(path.attribute) { value, buffer in
            try parsed.append(conversion?(path.follow(value)) ?? path.follow(value), to: &buffer)
        }
    }

    // MARK: Parts

    private mutating func name() throws(LoggingError) -> String {
        let start = position
        while position < characters.count, !["}", "!", ":"].contains(characters[position]) {
            if characters[position] == "{" { throw LoggingError(.value, "unexpected '{' in field name") }
            if characters[position] == "[" {
                position = characters[position...].firstIndex(of: "]") ?? characters.count - 1
            }
            position += 1
        }
        guard position < characters.count else { throw LoggingError(.value, "expected '}' before end of string") }
        return text(start..<position)
    }

    private mutating func conversion() throws(LoggingError) -> BraceConversion? {
        guard characters[position] == "!" else { return nil }
        position += 1
        guard position < characters.count else {
            throw LoggingError(.value, "end of string while looking for conversion specifier")
        }
        let name = String(characters[position])
        position += 1
        guard position < characters.count else { throw LoggingError(.value, "unmatched '{' in format spec") }
        guard characters[position] == "}" || characters[position] == ":" else {
            throw LoggingError(.value, "expected ':' after conversion specifier")
        }
        guard let conversion = BraceConversion(rawValue: name) else {
            throw LoggingError(.value, "invalid conversion: \(PythonText.quoted(name))")
        }
        return conversion
    }

    /// May hold fields itself, one level deep.
    private mutating func specificationText() throws(LoggingError) -> String {
        guard position < characters.count, characters[position] == ":" else { return "" }
        position += 1
        let start = position
        var depth = 0
        while position < characters.count {
            if characters[position] == "{" { depth += 1 }
            if characters[position] == "}" {
                if depth == 0 { return text(start..<position) }
                depth -= 1
            }
            position += 1
        }
        throw LoggingError(.value, depth > 0 ? "expected '}' before end of string" : "unmatched '{' in format spec")
    }

    private func text(_ range: Range<Int>) -> String {
        var result = ""
        result.unicodeScalars.append(contentsOf: characters[range])
        return result
    }
}

/// What `!s`, `!r` and `!a` do to a value before it is formatted.
enum BraceConversion: String, Sendable {
    case plain = "s", repr = "r", ascii = "a"

    func callAsFunction(_ value: LogValue) -> LogValue {
        switch self {
        case .plain: .string(PythonText.plain(value))
        case .repr: .string(PythonText.repr(value))
        case .ascii: .string(PythonText.ascii(value))
        }
    }
}

/// `order.items[0]`: an attribute or field, and the way into its data.
struct FieldPath: Sendable {
    let attribute: RecordAttribute
    let steps: [String]
    private let text: String

    init(_ text: String) throws(LoggingError) {
        self.text = text
        var rest = Substring(text)
        let first = Self.word(&rest)
        var steps: [String] = []
        while !rest.isEmpty {
            switch rest.removeFirst() {
            case ".":
                let step = Self.word(&rest)
                guard !step.isEmpty else { throw Self.invalid(text) }
                steps.append(step)
            case "[":
                guard let end = rest.firstIndex(of: "]"), end > rest.startIndex else { throw Self.invalid(text) }
                steps.append(String(rest[..<end]))
                rest = rest[rest.index(after: end)...]
            default: throw Self.invalid(text)
            }
        }
        guard !first.isEmpty || text.isEmpty else { throw Self.invalid(text) }
        attribute = RecordAttribute(first)
        self.steps = steps
    }

    private static func invalid(_ text: String) -> LoggingError {
        LoggingError(.value, "invalid field name/expression: \(PythonText.quoted(text))")
    }

    /// Letters, digits and underscores.
    private static func word(_ rest: inout Substring) -> String {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        rest = rest[word.endIndex...]
        return String(word)
    }

    /// The value at the end of the way. Elements of arrays count from 0, as in Python.
    func follow(_ value: LogValue) throws(LoggingError) -> LogValue {
        var value = value
        for step in steps {
            switch value {
            case .object(let fields):
                guard let found = fields[step] else { throw missing() }
                value = found
            case .array(let elements):
                guard let index = Int(step), elements.indices.contains(index) else { throw missing() }
                value = elements[index]
            default: throw missing()
            }
        }
        return value
    }

    private func missing() -> LoggingError {
        LoggingError(.value, "Formatting field not found in record: \(PythonText.quoted(text))")
    }
}

/// A specification with fields in it, `{message:{width}}`.
private struct NestedSpecification: Sendable {
    private enum Part: Sendable {
        case text(String)
        case field(Int, FieldPath)
    }

    private let path: FieldPath
    private let conversion: BraceConversion?
    private let parts: [Part]
    private let attributes: [RecordAttribute]

    init(
        _ path: FieldPath, _ conversion: BraceConversion?, _ text: String, _ open: String.Index
    ) throws(LoggingError) {
        var parts: [Part] = [], attributes: [RecordAttribute] = []
        var rest = Substring(text), next: String.Index? = open
        while let open = next {
            parts.append(.text(String(rest[..<open])))
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw LoggingError(.value, "expected '}' before end of string")
            }
            let inner = try FieldPath(String(rest[rest.index(after: open)..<close]))
            parts.append(.field(attributes.count, inner))
            attributes.append(inner.attribute)
            rest = rest[rest.index(after: close)...]
            next = rest.firstIndex(of: "{")
        }
        parts.append(.text(String(rest)))
        self.path = path
        self.conversion = conversion
        self.parts = parts
        self.attributes = attributes
        // What can be wrong with the text around the fields is known now: a digit can stand for any of them.
        _ = try BraceSpecification(
            parts.reduce(into: "") { if case .text(let text) = $1 { $0 += text } else { $0 += "1" } })
    }

    func segment() -> FormatTemplate.Segment {
        .dependent(path.attribute, attributes) { value, others, buffer in
            var text = ""
            for part in parts {
                switch part {
                case .text(let literal): text += literal
                case .field(let index, let path): text += PythonText.plain(try path.follow(others[index]))
                }
            }
            let found = try path.follow(value)
            try BraceSpecification(text).append(conversion?(found) ?? found, to: &buffer)
        }
    }
}
