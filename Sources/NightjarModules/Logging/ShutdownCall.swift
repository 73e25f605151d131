import NightjarLogging
import NightjarLua

/// `logging.shutdown(handlerList)`: each handler's own `acquire`, `flush`, `close` and `release`, the last one first. An entry may be a weak
/// reference to a handler.
enum ShutdownCall {
    static func run(_ call: LuaCall) throws {
        let stack = call.stack
        guard stack.type(at: 1) == .table else {
            throw call.badArgument(1, "table of handlers expected, got \(stack.typeName(at: 1))")
        }
        try stack.reserve(16)
        for position in (0..<stack.rawLength(at: 1)).reversed() {
            defer { stack.setTop(1) }
            stack.rawGet(1, position + 1)
            if stack.object(at: -1) is any Handler == false, stack.object(at: -1) is NativeHandler == false,
                !isLikeHandler(stack)
            {
                try stack.call(arguments: 0, results: 1)
                if stack.type(at: -1) == .nil { continue }
            }
            do { try end(stack, handler: stack.top) } catch  where !call.logging.raiseExceptions { continue }
        }
    }

    /// Whether the value on top is a table that can be ended as a handler.
    private static func isLikeHandler(_ stack: LuaStack) -> Bool {
        guard stack.type(at: -1) == .table else { return false }
        defer { stack.pop() }
        return stack.rawGet(stack.top, "close") == .function
    }

    private static func end(_ stack: LuaStack, handler: Int32) throws {
        var failure: (any Error)?
        do {
            try invoke("acquire", handler, stack)
            try stack.get(handler, "flushOnClose")
            let flushes = stack.type(at: -1) == .nil || stack.boolean(at: -1)
            stack.setTop(handler)
            if flushes { try invoke("flush", handler, stack) }
            try invoke("close", handler, stack)
        } catch {
            failure = error
        }
        stack.setTop(handler)
        try invoke("release", handler, stack)
        // Python passes over these two: the stream is gone, or closed already.
        if let failure, !isExpected(failure) { throw failure }
    }

    private static func isExpected(_ error: any Error) -> Bool {
        guard let name = (error as? LuaError)?.className else { return false }
        return ["OSError", "ValueError"].contains(name) || name.hasSuffix("OSError") || name == "FileNotFoundError"
            || name == "PermissionError"
    }

    private static func invoke(_ method: String, _ handler: Int32, _ stack: LuaStack) throws {
        try stack.get(handler, method)
        stack.pushCopy(of: handler)
        try stack.call(arguments: 1, results: 0)
    }
}
