import NightjarLogging
import NightjarLua

/// A stream written in Lua: a table or object with a method `write`, and perhaps `flush`.
///
/// Runs in a cell of its own, on a copy of what the script gave. The script's own table stands for that copy from then on, and in other
/// interpreters this object does: fields are read and set and methods run there. Thread-safe.
final class ScriptStream: RecordSink, MovedObject {
    private let work: ScriptCell
    var cell: ScriptCell? { work }

    private init(_ cell: ScriptCell) { work = cell }

    static let luaType = LuaType(
        "Stream", for: ScriptStream.self, module: "logging", doc: "A stream of a script's, at work for a handler."
    ) { type in
        type.metamethod("__index") { stream, call in try stream.work.pushItem(call) }
        type.metamethod("__newindex") { stream, call in
            try stream.work.setAttribute(call)
            return 0
        }
    }

    func write(_ bytes: [UInt8]) throws {
        try run { stack, object in
            try Self.call("write", object, stack) { bytes.withUnsafeBytes { stack.push($0) } }
            // As Python's handler does after each record.
            try Self.flush(object, stack)
        }
    }

    func flush() throws { try run { stack, object in try Self.flush(object, stack) } }
    func close() {}

    private func run(_ body: (LuaStack, Int32) throws -> Void) throws {
        do {
            let done: Void? = try work.run { try body($0, $0.top) }
            if done == nil { throw LuaException(.runtimeError, "a stream was written to from within itself") }
        } catch {
            throw ScriptFailure(error: error)
        }
    }

    private static func flush(_ object: Int32, _ stack: LuaStack) throws {
        try stack.get(object, "flush")
        let flushes = stack.type(at: -1) != .nil
        stack.pop()
        if flushes { try call("flush", object, stack) {} }
    }

    private static func call(_ method: String, _ object: Int32, _ stack: LuaStack, _ push: () -> Void) throws {
        let top = stack.top
        try stack.get(object, method)
        stack.pushCopy(of: object)
        push()
        try stack.call(arguments: stack.top - top - 1, results: 0)
    }

    // MARK: From a script's value

    private static let wrappers = RegistryKey()

    /// The stream that the table or object at `index` is, has become before, or becomes now; nil for what has no `write`.
    /// - Throws: a `TypeError` that names what of it cannot cross.
    static func stream(_ call: LuaCall, at index: Int32) throws -> ScriptStream? {
        let stack = call.stack
        if let stream = stack.object(at: index) as? ScriptStream { return stream }
        guard try canWrite(stack, index) else { return nil }
        try stack.reserve(4)
        if let known = ScriptWrappers.find(index, wrappers.pointer, stack) as? ScriptStream { return known }
        let moved = MovedTable.object(stack, at: index)
        if let stream = moved as? ScriptStream { return stream }
        let cell = try moved?.cell ?? ScriptCell(stack, at: index, as: "stream")
        let stream = ScriptStream(cell)
        try ScriptWrappers.note(stream, for: index, wrappers.pointer, stack)
        if moved == nil { try MovedTable.redirect(stack, at: index, to: stream, cell) }
        return stream
    }

    /// Pushes the script's own table or object for the stream; false, and nothing pushed, where it is gone, or another interpreter's.
    func pushOrigin(to stack: LuaStack) throws -> Bool {
        try ScriptWrappers.pushOrigin(of: self, Self.wrappers.pointer, stack)
    }

    static func canWrite(_ stack: LuaStack, _ index: Int32) throws -> Bool {
        guard stack.type(at: index) == .table || stack.type(at: index) == .userdata else { return false }
        try stack.reserve(4)
        defer { stack.pop() }
        try stack.get(index, "write")
        return stack.type(at: -1) != .nil
    }
}
