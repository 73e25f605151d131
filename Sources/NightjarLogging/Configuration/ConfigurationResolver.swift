/// Replaces `cfg://a.b[0]` by the value there, and `ext://sys.stdout` and `ext://sys.stderr` by the streams.
struct ConfigurationResolver {
    private let whole: ConfigurationValue
    private(set) var problems: [ConfigurationError.Problem] = []
    /// The entries of the whole that references lead into: what stands there is meant.
    private(set) var sections: Set<String> = []

    /// A reference to a reference to ... this often is a circle.
    private static let deepest = 32

    private static let streams: [String: StandardStream] = [
        "sys.stdout": .output, "sys.stderr": .error, "io.stdout": .output, "io.stderr": .error,
    ]

    init(_ whole: ConfigurationValue) { self.whole = whole }

    mutating func resolved() -> ConfigurationValue { resolve(whole, at: "", depth: 0) }

    private mutating func resolve(_ value: ConfigurationValue, at path: String, depth: Int) -> ConfigurationValue {
        switch value {
        case .string(let text) where text.hasPrefix("cfg://"):
            return reference(String(text.dropFirst(6)), at: path, depth: depth)
        case .string(let text) where text.hasPrefix("ext://"):
            return external(String(text.dropFirst(6)), at: path)
        case .array(let elements):
            var result: [ConfigurationValue] = []
            for (index, element) in elements.enumerated() {
                result.append(resolve(element, at: "\(path)[\(index)]", depth: depth))
            }
            return .array(result)
        case .object(let entries):
            var result: [String: ConfigurationValue] = [:]
            for (key, element) in entries.sorted(by: { $0.key < $1.key }) {
                result[key] = resolve(element, at: path.isEmpty ? key : "\(path).\(key)", depth: depth)
            }
            return .object(result)
        default:
            return value
        }
    }

    private mutating func external(_ name: String, at path: String) -> ConfigurationValue {
        if let stream = Self.streams[name] { return .native(stream) }
        return complain(
            path, "unknown object \"ext://\(name)\"; known are ext://sys.stdout and ext://sys.stderr", "ext://" + name,
            NearestName.find(name, among: Self.streams.keys).map { "ext://" + $0 })
    }

    private mutating func reference(_ text: String, at path: String, depth: Int) -> ConfigurationValue {
        guard depth < Self.deepest else {
            return complain(path, "\"cfg://\(text)\" leads in a circle", "cfg://" + text)
        }
        guard let steps = Self.steps(text) else {
            return complain(path, "cannot read \"cfg://\(text)\"; write cfg://name.name[index]", "cfg://" + text)
        }
        var value = whole
        if let section = steps.first { sections.insert(section) }
        for step in steps {
            guard let next = Self.child(of: value, step) else {
                var known: [String] = []
                if case .object(let entries) = value { known = Array(entries.keys) }
                return complain(
                    path, "\"cfg://\(text)\" names nothing: there is no \"\(step)\"", "cfg://" + text,
                    NearestName.find(step, among: known))
            }
            value = next
        }
        return resolve(value, at: path, depth: depth + 1)
    }

    private static func child(of value: ConfigurationValue, _ step: String) -> ConfigurationValue? {
        switch value {
        case .object(let entries): return entries[step]
        case .array(let elements):
            guard let index = Int(step), elements.indices.contains(index) else { return nil }
            return elements[index]
        default: return nil
        }
    }

    /// `a.b[0]` as `a`, `b`, `0`; nil if it is not of that form.
    private static func steps(_ text: String) -> [String]? {
        var steps: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                steps.append(String(rest[rest.index(after: rest.startIndex)..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                if rest.first == ".", !steps.isEmpty { rest.removeFirst() }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(String(name))
                rest = rest[name.endIndex...]
            }
        }
        return steps.isEmpty || steps.contains("") ? nil : steps
    }

    private mutating func complain(
        _ path: String, _ message: String, _ value: String, _ suggestion: String? = nil
    ) -> ConfigurationValue {
        problems.append(.init(path: path, message: message, value: value, suggestion: suggestion))
        return .null
    }
}
