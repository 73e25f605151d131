public import NightjarConcurrency
import NightjarLua

/// An error of a script on its way to another interpreter, or to Swift.
public struct CrossedError: Error, CustomStringConvertible {
    /// What `tostring` of the error value gives.
    public let message: String
    /// The class of an exception value (`ValueError`, `queue.Empty`); nil for other error values.
    public let className: String?
    /// Lua's `stack traceback:` of where it was raised; empty where nothing was active.
    public let traceback: String
    /// The error value, where it can cross.
    public let value: Message?
    /// Why it cannot.
    private let refusal: String?

    public var description: String { className.map { message.isEmpty ? $0 : "\($0): \(message)" } ?? message }

    init(_ error: any Error, on stack: LuaStack) {
        stack.push(error: error)
        defer { stack.pop() }
        let luaError = LuaError.wrapping(error)
        do {
            self.init(luaError, value: try MessageEncoder.encode(stack, at: -1, as: .error))
        } catch {
            self.init(luaError, value: CrossedError.encodeWhatCrosses(stack), refusal: error as? TransferError)
        }
    }

    init(_ error: LuaError, value: Message?) { self.init(error, value: value, refusal: nil) }

    private init(_ error: LuaError, value: Message?, refusal: TransferError?) {
        message = error.message
        className = error.className
        traceback = error.traceback
        self.value = value
        self.refusal = refusal?.luaException.message
    }

    /// Of the error table on top: its class and all fields that can cross. Nil for any other value.
    private static func encodeWhatCrosses(_ stack: LuaStack) -> Message? {
        guard stack.type(at: -1) == .table, (try? stack.reserve(16)) != nil else { return nil }
        let top = stack.top
        defer { stack.setTop(top) }
        pushWhatCrosses(of: top, stack)
        if stack.pushMetatable(of: top) {
            pushMetatableThatCrosses(stack)
            stack.setMetatable(top + 1)
            stack.setTop(top + 1)
        }
        return try? MessageEncoder.encode(stack, at: -1, as: .error)
    }

    /// Pushes a copy of the table at `table` with those of its fields that can cross.
    private static func pushWhatCrosses(of table: Int32, _ stack: LuaStack) {
        stack.newTable()
        let copy = stack.top
        stack.pushNil()
        while stack.next(table) {
            if crosses(stack, copy + 1), crosses(stack, copy + 2) {
                stack.pushCopy(of: copy + 1)
                stack.insert(at: -2)
                stack.rawSet(copy)
            }
            stack.setTop(copy + 1)
        }
    }

    private static func crosses(_ stack: LuaStack, _ index: Int32) -> Bool {
        (try? MessageEncoder.encode(stack, at: index, as: .error)) != nil
    }

    /// For the metatable on top: itself, if it can cross; of a class the nearest ancestor that can; of any other what of it can.
    private static func pushMetatableThatCrosses(_ stack: LuaStack) {
        while ClassTable.isClass(stack, at: -1), !crosses(stack, stack.top) {
            stack.rawGet(-1, "super")
            stack.remove(at: -2)
        }
        if stack.type(at: -1) == .table, !crosses(stack, stack.top) { pushWhatCrosses(of: stack.top, stack) }
    }

    /// Pushes the error value, or what can be told of it.
    func push(to stack: LuaStack) throws(LuaError) {
        guard let value else {
            let words = [message] + (refusal.map { [$0] } ?? [])
            return stack.push(error: LuaException(.runtimeError, words.joined(separator: "; ")))
        }
        try MessageDecoder.push(value, to: stack)
    }

    /// Raises the error in the interpreter of `call`, as the value that it was.
    func raise(_ call: LuaCall) throws -> Never {
        try push(to: call.stack)
        throw LuaError.raising(call.stack, at: -1)
    }
}
