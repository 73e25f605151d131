internal import Glibc

/// The colours of records on a terminal, by level. A value.
public struct LevelColors: Sendable, Hashable {
    /// When records are coloured.
    public enum Mode: String, Sendable {
        /// On a terminal; `NO_COLOR` in the environment prevents it, `FORCE_COLOR` brings it about.
        case auto
        case always
        case never
    }

    /// From the lowest level up: each holds until the next.
    private var codes: [(level: Int, code: String)] = []

    /// Grey, green, yellow, red, and bold red from DEBUG, INFO, WARNING, ERROR and CRITICAL on.
    public static let standard: LevelColors = {
        var colors = LevelColors()
        for (level, code) in [(10, "90"), (20, "32"), (30, "33"), (40, "31"), (50, "1;31")] {
            colors.codes.append((level, code))
        }
        return colors
    }()

    private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
    private static let styles = ["bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7"]

    public init() {}

    /// Sets the colour from `level` on.
    /// - Parameter color: words such as `red`, `bright blue`, `bold yellow`, `underline`; empty for none.
    /// - Throws: `LoggingError` of kind `.value` for a word that is not known.
    public mutating func set(_ level: Level, to color: String) throws(LoggingError) {
        var parts: [String] = [], brightness = 30
        for word in color.lowercased().split(whereSeparator: { " _-,".contains($0) }) {
            if word == "bright" {
                brightness = 90
            } else if word == "grey" || word == "gray" {
                parts.append("90")
            } else if let style = Self.styles[String(word)] {
                parts.append(style)
            } else if let number = Self.names.firstIndex(of: String(word)) {
                parts.append(String(brightness + number))
            } else {
                let known = (Self.names + ["bright", "grey"] + Self.styles.keys.sorted()).joined(separator: ", ")
                throw LoggingError(.value, "unknown color \(PythonText.quoted(String(word))) (known: \(known))")
            }
        }
        codes.removeAll { $0.level == level.rawValue }
        codes.append((level.rawValue, parts.joined(separator: ";")))
        codes.sort { $0.level < $1.level }
    }

    /// Puts the colour of `level` around what stands from `start` on.
    func wrap(_ text: inout [UInt8], from start: Int, _ level: Level) {
        guard let code = codes.last(where: { $0.level <= level.rawValue })?.code, !code.isEmpty else { return }
        text.insert(contentsOf: Array("\u{1b}[\(code)m".utf8), at: start)
        text.append("\u{1b}[0m")
    }

    public static func == (left: LevelColors, right: LevelColors) -> Bool {
        left.codes.elementsEqual(right.codes) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        for (level, code) in codes {
            hasher.combine(level)
            hasher.combine(code)
        }
    }
}

extension LevelColors.Mode {
    /// Whether records for `sink` are coloured.
    func applies(to sink: any Sink) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            if Environment.has("NO_COLOR") {
                false
            } else if Environment.has("FORCE_COLOR") {
                true
            } else {
                sink.isTerminal && Environment.value("TERM") != "dumb"
            }
        }
    }
}

private enum Environment {
    static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    /// As the conventions have it: set, and not empty.
    static func has(_ name: String) -> Bool { value(name)?.isEmpty == false }
}
