/// A configuration that was refused: everything that is wrong with it. Nothing was changed.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Where: `handlers.mail.level`, `root.handlers[0]`; empty for the whole.
        public let path: String
        public let message: String
        /// The offending value as it reads in the message, if there is one.
        public let value: String?
        /// The known name nearest to what was written.
        public let suggestion: String?

        public init(path: String, message: String, value: String? = nil, suggestion: String? = nil) {
            self.path = path
            self.message = message
            self.value = value
            self.suggestion = suggestion
        }

        /// `handlers.mail.level: unknown level "WARN1NG" (did you mean "WARNING"?)`
        public var description: String {
            // Names in it are anybody's: none may break the line or steer a terminal.
            var line = Array(path.utf8)
            ControlCharacters.escape(&line, from: 0)
            let place = path.isEmpty ? "" : String(decoding: line, as: UTF8.self) + ": "
            return place + message + (suggestion.map { " (did you mean \"\($0)\"?)" } ?? "")
        }
    }

    /// In the order of their paths, at least one.
    public let problems: [Problem]

    public init(_ problems: [Problem]) { self.problems = problems }

    public var path: String { problems.first?.path ?? "" }
    public var value: String? { problems.first?.value }
    public var suggestion: String? { problems.first?.suggestion }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Finds the name that somebody probably meant.
enum NearestName {
    static func find(_ name: String, among known: some Sequence<String>) -> String? {
        let limit = max(1, min(3, name.count / 3))
        return known.map { (distance(name, $0), $0) }.filter { $0.0 <= limit }.min { $0 < $1 }?.1
    }

    /// How many letters to insert, remove, replace or swap with their neighbour, ignoring case at no cost.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().unicodeScalars)
        let right = Array(right.lowercased().unicodeScalars)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(last[column] + (same ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
