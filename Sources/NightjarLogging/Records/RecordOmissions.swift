/// What records are made without (Python's `logging.logThreads` and its like). Formats show `nil` for it, and `attribute = nil` is what scripts
/// see.
public struct RecordOmissions: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `thread` and `threadName`.
    public static var threads: RecordOmissions { RecordOmissions(rawValue: 1) }
    /// `process`.
    public static var processes: RecordOmissions { RecordOmissions(rawValue: 2) }
    /// `processName`.
    public static var processNames: RecordOmissions { RecordOmissions(rawValue: 4) }
    /// `taskName`.
    public static var tasks: RecordOmissions { RecordOmissions(rawValue: 8) }
    /// `args`, of a record whose message is all that is left of them.
    public static var arguments: RecordOmissions { RecordOmissions(rawValue: 16) }

    /// Whether an attribute is among what is left out.
    func contains(_ attribute: RecordAttribute) -> Bool {
        switch attribute {
        case .thread, .threadName: contains(.threads)
        case .process: contains(.processes)
        case .processName: contains(.processNames)
        case .taskName: contains(.tasks)
        case .args: contains(.arguments)
        default: false
        }
    }
}

extension LogRecord {
    /// Takes the parts out. The names read `nil`, because the quickest way of formatting asks for nothing but them.
    mutating func omit(_ parts: RecordOmissions) {
        if parts.contains(.threads) {
            thread = 0
            threadName = "nil"
        }
        if parts.contains(.processes) { process = 0 }
        if parts.contains(.processNames) { processName = "nil" }
        if parts.contains(.tasks) { taskName = nil }
        omitted = parts
    }
}
