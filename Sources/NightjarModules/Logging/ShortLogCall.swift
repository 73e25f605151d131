import NightjarLogging
import NightjarLua

/// The short way of an enabled logging call of a script: a text that takes no call into Lua, without fields, put together where the
/// handlers that look at no more take it from.
struct ShortLogCall: TextCall {
    let stack: LuaStack
    // Whoever logs holds it until the call returns, and the call is kept no longer. Without a reference of its own it is counted by nobody.
    unowned(unsafe) let logger: Logger
    let level: Level
    /// Where the message is; its arguments follow.
    let message: Int32

    /// - Returns: false where the call is to be made in the general way.
    @inline(__always)
    static func write(_ logger: Logger, _ level: Level, _ stack: LuaStack, _ message: Int32) -> Bool {
        guard stack.type(at: message) == .string, !LogCustomization.isUsed else { return false }
        return logger.log(level, ShortLogCall(stack: stack, logger: logger, level: level, message: message))
    }

    func withText(_ deliver: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
        let last = stack.top, format = stack.bytes(at: message)
        guard last > message else { return literal(format, deliver) }
        // A table holds fields and options; where it is an argument, its text is Lua's to make.
        guard stack.type(at: last) != .table else { return false }
        let isDelivered = ScriptMessage.withText(stack, format, message + 1, last + 1) { text, used in
            let next = message + used + 1
            if next <= last, stack.type(at: next) == .table { return false }
            deliver(text)
            return true
        }
        return isDelivered ?? false
    }

    /// Without arguments the text is the message, whatever stands in it.
    private func literal(_ text: UnsafeRawBufferPointer, _ deliver: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
        guard ScriptText.isText(text) else { return false }
        deliver(text.assumingMemoryBound(to: UInt8.self))
        return true
    }

    func addDetails(to content: inout RecordContent) {
        // Cannot fail for want of a text, which has been delivered.
        let call = try? LogCall(stack, logger, level, message, nil, false)
        call?.complete(&content, .everything)
    }
}
