/// Reads the text of a cron expression.
struct CronParser {
    private let source: String

    init(_ source: String) { self.source = source }

    /// One field: its values, and whether it was written as `*` or `*/n`.
    struct Field {
        var values = CronSet()
        var isWildcard = false
    }

    /// The five fields in their order.
    func parse() throws(CronError) -> [Field] {
        var words = source.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.count == 1, let word = words.first, word.hasPrefix("@") { words = try expand(word) }
        guard words.count == CronField.allCases.count else {
            throw error(
                "5 fields expected (minute, hour, day of month, month, day of week) or a word such as @daily, got \(words.count)"
            )
        }
        var fields: [Field] = []
        for (field, word) in zip(CronField.allCases, words) { fields.append(try parse(word, as: field)) }
        return fields
    }

    private static let words = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    private func expand(_ word: String) throws(CronError) -> [String] {
        guard let fields = Self.words[word.lowercased()] else {
            throw error("'\(word)' is not one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually")
        }
        return fields.split(separator: " ").map(String.init)
    }

    /// A list: `1,5-9,*/10`.
    private func parse(_ word: String, as field: CronField) throws(CronError) -> Field {
        var result = Field()
        result.isWildcard = word.hasPrefix("*")
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            try add(String(part), of: word, to: &result.values, field)
        }
        return result
    }

    /// One element of a list: a value, a range or `*`, each perhaps with a step.
    private func add(
        _ part: String, of word: String, to values: inout CronSet, _ field: CronField
    ) throws(CronError) {
        let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let base = pieces.first, !base.isEmpty else {
            throw error(field, word, "lacks a value (allowed: \(field.allowed))")
        }
        let step = pieces.count == 1 ? nil : try self.step(pieces[1], field)
        var range = try self.range(base, field)
        // `5/15` is every 15 from 5 on.
        if step != nil, range.count == 1, !base.contains("-") { range = range.lowerBound...field.all.upperBound }
        for value in stride(from: range.lowerBound, through: range.upperBound, by: step ?? 1) {
            values.insert(field == .dayOfWeek ? value % 7 : value)
        }
    }

    private func step(_ text: String, _ field: CronField) throws(CronError) -> Int {
        guard let step = number(text), (1...field.count).contains(step) else {
            throw error(field, text, "is no step (1-\(field.count))")
        }
        return step
    }

    private func range(_ text: String, _ field: CronField) throws(CronError) -> ClosedRange<Int> {
        if text == "*" { return field.all }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let first = try value(ends[0], of: text, field)
        guard ends.count == 2 else { return first...first }
        var last = try value(ends[1], of: text, field)
        // `FRI-SUN`: at the end of a range Sunday is the last day of a week.
        if field == .dayOfWeek, last == 0, first > 0, number(ends[1]) == nil { last = 7 }
        guard first <= last else { throw error(field, text, "runs backwards (allowed: \(field.allowed))") }
        return first...last
    }

    private func value(_ text: String, of whole: String, _ field: CronField) throws(CronError) -> Int {
        guard let value = number(text) ?? field.value(named: text) else {
            throw error(field, whole, "is neither a number nor a name that is known (allowed: \(field.allowed))")
        }
        guard field.range.contains(value) else {
            throw error(field, whole, "is out of range (allowed: \(field.allowed))")
        }
        return value
    }

    /// Digits and nothing else: no sign, no spaces.
    private func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        // A number too long for an `Int` is out of any field's range.
        return Int(text) ?? .max
    }

    private func error(_ field: CronField, _ value: String, _ problem: String) -> CronError {
        error("\(field.name): '\(value)' \(problem)")
    }

    func error(_ problem: String) -> CronError { CronError(expression: source, problem: problem) }
}
