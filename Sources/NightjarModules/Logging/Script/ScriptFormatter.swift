import NightjarLogging
import NightjarLua
import Synchronization

/// A formatter written in Lua: a function, a table with a method `format`, or an instance of a script's subclass of `logging.Formatter`.
///
/// Runs in a cell of its own from the moment it is given to a handler. Thread-safe.
final class ScriptFormatter: Formatter, WorksInCell, MovedObject {
    private let storage: Mutex<ScriptCell?>
    private let native = Mutex<any Formatter>(StandardFormatter.messageOnly)

    init(_ cell: ScriptCell? = nil) { storage = Mutex(cell) }

    static var luaType: LuaType { StandardFormatter.luaType }
    static let sharedAttributes: Set = ["_fmt", "datefmt", "default_time_format", "default_msec_format", "converter"]

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
            let object = RecordObject(record)
            defer { object.noteChanges(of: record) }
            let text = try cell.call("format") { stack in
                try object.push(madeAs: record, to: stack)
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

    /// Pushes the script's function or table for the formatter; false, and nothing pushed, where it is gone, or another interpreter's.
    func pushOrigin(to stack: LuaStack) throws -> Bool {
        try ScriptWrappers.pushOrigin(of: self, Self.wrappers.pointer, stack)
    }

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
                RemoteInstance.redirect(stack, at: index, to: formatter)
            }
            return formatter
        }
        if let formatter = stack.object(at: index) as? any Formatter { return formatter }
        guard stack.type(at: index) == .function || stack.type(at: index) == .table else {
            throw call.badArgument(index, "formatter, function or table expected, got \(stack.typeName(at: index))")
        }
        if let known = ScriptWrappers.find(index, wrappers.pointer, stack) as? ScriptFormatter { return known }
        let moved = MovedTable.object(stack, at: index)
        let cell = try moved?.cell ?? ScriptCell(stack, at: index, as: "formatter")
        let formatter = ScriptFormatter(cell)
        try ScriptWrappers.note(formatter, for: index, wrappers.pointer, stack)
        if moved == nil { try MovedTable.redirect(stack, at: index, to: formatter, cell) }
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
