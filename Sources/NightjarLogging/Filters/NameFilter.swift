/// Passes the records of one logger and of those below it: `A.B` passes `A.B` and `A.B.C`, not `A.BB`.
///
/// An empty name passes everything (Python's `logging.Filter`). Thread-safe.
public final class NameFilter: Filter {
    public let name: String

    public var recordNeeds: RecordNeeds { [] }

    public init(_ name: String = "") { self.name = name }

    public func filter(_ record: inout LogRecord) -> FilterDecision {
        let own = name.utf8
        let other = record.name.utf8
        guard !own.isEmpty else { return .keep }
        guard other.starts(with: own) else { return .drop }
        let rest = other.dropFirst(own.count)
        return rest.isEmpty || rest.first == UInt8(ascii: ".") ? .keep : .drop
    }
}
