public import NightjarLua

/// Where in a message a value stands, for the message that names a value which cannot cross.
struct MessageRoot {
    let name: String

    static let item = MessageRoot(name: "item")
    static let result = MessageRoot(name: "result")
    static let target = MessageRoot(name: "target")
    static let object = MessageRoot(name: "self")
    static let keywords = MessageRoot(name: "kwargs")
    static let error = MessageRoot(name: "error")
    static func argument(_ number: Int) -> MessageRoot { MessageRoot(name: "args[\(number)]") }
}

/// A value that cannot be passed to another thread.
public struct TransferError: LuaExceptionConvertible, CustomStringConvertible {
    /// `args[2].callbacks.on_done`
    public let path: String
    /// `a coroutine`
    public let culprit: String

    public var description: String { "cannot pass to another thread: \(path): \(culprit)" }
    public var luaException: LuaException { LuaException(.typeError, description) }
}

/// What a value is that cannot cross.
struct Refusal: Error {
    /// `a coroutine`
    public let culprit: String
    /// Where it stands, if that is known: the message is written once more to find it.
    public let path: String?
}
