/// A file of sections, options and values, as Python's `configparser.ConfigParser` reads it: `=` and `:`, whole-line comments by `#` and
/// `;`, values that go on in indented lines, `[DEFAULT]` for all sections, and `%(name)s` for the value of another option.
struct IniFile {
    private static let defaultSection = "DEFAULT"

    private var sections: [String: [String: String]] = [:]
    private var defaults: [String: String]

    /// - Parameters:
    ///   - source: how the text is named in errors.
    ///   - defaults: options that every section has; their names are not sensitive to case.
    /// - Throws: `LoggingError` with Python's text, `.runtime` for what is no such file.
    init(_ text: String, source: String, defaults: [String: String] = [:]) throws(LoggingError) {
        self.defaults = Dictionary(defaults.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
        var reader = Reader(source: source)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            try reader.read(line.last == "\r" ? line.dropLast() : line, number: index + 1)
        }
        for (section, options) in try reader.finished() {
            if section == Self.defaultSection {
                self.defaults.merge(options) { $1 }
            } else {
                sections[section] = options
            }
        }
    }

    func has(_ section: String) -> Bool { sections[section] != nil }

    /// The text of an option as it is written; nil if neither the section nor the defaults have it.
    func raw(_ section: String, _ option: String) -> String? { sections[section]?[option] ?? defaults[option] }

    /// The text of an option with the options that it names put in.
    /// - Throws: `LoggingError` of kind `.value`, with Python's text, for a name that no option has.
    func value(_ section: String, _ option: String) throws(LoggingError) -> String? {
        guard let raw = raw(section, option) else { return nil }
        return try interpolate(raw, section, option, depth: 1)
    }

    /// Values in values in values ... this deep are a circle; Python's limit.
    private static let deepest = 10

    private func interpolate(
        _ text: String, _ section: String, _ option: String, depth: Int
    ) throws(LoggingError) -> String {
        guard depth <= Self.deepest else {
            throw LoggingError(
                .value,
                "Recursion limit exceeded in value substitution: option \(PythonText.quoted(option)) in section "
                    + "\(PythonText.quoted(section)) contains an interpolation key which cannot be substituted in "
                    + "\(Self.deepest) steps. Raw value: \(PythonText.quoted(text))")
        }
        var result = "", rest = text[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if rest.first == "%" {
                result += "%"
                rest.removeFirst()
                continue
            }
            guard rest.first == "(", let end = rest.firstIndex(of: ")"), rest[end...].hasPrefix(")s") else {
                throw LoggingError(
                    .value, "'%' must be followed by '%' or '(', found: \(PythonText.quoted("%" + rest))")
            }
            let name = rest[..<end].dropFirst().lowercased()
            guard let inner = raw(section, name) else {
                throw LoggingError(
                    .value,
                    "Bad value substitution: option \(PythonText.quoted(option)) in section "
                        + "\(PythonText.quoted(section)) contains an interpolation key \(PythonText.quoted(name)) which "
                        + "is not a valid option name. Raw value: \(PythonText.quoted(text))")
            }
            result += try interpolate(inner, section, option, depth: depth + 1)
            rest = rest[rest.index(end, offsetBy: 2)...]
        }
        return result + rest
    }
}

extension IniFile {
    /// Goes through the lines; knows the option whose value may go on.
    private struct Reader {
        let source: String
        private var sections: [String: [String: String]] = [:]
        private var section: String?
        private var option: String?
        private var indentation = 0
        private var wrong: [String] = []

        init(source: String) { self.source = source }

        mutating func read(_ line: Substring, number: Int) throws(LoggingError) {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.first == "#" || text.first == ";" { return }
            let content = text.trimmingSpaces
            let depth = line.count - text.count
            if let section, let option, content.isEmpty || depth > indentation {
                sections[section]?[option]? += "\n" + content
                return
            }
            guard !content.isEmpty else { return }
            indentation = depth
            if content.first == "[", let end = content.lastIndex(of: "]") {
                return try begin(String(content[..<end].dropFirst()), number)
            }
            guard let section else {
                throw LoggingError(
                    .runtime,
                    "\(source) is invalid: File contains no section headers.\nfile: \(PythonText.quoted(source)), "
                        + "line: \(number)\n\(PythonText.quoted(String(line) + "\n"))")
            }
            try add(content, to: section, number)
        }

        private mutating func begin(_ name: String, _ number: Int) throws(LoggingError) {
            if sections[name] != nil, name != IniFile.defaultSection {
                throw LoggingError(
                    .value,
                    "While reading from \(PythonText.quoted(source)) [line \(pad(number))]: section "
                        + "\(PythonText.quoted(name)) already exists")
            }
            if sections[name] == nil { sections[name] = [:] }
            section = name
            option = nil
        }

        private mutating func add(_ content: String, to section: String, _ number: Int) throws(LoggingError) {
            guard let delimiter = content.firstIndex(where: { $0 == "=" || $0 == ":" }), delimiter > content.startIndex
            else {
                option = nil
                return wrong.append("\t[line \(pad(number))]: \(PythonText.quoted(content + "\n"))")
            }
            let name = content[..<delimiter].trimmingSpaces.lowercased()
            guard sections[section]?[name] == nil else {
                throw LoggingError(
                    .value,
                    "While reading from \(PythonText.quoted(source)) [line \(pad(number))]: option "
                        + "\(PythonText.quoted(name)) in section \(PythonText.quoted(section)) already exists")
            }
            sections[section]?[name] = content[content.index(after: delimiter)...].trimmingSpaces
            option = name
        }

        private func pad(_ number: Int) -> String { number < 10 ? " \(number)" : "\(number)" }

        func finished() throws(LoggingError) -> [String: [String: String]] {
            guard wrong.isEmpty else {
                throw LoggingError(
                    .runtime,
                    "\(source) is invalid: Source contains parsing errors: \(PythonText.quoted(source))\n"
                        + wrong.joined(separator: "\n"))
            }
            return sections.mapValues { options in
                options.mapValues { value in
                    // Empty lines behind a value belong to nobody.
                    var value = value[...]
                    while value.last == "\n" { value.removeLast() }
                    return String(value)
                }
            }
        }
    }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmingSpaces: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
