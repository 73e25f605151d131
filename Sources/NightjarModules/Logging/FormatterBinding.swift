import NightjarConcurrency
public import NightjarLogging
public import NightjarLua
import Synchronization

extension StandardFormatter: CrossesThreads {
    /// `logging.Formatter`; scripts' subclasses of it are ``ScriptFormatter`` objects.
    public static let luaType = LuaType(
        "Formatter", for: StandardFormatter.self, module: "logging", doc: "Turns a record into text."
    ) { type in
        let parameters = LuaSignature("fmt, datefmt, style, validate, *, defaults, single_line, utc")
        type.constructor(
            parameters,
            pushing: { call in
                if LuaType.native(call.stack, exactClassAt: 1) != nil {
                    try call.bind()
                    try FormatterMaking.make(call).push(to: call.stack)
                } else {
                    try ClassTable.pushInitialized(ScriptFormatter(), classAt: 1, call)
                }
            })
        type.fields()
        type.method(
            "init", parameters,
            unbound: { call in
                let formatter = try FormatterMaking.make(call)
                try FormatterTimes.takeFromClass(formatter, call)
                try call.argument(1, as: ScriptFormatter.self).base = formatter
                return 0
            })
        FormatterMethods.add(&type)
    }
}

enum FormatterMaking {
    /// The formatter of the arguments from 2 on.
    static func make(_ call: LuaCall) throws -> StandardFormatter {
        let stack = call.stack
        var defaults = LogFields()
        if stack.type(at: 6) == .table { defaults = try ScriptValue.fields(stack, at: 6) }
        let style = try FormatStyle.named(call.argument(4, default: "%"))
        return try StandardFormatter(
            call.argument(2, as: String?.self),
            time: TimeFormat(dateFormat: call.argument(3, as: String?.self), utc: call.stack.boolean(at: 8)),
            style: style,
            validate: call.argument(5, default: true), defaults: defaults, singleLine: call.argument(7, default: false))
    }
}

private enum FormatterMethods {
    typealias Builder = LuaType.Builder<StandardFormatter>

    static func add(_ type: inout Builder) {
        type.method(
            "format", doc: "The text of a record.",
            unbound: { call in
                let record = try call.record(2)
                if let script = call.stack.object(at: 1) as? ScriptFormatter, script.cell != nil {
                    let text = try script.format(record)
                    try call.takeChanges(record: 2)
                    return try call.results(text)
                }
                let text = try LuaBytes(format(record, call))
                try FormatterTimes.leave(on: call)
                return try call.results(text)
            })
        type.method(
            "formatMessage", doc: "The part of the text that the format describes.",
            unbound: { call in
                var text: [UInt8] = []
                try native(call).formatMessage(call.record(2), asctime: overriddenTime(call), into: &text)
                return try call.results(LuaBytes(text))
            })
        type.method(
            "formatTime", doc: "The time of a record as text.",
            unbound: { call in
                let formatter = try native(call), record = try call.record(2)
                guard let datefmt: String = try call.argument(3) else {
                    return try call.results(formatter.formatTime(record))
                }
                var time = formatter.time
                time.dateFormat = datefmt
                return try call.results(StandardFormatter("%(asctime)s", time: time).formatTime(record))
            })
        type.method(
            "formatException", doc: "The text of an error value.",
            unbound: { call in
                try call.results(ErrorValueText.text(call.stack, at: 2) ?? ErrorValueText.none)
            })
        type.method(
            "formatStack", doc: "The text of a call stack.",
            unbound: { call in
                try call.results(call.argument(2, as: String.self))
            })
        type.method(
            "usesTime", doc: "Whether the format shows the time.",
            unbound: { call in try call.results(native(call).usesTime) })
        type.property("_fmt", unboundGet: { call in try call.results(native(call).format) })
        FormatterTimes.add(&type)
    }

    /// The text of a record, each part of it by the script's own method where its class has one, as in Python.
    private static func format(_ original: LogRecord, _ call: LuaCall) throws -> [UInt8] {
        var record = original, text: [UInt8] = []
        try record.checkMessage()
        guard let formatter = try anyNative(call) as? StandardFormatter else {
            try anyNative(call).format(record, into: &text)
            return text
        }
        if let message = try overridden("formatMessage", call, { $0.pushCopy(of: 2) }) {
            text = Array(message.utf8)
        } else {
            try formatter.formatMessage(record, asctime: overriddenTime(call), into: &text)
        }
        if let error = record.excText {
            let value = (record.payload as? ErrorPayload)?.message
            let own = try overridden("formatException", call) { stack in
                // The error itself where it is known, as in Python; else what is left of it.
                if let value { try MessageDecoder.push(value, to: stack) } else { error.push(to: stack) }
            }
            if let own { record.excText = own }
        }
        if let frames = record.stackInfo, let own = try overridden("formatStack", call, frames.push) {
            record.stackInfo = own
        }
        formatter.appendDetails(of: record, to: &text, since: 0)
        return text
    }

