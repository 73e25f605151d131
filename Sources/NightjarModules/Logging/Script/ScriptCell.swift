import NightjarLogging
import NightjarLua

/// An interpreter of its own for one value of a script that is called from any thread: a filter, a formatter, a handler.
///
/// The value crosses by the rules for threads when the cell is made. Calls are made one at a time, each on the thread that
/// makes it; a call from within one, on the same thread, is refused.
// Sendable although LuaState is not: `state`, `value` and `isRunning` are touched only while `lock` is held, and an interpreter
// may move between threads that take turns.
final class ScriptCell: @unchecked Sendable {
    /// Interpreters within each other. Lua's limit for nested calls counts in each of them anew, so that it cannot save the thread's stack
    /// from functions that make and call ever new cells.
    private static let deepest = 100

    private let lock: HandlerLock
    private let state: LuaState
    private let value: LuaReference
    private var isRunning = false

    /// Opens an interpreter and takes the value at `index` over.
    /// - Throws: a `TypeError` that names what cannot cross.
    convenience init(_ stack: LuaStack, at index: Int32, as root: String) throws {
        let message = try MessageEncoder.encode(stack, at: index, as: MessageRoot(name: root))
        try self.init(ScriptEnvironment.of(LuaState.of(stack))) { stack throws(LuaError) in
            try MessageDecoder.push(message, to: stack)
        }
    }

    /// Opens an interpreter and makes an instance there of the class of the one at `index`, with copies of its fields.
    /// - Parameters:
    ///   - inner: stands for the instance there: another object than the one that owns the cell, so that the two do not keep each
    ///     other alive.
    ///   - lock: of who is locked already when the cell is called: with one lock for both, a method that comes back to its own
    ///     owner, such as one that logs, cannot wait for a thread that waits for the cell.
    convenience init(
        _ stack: LuaStack, instanceAt index: Int32, as root: String, inner: AnyObject, lock: HandlerLock = HandlerLock()
    ) throws {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        guard ClassTable.pushClass(of: index, stack) else { preconditionFailure("an instance without a class") }
        stack.pushUserValue(of: index)
        let roots = [(top + 1, MessageRoot(name: "class")), (top + 2, MessageRoot(name: root))]
        let message = try MessageEncoder.encode(stack, roots.map { (index: $0.0, root: $0.1) })
        try self.init(ScriptEnvironment.of(LuaState.of(stack)), lock) { stack throws(LuaError) in
            let base = stack.top
            try MessageDecoder.push(message, count: 2, to: stack)
            LuaType.pushInstance(inner, classAt: base + 1, to: stack)
            stack.pushCopy(of: base + 2)
            if stack.type(at: -1) == .table { stack.setUserValue(of: base + 3) } else { stack.pop() }
        }
    }

    private init(
        _ environment: ScriptEnvironment, _ lock: HandlerLock = HandlerLock(),
        _ push: (LuaStack) throws(LuaError) -> Void
    ) throws {
        self.lock = lock
        state = try environment.makeHeldState()
        value = try state.withStack { stack throws(LuaError) in
            try push(stack)
            return LuaReference(stack, at: -1)
        }
        environment.add(self)
    }

    /// Closes the interpreter, unless the calling thread is inside it. What is called afterwards fails with `.closed`.
    func close() {
        lock.acquire()
        defer { lock.release() }
        if !isRunning { state.close() }
    }

    /// Runs `body` with the interpreter's stack, on which the value is on top; nil, and nothing done, when the calling thread is inside the
    /// cell already.
    /// - Throws: also a `RecursionError` for calls that are nested too deeply.
    func run<Result>(_ body: (LuaStack) throws -> Result) throws -> Result? {
        try lock.acquireUnlessDeadlocked()
        defer { lock.release() }
        guard !isRunning else { return nil }
        guard LuaState.depthHere < ScriptCell.deepest else {
            throw LuaException(
                .recursionError,
                "maximum recursion depth exceeded (\(ScriptCell.deepest) interpreters within each other)")
        }
        isRunning = true
        defer { isRunning = false }
        guard !state.isClosed else { throw LuaError(.closed, "the runtime of this script is gone") }
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(24)
        guard value.push(to: stack) else { throw LuaError(.closed, "the interpreter was closed") }
        return try HandlerLock.whileHeld { try body(stack) }
    }

    /// Calls the value, or its method `name` if it is no function, with what `push` pushes; `read` finds the one result on top.
    func call<Result>(
        _ name: String, _ push: (LuaStack) throws -> Int32, _ read: (LuaStack) throws -> Result
    ) throws -> Result? {
        try run { stack in
            var arguments: Int32 = 0
            if stack.type(at: -1) != .function {
                try stack.get(-1, name)
                if stack.type(at: -1) == .nil {
                    // A value that can be called, with the metamethod of that.
                    stack.pop()
                } else {
                    stack.insert(at: -2)
                    arguments = 1
                }
            }
            arguments += try push(stack)
            try stack.call(arguments: arguments, results: 1)
            return try read(stack)
        }
    }
}
