public import NightjarLogging
public import NightjarLua
import Synchronization

extension StandardFormatter: CrossesThreads {
    /// `logging.Formatter`; scripts' subclasses of it are ``ScriptFormatter`` objects.
    public static let luaType = LuaType(
        "Formatter", for: StandardFormatter.self, module: "logging", doc: "Turns a record into text."
    ) { type in
        let parameters = LuaSignature("fmt, datefmt, style, validate, *, defaults, single_line")
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
                try call.argument(1, as: ScriptFormatter.self).base = FormatterMaking.make(call)
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
            call.argument(2, as: String?.self), dateFormat: call.argument(3, as: String?.self), style: style,
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
                    return try call.results(script.format(record))
                }
                return try call.results(LuaBytes(format(record, call)))
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
        type.property("datefmt", unboundGet: { call in try call.results(native(call).time.dateFormat) })
    }

    /// The text of a record, each part of it by the script's own method where its class has one, as in Python.
    private static func format(_ original: LogRecord, _ call: LuaCall) throws -> [UInt8] {
        var record = original, text: [UInt8] = []
        guard let formatter = try anyNative(call) as? StandardFormatter else {
            try anyNative(call).format(record, into: &text)
            return text
        }
        if let message = try overridden("formatMessage", call, { $0.pushCopy(of: 2) }) {
            text = Array(message.utf8)
        } else {
            try formatter.formatMessage(record, asctime: overriddenTime(call), into: &text)
        }
        if let error = record.excText, let own = try overridden("formatException", call, error.push) {
            record.excText = own
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

    private static func native(_ call: LuaCall) throws -> StandardFormatter {
        guard let formatter = try anyNative(call) as? StandardFormatter else {
            throw call.badArgument(1, "Formatter expected, got \(call.stack.typeName(at: 1))")
        }
        return formatter
    }
}

/// A formatter written in Lua: a function, a table with a method `format`, or an instance of a script's subclass of `logging.Formatter`.
///
/// Runs in a cell of its own from the moment it is given to a handler. Thread-safe.
final class ScriptFormatter: Formatter, CrossesThreads {
    private let storage: Mutex<ScriptCell?>
    private let native = Mutex<any Formatter>(StandardFormatter.messageOnly)

    init(_ cell: ScriptCell? = nil) { storage = Mutex(cell) }

    static var luaType: LuaType { StandardFormatter.luaType }

    var cell: ScriptCell? { storage.withLock { $0 } }
    /// The formatter of ours that does the work of the script's superclass.
    var base: any Formatter {
        get { native.withLock { $0 } }
        set { native.withLock { $0 = newValue } }
    }

    /// A record that the formatter itself causes to be formatted is shown as `base` shows it.
    func format(_ record: LogRecord, into buffer: inout [UInt8]) throws {
        guard let cell else { return try base.format(record, into: &buffer) }
        do {
            let text = try cell.call("format") { stack in
                try RecordObject(record).push(to: stack)
                return 1
            } _: { stack in
                guard stack.type(at: -1) == .string else {
                    throw LuaException(.typeError, "format must return a string, got \(stack.typeName(at: -1))")
                }
                return ScriptText.text(stack, at: -1)
            }
            guard let text else { return try base.format(record, into: &buffer) }
            buffer.append(contentsOf: text.utf8)
        } catch {
            throw ScriptFailure(error: error)
        }
    }

    private static let wrappers = RegistryKey()

    /// The formatter that the argument is or stands for; one of the script's gets its cell now. Nil for nil.
    static func formatter(_ call: LuaCall, at index: Int32) throws -> (any Formatter)? {
        let stack = call.stack
        if stack.isNilOrNone(at: index) { return nil }
        if let object = stack.object(at: index) as? NativeFormatter { return object.formatter }
        if let formatter = stack.object(at: index) as? ScriptFormatter {
            if formatter.cell == nil {
                let inner = ScriptFormatter()
                inner.base = formatter.base
                let cell = try ScriptCell(stack, instanceAt: index, as: "formatter", inner: inner)
                formatter.storage.withLock { $0 = cell }
            }
            return formatter
        }
        if let formatter = stack.object(at: index) as? any Formatter { return formatter }
        guard stack.type(at: index) == .function || stack.type(at: index) == .table else {
            throw call.badArgument(index, "formatter, function or table expected, got \(stack.typeName(at: index))")
        }
        if let known = ScriptWrappers.find(index, wrappers.pointer, stack) as? ScriptFormatter { return known }
        let formatter = ScriptFormatter(try ScriptCell(stack, at: index, as: "formatter"))
        try ScriptWrappers.note(formatter, for: index, wrappers.pointer, stack)
        return formatter
    }
}

/// A formatter of the application, of a class that scripts do not know.
final class NativeFormatter: CrossesThreads {
    let formatter: any Formatter
    init(_ formatter: any Formatter) { self.formatter = formatter }

    static let luaType = LuaType("NativeFormatter", for: NativeFormatter.self, module: "logging") { type in
        type.method("format") { object, call in try call.results(object.formatter.format(call.record(2))) }
    }
}
