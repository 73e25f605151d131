import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// A record as scripts see it: attributes that can be read and set. By reference between interpreters.
final class RecordObject: CrossesThreads {
    private let storage: Mutex<LogRecord>
    private let changed = Atomic(false)
    private let time = Mutex<String?>(nil)

    init(_ record: LogRecord) { storage = Mutex(record) }

    var record: LogRecord {
        get { storage.withLock { $0 } }
        set { update { $0 = newValue } }
    }

    /// Whether anything was set since the record was made.
    var isChanged: Bool { changed.load(ordering: .relaxed) }

    /// `asctime`, which formatters leave on the records that they are given.
    var shownTime: String? {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    func update(_ change: (inout LogRecord) -> Void) {
        storage.withLock { change(&$0) }
        changed.store(true, ordering: .relaxed)
    }

    /// Pushes the object as an instance of the class that has made the record, where a class was the record factory.
    /// - Parameter record: what the object holds.
    func push(madeAs record: LogRecord, to stack: LuaStack) throws {
        guard let origin = record.origin as? RecordOrigin, try LogCustomization.pushRecordFactory(stack, origin) else {
            return try push(to: stack)
        }
        LuaType.pushInstance(self, classAt: stack.top, to: stack)
        stack.remove(at: -2)
    }

    /// Tells the handlers after this one of what the script has set; `original` is what it was given.
    func noteChanges(of original: LogRecord) {
        if isChanged { LoggingThread.noteChange(of: original, to: record) }
    }

    /// Lets `body` look at the record, and takes over what it has changed in it.
    func withRecord<Result>(_ body: (inout LogRecord) throws -> Result) rethrows -> Result {
        var record = record
        defer { self.record = record }
        return try body(&record)
    }

    /// `logging.LogRecord`
    static let luaType = LuaType(
        "LogRecord", for: RecordObject.self, module: "logging", doc: "One event on its way to the handlers."
    ) { type in
        let parameters = LuaSignature("name, level, pathname, lineno, msg, args, exc_info, func, sinfo", isNamed: true)
        type.constructor(
            parameters,
            pushing: { call in
                guard LuaType.native(call.stack, exactClassAt: 1) != nil else {
                    let empty = RecordObject(call.logging.logger().makeRecord(.notSet, ""))
                    return try ClassTable.pushInitialized(empty, classAt: 1, call)
                }
                try call.bind()
                try RecordObject(RecordMaking.constructed(call)).push(to: call.stack)
            })
        type.method("init", parameters) { object, call in
            object.record = try RecordMaking.constructed(call)
            return 0
        }
        RecordAttributes.add(&type)
        type.method("getMessage", doc: "The text with its arguments merged in.") { object, call in
            let record = object.record
            // Arguments that did not fit when they were set have left the text as it was: now it is wanted, and they are told.
            guard record.messageError != nil, let arguments = record.arguments else {
                return try call.results(record.message)
            }
            return try call.results(RecordMaking.merged(call, record.template, arguments))
        }
        type.metamethod("__tostring") { object, call in
            let record = object.record
            let place = "\(record.pathname), \(record.lineno)"
            return try call.results(
                "<LogRecord: \(record.name), \(record.level.rawValue), \(place), \"\(record.template)\">")
        }
        // What no attribute has the name of is a field.
        type.metamethod("__index") { object, call in
            guard call.stack.type(at: 2) == .string else { return 0 }
            return try call.results(object.record.fields[ScriptText.text(call.stack, at: 2)])
        }
        type.metamethod("__newindex") { object, call in
            let name: String = try call.argument(2)
            let value = try ScriptValue.read(call.stack, at: 3)
            object.update { $0.fields[name] = value == .null ? nil : value }
            return 0
        }
    }
}

/// The attributes of Python's `LogRecord`.
private enum RecordAttributes {
    typealias Builder = LuaType.Builder<RecordObject>

