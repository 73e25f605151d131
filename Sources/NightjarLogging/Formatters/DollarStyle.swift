extension FormatStyle {
    /// `$levelname ${message}`: the templates of Python's `string.Template`.
    public static let dollar = FormatStyle(
        name: "$", defaultFormat: "${message}", basicFormat: "${levelname}:${name}:${message}",
        parse: { parseDollars($0) },
        validate: { template throws(LoggingError) in
            if let error = template.firstError { throw error }
            if template.attributes.isEmpty { throw LoggingError(.value, "invalid format: no fields") }
        })

    private static func parseDollars(_ format: String) -> FormatTemplate {
        var template = FormatTemplate()
        var rest = Substring(format)
        while let dollar = rest.firstIndex(of: "$") {
            if dollar > rest.startIndex { template.append(.literal(Array(rest[..<dollar].utf8))) }
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                template.append(.literal([UInt8(ascii: "$")]))
                rest = rest.dropFirst()
            } else if let name = dollarName(&rest) {
                template.append(.plain(RecordAttribute(name)))
            } else {
                template.append(.invalid(LoggingError(.value, "invalid format: bare '$' not allowed")))
            }
        }
        if !rest.isEmpty { template.append(.literal(Array(rest.utf8))) }
        return template
    }

    /// A name, bare or in braces; nil, and nothing taken, if there is none.
    private static func dollarName(_ rest: inout Substring) -> String? {
        let isBraced = rest.first == "{"
        let text = isBraced ? rest.dropFirst() : rest
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = name.first, !first.isNumber else { return nil }
        let after = text[name.endIndex...]
        guard !isBraced || after.first == "}" else { return nil }
        rest = isBraced ? after.dropFirst() : after
        return String(name)
    }
}
