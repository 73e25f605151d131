/// What reports call an object that threads wait for: its kind, and where it was made if its maker noted that.
public final class ObjectLabel: Sendable, CustomStringConvertible {
    /// As its users know it: `threading.Lock`.
    public let kind: String
    /// The place; its text is made when there is something to report.
    public let file: String?
    public let line: Int

    public init(kind: String, file: String? = nil, line: Int = 0) {
        self.kind = kind
        self.file = file
        self.line = line
    }

    public var description: String { file.map { "\(kind) created at \($0):\(line)" } ?? kind }
}

/// Names for the objects of one report: those that would be called the same get numbers.
struct ObjectNames {
    private var names: [ObjectIdentifier: String] = [:]

    init(_ targets: [(any WaitTarget)?]) {
        var objects: [(id: ObjectIdentifier, text: String)] = []
        for target in targets {
            guard let target, let text = target.label?.description ?? target.kind else { continue }
            let id = ObjectIdentifier(target)
            if names.updateValue(text, forKey: id) == nil { objects.append((id, text)) }
        }
        for namesakes in Dictionary(grouping: objects, by: \.text).values where namesakes.count > 1 {
            for (index, object) in namesakes.enumerated() { names[object.id] = "\(object.text) (#\(index + 1))" }
        }
    }

    func name(of target: (any WaitTarget)?) -> String? { target.flatMap { names[ObjectIdentifier($0)] } }
}