    static func add(_ type: inout Builder) {
        text(&type, "name", \.name)
        text(&type, "levelname", \.levelName)
        text(&type, "pathname", \.pathname)
        text(&type, "filename", \.filename)
        text(&type, "module", \.module)
        text(&type, "funcName", \.funcName)
        text(&type, "threadName", \.threadName, omittedWith: .threads)
        text(&type, "processName", \.processName, omittedWith: .processNames)
        type.property(
            "message", get: { $0.record.message },
            set: { object, text in
                object.update {
                    $0.message = text
                    $0.messageError = nil
                }
            })
        optionalText(&type, "taskName", \.taskName)
        optionalText(&type, "exc_text", \.excText)
        type.property(
            "exc_info",
            rawGet: { object, call in
                guard let error = object.record.payload as? ErrorPayload else {
                    return try call.results(object.record.excText)
                }
                try MessageDecoder.push(error.message, to: call.stack)
                return 1
            },
            rawSet: { object, call in
                let text = call.stack.isNilOrNone(at: 2) ? nil : try ErrorValueText.text(call.stack, at: 2)
                let error = ErrorPayload(call.stack, at: 2)
                object.update {
                    $0.excText = text
                    $0.payload = error
                }
            })
        type.property(
            "asctime", doc: "The time as the formatter that last showed it has written it.", get: { $0.shownTime },
            set: { $0.shownTime = $1 })
        optionalText(&type, "stack_info", \.stackInfo)
        type.property(
            "levelno", get: { $0.record.level.rawValue },
            set: { object, level in object.update { $0.level = Level(level) } })
        type.property("lineno", get: { $0.record.lineno }, set: { object, line in object.update { $0.lineno = line } })
        type.property(
            "created", get: { $0.record.created },
            set: { object, time in
                guard time.magnitude < 9e9 else {
                    throw LuaException(.valueError, "created: not a time in seconds since 1970")
                }
                object.update { $0.created = time }
            })
        type.property(
            "process",
            rawGet: { object, call in
                let record = object.record
                return record.omitted.contains(.processes) ? 0 : try call.results(Int(record.process))
            },
            rawSet: { object, call in
                let id: Int = try call.argument(2)
                object.update { $0.process = Int32(clamping: id) }
            })
        type.property(
            "msecs", get: { Double($0.record.msecs) },
            set: { object, milliseconds in
                guard (0..<1000).contains(milliseconds) else {
                    throw LuaException(.valueError, "msecs: not the milliseconds of a second")
                }
                object.update { record in
                    // By the record itself: `created`, a number with 53 bits, may have rounded up to the next second.
                    record.createdNanoseconds += Int64(milliseconds * 1e6) - record.subsecondNanoseconds
                }
            })
        type.property(
            "relativeCreated", get: { $0.record.relativeCreated },
            set: { object, milliseconds in
                guard milliseconds.magnitude < 9e12 else {
                    throw LuaException(.valueError, "relativeCreated: not a time in milliseconds")
                }
                object.update { $0.relativeNanoseconds = Int64(milliseconds * 1e6) }
            })
        type.property(
            "thread",
            rawGet: { object, call in
                let record = object.record
                return record.omitted.contains(.threads)
                    ? 0 : try call.results(Int(truncatingIfNeeded: record.thread))
            },
            rawSet: { object, call in
                let id: Int = try call.argument(2)
                object.update { $0.thread = UInt64(bitPattern: Int64(id)) }
            })
        addMessage(&type)
        type.property(
            "fields", rawGet: { object, call in try call.results(object.record.fields) },
            rawSet: { object, call in
                let fields =
                    call.stack.isNilOrNone(at: 2)
                    ? LogFields() : try ScriptValue.fields(call.stack, at: tableIndex(call))
                object.update { $0.fields = fields }
            })
    }

    private static func tableIndex(_ call: LuaCall) throws -> Int32 {
        guard call.stack.type(at: 2) == .table else {
            throw call.badArgument(2, "table expected, got \(call.stack.typeName(at: 2))")
        }
        return 2
    }

