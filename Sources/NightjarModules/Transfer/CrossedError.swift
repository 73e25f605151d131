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

    public var description: String { className.map { message.isEmpty ? $0 : "\($0): \(message)" } ?? message }

    init(_ error: any Error, on stack: LuaStack) {
        stack.push(error: error)
        self.init(LuaError.wrapping(error), value: try? MessageEncoder.encode(stack, at: -1, as: .result))
        stack.pop()
    }

    init(_ error: LuaError, value: Message?) {
        message = error.message
        className = error.className
        traceback = error.traceback
        self.value = value
    }

    /// Pushes the error value, or what can be told of it.
    func push(to stack: LuaStack) throws(LuaError) {
        guard let value else { return stack.push(error: LuaException(.runtimeError, message)) }
        try MessageDecoder.push(value, to: stack)
    }

    /// Raises the error in the interpreter of `call`, as the value that it was.
    func raise(_ call: LuaCall) throws -> Never {
        try push(to: call.stack)
        throw LuaError.raising(call.stack, at: -1)
    }
}
