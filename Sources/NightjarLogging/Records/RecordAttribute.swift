/// What a format can name: an attribute of the record, or else one of its fields.
public enum RecordAttribute: Hashable, Sendable {
    case name, levelno, levelname, pathname, filename, module, lineno, funcName, created, asctime, msecs
    case relativeCreated, thread, threadName, process, processName, taskName, message, msg, args, excInfo, excText
    case stackInfo, fields
    case field(String)

    /// From the name a format uses (Python's "LogRecord attributes").
    public init(_ name: String) {
        self = Self.known[name] ?? .field(name)
    }

    /// True if a record has an attribute of this name, so that a field of the name stays reachable in `fields` only.
    public static func isReserved(_ name: String) -> Bool { known[name] != nil }

    /// All names of attributes, sorted.
    public static var names: [String] { known.keys.sorted() }

    private static let known: [String: RecordAttribute] = [
        "name": .name, "levelno": .levelno, "levelname": .levelname, "pathname": .pathname, "filename": .filename,
        "module": .module, "lineno": .lineno, "funcName": .funcName, "created": .created, "asctime": .asctime,
        "msecs": .msecs, "relativeCreated": .relativeCreated, "thread": .thread, "threadName": .threadName,
        "process": .process, "processName": .processName, "taskName": .taskName, "message": .message, "msg": .msg,
        "args": .args, "exc_info": .excInfo, "exc_text": .excText, "stack_info": .stackInfo, "fields": .fields,
    ]
}

extension LogRecord {
    /// The value of an attribute or field; nil if there is none of the name. `asctime` is a formatter's: nil here.
    public func value(of attribute: RecordAttribute) -> LogValue? {
        if !omitted.isEmpty, omitted.contains(attribute) { return .null }
        return switch attribute {
        case .name: .string(name)
        case .levelno: .int(Int64(level.rawValue))
        case .levelname: .string(levelName)
        case .pathname: .string(pathname)
        case .filename: .string(filename)
        case .module: .string(module)
        case .lineno: .int(Int64(lineno))
        case .funcName: .string(funcName)
        case .created: .double(created)
        case .asctime: nil
        case .msecs: .double(Double(msecs))
        case .relativeCreated: .double(relativeCreated)
        case .thread: LogValue(thread)
        case .threadName: .string(threadName)
        case .process: .int(Int64(process))
        case .processName: .string(processName)
        case .taskName: taskName.map(LogValue.string) ?? .null
        case .message: .string(message)
        case .msg: .string(template)
        case .args: .array(arguments ?? [])
        case .excInfo, .excText: excText.map(LogValue.string) ?? .null
        case .stackInfo: stackInfo.map(LogValue.string) ?? .null
        case .fields: .object(fields)
        case .field(let name): fields[name]
        }
    }
}