    private static func text(
        _ type: inout Builder, _ name: String, _ path: any WritableKeyPath<LogRecord, String> & Sendable,
        omittedWith part: RecordOmissions = []
    ) {
        type.property(
            name,
            rawGet: { object, call in
                let record = object.record
                if !part.isEmpty, record.omitted.contains(part) { return 0 }
                return try call.results(record[keyPath: path])
            },
            rawSet: { object, call in
                let value: String = try call.argument(2)
                object.update { $0[keyPath: path] = value }
            })
    }

    private static func optionalText(
        _ type: inout Builder, _ name: String, _ path: any WritableKeyPath<LogRecord, String?> & Sendable
    ) {
        type.property(
            name, get: { $0.record[keyPath: path] },
            set: { object, value in object.update { $0[keyPath: path] = value } })
    }

    /// `msg` and `args`: setting one makes the message anew from both.
    private static func addMessage(_ type: inout Builder) {
        type.property(
            "msg", rawGet: { object, call in try call.results(object.record.template) },
            rawSet: { object, call in
                try call.stack.reserve(8)
                try call.stack.pushToString(2)
                try set(
                    object, call, template: ScriptText.text(call.stack, at: -1),
                    arguments: object.record.arguments ?? [])
            })
        type.property(
            "args",
            rawGet: { object, call in
                let record = object.record
                if record.omitted.contains(.arguments) { return 0 }
                let arguments = record.arguments ?? []
                // As in Python, one dictionary is itself what there is of arguments.
                if case .object(let fields)? = arguments.first, arguments.count == 1, RecordMaking.isMapped(record) {
                    return try call.results(fields)
                }
                return try call.results(arguments)
            },
            rawSet: { object, call in
                var arguments: [LogValue] = []
                if !call.stack.isNilOrNone(at: 2) {
                    arguments = try RecordMaking.arguments(call.stack, at: tableIndex(call))
                }
                object.update { $0.omitted.remove(.arguments) }
                try set(object, call, template: object.record.template, arguments: arguments)
            })
    }

    private static func set(_ object: RecordObject, _ call: LuaCall, template: String, arguments: [LogValue]) throws {
        let message = try RecordMaking.message(template) {
            arguments.isEmpty ? template : try RecordMaking.merged(call, template, arguments)
        }
        object.update {
            $0.template = template
            $0.arguments = arguments
            message.set(in: &$0)
        }
    }
}

extension LuaCall {
    /// The record at `index`.
    func record(_ index: Int32) throws -> LogRecord { try argument(index, as: RecordObject.self).record }

    /// Has the record at `index` show what a formatter of a script's has changed in it.
    func takeChanges(record index: Int32) throws {
        let object = try argument(index, as: RecordObject.self)
        var record = object.record
        if LoggingThread.takeChange(of: &record) { object.record = record }
    }
}

/// Records that scripts make themselves.
enum RecordMaking {
    /// `logging.LogRecord(name, level, pathname, lineno, msg, args, exc_info, func, sinfo)`, from argument 2 on.
    static func constructed(_ call: LuaCall) throws -> LogRecord {
        let system = call.logging, level = try call.level(3)
        var record = system.logger().makeRecord(level, "")
        record.name = try call.argument(2)
        record.pathname = try call.argument(4, default: "")
        record.lineno = try call.argument(5, default: 0)
        try setMessage(&record, call, message: 6, arguments: 7)
        if !call.stack.isNilOrNone(at: 8) {
            record.excText = try ErrorValueText.text(call.stack, at: 8)
            record.payload = ErrorPayload(call.stack, at: 8)
        }
        record.funcName = try call.argument(9, default: "")
        record.stackInfo = try call.argument(10)
        return record
    }

    /// `logger:makeRecord(name, level, fn, lno, msg, args, exc_info, func, extra, sinfo)`.
    static func record(_ logger: Logger, _ call: LuaCall) throws -> LogRecord {
        var record = logger.makeRecord(try call.level(3), "")
        record.name = try call.argument(2)
        record.pathname = try call.argument(4, default: "")
        record.lineno = try call.argument(5, default: 0)
        try setMessage(&record, call, message: 6, arguments: 7)
        if !call.stack.isNilOrNone(at: 8) {
            record.excText = try ErrorValueText.text(call.stack, at: 8)
            record.payload = ErrorPayload(call.stack, at: 8)
        }
        record.funcName = try call.argument(9, default: "")
        if call.stack.type(at: 10) == .table { record.fields = try ScriptValue.fields(call.stack, at: 10) }
        record.stackInfo = try call.argument(11)
        return record
    }

