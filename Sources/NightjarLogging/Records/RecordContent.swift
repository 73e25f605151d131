/// Which costly parts of a record somebody on its way will look at.
public struct RecordNeeds: OptionSet, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `pathname`, `lineno`, `funcName` and what follows from them.
    public static var callSite: RecordNeeds { RecordNeeds(rawValue: 1) }
    /// The text before its arguments were merged in, and the arguments.
    public static var arguments: RecordNeeds { RecordNeeds(rawValue: 2) }
    public static var everything: RecordNeeds { [.callSite, .arguments] }
}

/// What one call has to say, for callers that work it out only once they know who looks at it.
public struct RecordContent: Sendable {
    public var message: String
    public var fields = LogFields()
    public var pathname = ""
    public var lineno = 0
    public var funcName = ""
    /// The message before its arguments were merged in; nil where there is nothing else to tell.
    public var template: String?
    public var arguments: [LogValue]?
    public var excText: String?
    public var stackInfo: String?
    public var taskName: String?
    /// Whatever the caller wants to find again on the record.
    public var payload: (any Sendable)?

    public init(message: String) { self.message = message }
}

extension RecordAttribute {
    /// What a format that shows the attribute needs.
    var needs: RecordNeeds {
        switch self {
        case .pathname, .filename, .module, .lineno, .funcName: .callSite
        case .msg, .args: .arguments
        // May be missing: the report of that names the call.
        case .field: .everything
        default: []
        }
    }
}