    /// What a script's own `formatTime` says, where there is one and the time is shown.
    private static func overriddenTime(_ call: LuaCall) throws -> String? {
        guard let base = (call.stack.object(at: 1) as? ScriptFormatter)?.base as? StandardFormatter, base.usesTime
        else { return nil }
        return try overridden("formatTime", call) { stack in
            stack.pushCopy(of: 2)
            try base.time.dateFormat.push(to: stack)
        }
    }

    /// What the method `name` of a script's formatter gives for what `push` pushes; nil where the method is ours.
    private static func overridden(
        _ name: String, _ call: LuaCall, _ push: (LuaStack) throws -> Void
    ) throws -> String? {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        guard stack.object(at: 1) is ScriptFormatter else { return nil }
        try stack.reserve(8)
        try stack.get(1, name)
        guard stack.type(at: -1) == .function, !stack.isNativeFunction(at: -1) else { return nil }
        stack.pushCopy(of: 1)
        try push(stack)
        try stack.call(arguments: Int32(stack.top - top - 1), results: 1)
        guard stack.type(at: -1) == .string else {
            throw LuaException(.typeError, "\(name) must return a string, got \(stack.typeName(at: -1))")
        }
        return ScriptText.text(stack, at: -1)
    }

    /// The formatter of ours that argument 1 is, or that does the work of a script's.
    private static func anyNative(_ call: LuaCall) throws -> any Formatter {
        if let script = call.stack.object(at: 1) as? ScriptFormatter { return script.base }
        guard let formatter = call.stack.object(at: 1) as? any Formatter else {
            throw call.badArgument(1, "Formatter expected, got \(call.stack.typeName(at: 1))")
        }
        return formatter
    }

    fileprivate static func native(_ call: LuaCall) throws -> StandardFormatter {
        guard let formatter = try anyNative(call) as? StandardFormatter else {
            throw call.badArgument(1, "Formatter expected, got \(call.stack.typeName(at: 1))")
        }
        return formatter
    }
}

/// How formatters show times: `datefmt`, `converter`, `default_time_format` and `default_msec_format`.
private enum FormatterTimes {
    static func add(_ type: inout LuaType.Builder<StandardFormatter>) {
        attribute(&type, "datefmt", get: { $0.dateFormat }, set: { $0.dateFormat = $1 })
        attribute(
            &type, "default_time_format", get: { $0.defaultTimeFormat },
            set: { $0.defaultTimeFormat = $1 ?? TimeFormat().defaultTimeFormat })
        attribute(&type, "default_msec_format", get: { $0.defaultMsecFormat }, set: { $0.defaultMsecFormat = $1 })
        type.property(
            "converter", doc: "\"localtime\" or \"gmtime\".",
            unboundGet: { call in try call.results(FormatterMethods.native(call).time.utc ? "gmtime" : "localtime") },
            unboundSet: { call in
                let name: String = try call.argument(2)
                guard name == "gmtime" || name == "localtime" else {
                    throw LuaException(.valueError, "converter must be \"gmtime\" or \"localtime\", got \"\(name)\"")
                }
                try change(call) { $0.utc = name == "gmtime" }
            })
    }

    private static func attribute(
        _ type: inout LuaType.Builder<StandardFormatter>, _ name: String,
        get: @escaping @Sendable (TimeFormat) -> String?, set: @escaping @Sendable (inout TimeFormat, String?) -> Void
    ) {
        type.property(
            name, unboundGet: { call in try call.results(get(FormatterMethods.native(call).time)) },
            unboundSet: { call in
                let value: String? = try call.argument(2)
                try change(call) { set(&$0, value) }
            })
    }

    private static func change(_ call: LuaCall, _ change: (inout TimeFormat) -> Void) throws {
        let formatter = try FormatterMethods.native(call)
        var time = formatter.time
        change(&time)
        try formatter.setTime(time)
    }

    /// What a script's class has for these; false stands for Python's None, which a class cannot have as nil.
    static func takeFromClass(_ formatter: StandardFormatter, _ call: LuaCall) throws {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        guard ClassTable.pushClass(of: 1, stack) else { return }
        let owner = stack.top
        var time = formatter.time
        try stack.get(owner, "default_time_format")
        if stack.type(at: -1) == .string { time.defaultTimeFormat = ScriptText.text(stack, at: -1) }
        try stack.get(owner, "default_msec_format")
        if stack.type(at: -1) == .string { time.defaultMsecFormat = ScriptText.text(stack, at: -1) }
        if stack.type(at: -1) == .boolean { time.defaultMsecFormat = nil }
        try stack.get(owner, "converter")
        if stack.type(at: -1) == .string { time.utc = ScriptText.text(stack, at: -1) == "gmtime" }
        if time != formatter.time { try formatter.setTime(time) }
    }

    /// The time stays on a record that a script has formatted, as `asctime`.
    static func leave(on call: LuaCall) throws {
        guard let formatter = try? FormatterMethods.native(call), formatter.usesTime,
            let object = call.stack.object(at: 2) as? RecordObject
        else { return }
        object.shownTime = formatter.formatTime(object.record)
    }
}