    /// `logging.makeLogRecord{name = ..., msg = ...}`: attributes as given, all others empty.
    static func fromAttributes(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 1) == .table else {
            throw call.badArgument(1, "table expected, got \(stack.typeName(at: 1))")
        }
        try stack.reserve(12)
        var record = call.logging.logger().makeRecord(.notSet, "")
        record.name = ""
        try RecordObject(record).push(to: stack)
        let object = stack.top
        // `args` after `msg`, so that the text is whole when they are merged in.
        for name in ["msg", "args"] {
            if stack.rawGet(1, name) == .nil { stack.pop() } else { try stack.set(object, name) }
        }
        // In the order of their names, since a table has none.
        for name in stack.stringKeys(of: 1).sorted() where name != "msg" && name != "args" {
            stack.rawGet(1, name)
            try stack.set(object, name)
        }
        return 1
    }

    private static func setMessage(
        _ record: inout LogRecord, _ call: LuaCall, message: Int32, arguments: Int32
    ) throws {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(12)
        try stack.pushToString(message)
        record.message = ScriptText.text(stack, at: -1)
        guard stack.type(at: arguments) == .table else { return }
        var count = Int32(clamping: stack.rawLength(at: arguments))
        if count == 0, !ScriptValue.isEmpty(stack, at: arguments) {
            stack.pushCopy(of: arguments)
            count = 1
        } else {
            guard count > 0 else { return }
            try stack.reserve(count + 8)
            for position in 1...count { stack.rawGet(arguments, Int(position)) }
        }
        let template = record.message
        record.arguments = (top + 2..<top + 2 + count).map { (try? ScriptValue.read(stack, at: $0)) ?? .null }
        record.template = template
        try self.message(template) {
            try ScriptMessage.text(stack, format: top + 1, first: top + 2, count: count)
        }.set(in: &record)
    }

    /// The elements of the table at `index`; one of names is the only argument itself, as a dictionary is in Python.
    static func arguments(_ stack: LuaStack, at index: Int32) throws -> [LogValue] {
        let elements = try ScriptValue.elements(stack, at: index)
        if elements.isEmpty, !ScriptValue.isEmpty(stack, at: index) { return [try ScriptValue.read(stack, at: index)] }
        return elements
    }

    static func isMapped(_ record: LogRecord) -> Bool {
        var template = record.template
        return template.withUTF8 { MappedMessage.isOne(UnsafeRawBufferPointer($0)) }
    }

    /// A message, or why there is none.
    struct Message {
        let text: String
        let error: (any Error)?

        func set(in record: inout LogRecord) {
            record.message = text
            record.messageError = error
        }
    }

    /// As in Python, arguments that do not fit are an error of showing the record, not of making it. Until they fit, the text stands as it is.
    /// - Throws: what must end the script.
    static func message(_ template: String, _ merged: () throws -> String) throws -> Message {
        do { return Message(text: try merged(), error: nil) } catch {
            return Message(text: template, error: try ScriptFailure.reportable(error))
        }
    }

    /// `template` with `arguments` merged in.
    static func merged(_ call: LuaCall, _ template: String, _ arguments: [LogValue]) throws -> String {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(Int32(clamping: arguments.count) + 8)
        stack.push(template)
        for argument in arguments { try argument.push(to: stack) }
        return try ScriptMessage.text(stack, format: top + 1, first: top + 2, count: Int32(arguments.count))
    }
}

extension LuaStack {
    /// The keys of the table at `index` that are strings.
    fileprivate func stringKeys(of index: Int32) -> [String] {
        var keys: [String] = []
        pushNil()
        while next(index) {
            if type(at: -2) == .string { keys.append(string(at: -2)) }
            pop()
        }
        return keys
    }
}
