/// What becomes of a record after a filter has seen it.
public enum FilterDecision: Sendable {
    /// Goes on. What the filter changed in place is seen by everyone after it, as in Python.
    case keep
    case drop
    /// This record goes on instead: for all handlers when a logger's filter says so, else for that handler only.
    case replace(LogRecord)
}

/// Decides about records, and may change them. Called on any thread, on several at once.
///
/// One that throws is reported, and the record is dropped by the logger or handler that asked.
public protocol Filter: AnyObject, Sendable {
    func filter(_ record: inout LogRecord) throws -> FilterDecision
    /// As `filter(_:)`, for filters that have records of their own to hand on; the default makes none.
    func filter(_ record: inout LogRecord, outlet: FilterOutlet) throws -> FilterDecision
    /// Says now what the filter would say later.
    func flush()
    /// What the filter may look at; the default is everything.
    var recordNeeds: RecordNeeds { get }
}

extension Filter {
    public func filter(_ record: inout LogRecord, outlet: FilterOutlet) throws -> FilterDecision { try filter(&record) }
    public func flush() {}
    public var recordNeeds: RecordNeeds { .everything }
}

/// A filter made of a function.
public final class ClosureFilter: Filter {
    private let body: @Sendable (inout LogRecord) throws -> FilterDecision

    public init(_ body: @escaping @Sendable (inout LogRecord) throws -> FilterDecision) {
        self.body = body
    }

    /// Keeps what `predicate` is true for.
    public static func keeping(_ predicate: @escaping @Sendable (LogRecord) throws -> Bool) -> ClosureFilter {
        ClosureFilter { try predicate($0) ? .keep : .drop }
    }

    public func filter(_ record: inout LogRecord) throws -> FilterDecision { try body(&record) }
}

extension [any Filter] {
    /// Runs the filters in order up to the first that drops.
    /// - Parameter replacement: what the last replacing filter gave; the filters after it see that.
    func pass(
        _ record: inout LogRecord, replacement: inout LogRecord?, outlet: FilterOutlet = .nowhere
    ) throws -> Bool {
        for filter in self {
            let decision =
                if replacement == nil {
                    try filter.filter(&record, outlet: outlet)
                } else {
                    try filter.filter(&replacement!, outlet: outlet)
                }
            switch decision {
            case .keep: continue
            case .drop: return false
            case .replace(let other): replacement = other
            }
        }
        return true
    }
}
