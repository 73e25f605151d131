import CLua
public import CLuaSupport

/// A Lua function that Swift can call.
///
/// Calls run protected on the interpreter's own thread; an error comes back as ``LuaError``.
public struct LuaFunction: LuaConvertible, Sendable {
    public let reference: LuaReference

    public static var luaTypeName: String { "function" }
    public func push(to stack: LuaStack) throws(LuaError) { try reference.pushOrThrow(to: stack) }
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaFunction {
        guard stack.type(at: index) == .function else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        return LuaFunction(reference: LuaReference(stack, at: index))
    }
}

extension LuaState {
    /// Calls `function` and gives its first result as `Result`.
    @inlinable
    public func call<each Argument: LuaPushable, Result: LuaReadable>(
        _ function: LuaFunction, _ arguments: repeat each Argument, returning: Result.Type = Result.self
    ) throws(LuaError) -> Result {
        let (stack, base) = try prepare(function)
        defer { stack.setTop(base) }
        try stack.reserve(LuaState.count(repeat each arguments) + 8)
        for argument in repeat each arguments { try stack.push(any: argument) }
        try stack.check(nj_pcall(stack.L, stack.top - base - 2, 1, base + 1))
        return try result(stack)
    }

    /// Calls `function` and ignores what it returns.
    @inlinable
    public func call<each Argument: LuaPushable>(
        _ function: LuaFunction, _ arguments: repeat each Argument
    ) throws(LuaError) {
        let (stack, base) = try prepare(function)
        defer { stack.setTop(base) }
        try stack.reserve(LuaState.count(repeat each arguments) + 8)
        for argument in repeat each arguments { try stack.push(any: argument) }
        try stack.check(nj_pcall(stack.L, stack.top - base - 2, 0, base + 1))
    }

    /// Calls `function` and gives all its results.
    public func callAll<each Argument: LuaPushable>(
        _ function: LuaFunction, _ arguments: repeat each Argument
    ) throws(LuaError) -> [LuaValue] {
        let (stack, base) = try prepare(function)
        defer { stack.setTop(base) }
        try stack.reserve(LuaState.count(repeat each arguments) + 8)
        for argument in repeat each arguments { try stack.push(any: argument) }
        try stack.check(nj_pcall(stack.L, stack.top - base - 2, -1, base + 1))
        var results: [LuaValue] = []
        for index in stride(from: base + 2, through: stack.top, by: 1) {
            results.append(try conversion { () throws(LuaMismatch) in try LuaValue.read(from: stack, at: index) })
        }
        return results
    }

    @usableFromInline
    static func count<each Argument>(_ arguments: repeat each Argument) -> Int32 {
        var count: Int32 = 0
        for _ in repeat each arguments { count += 1 }
        return count
    }

    /// Pushes the handler and the function; gives the stack and how high it was.
    @inlinable @inline(__always)
    func prepare(_ function: LuaFunction) throws(LuaError) -> (stack: LuaStack, base: Int32) {
        if function.reference.home !== references || context.pointee.main == nil { try refuse(function) }
        let stack = self.stack
        let base = nj_push_call(stack.L, ProtectedCall.noteFrames, function.reference.slot)
        if base < 0 { try stack.reserve(.max) }
        return (stack, base)
    }

    /// Says why a function cannot be called here: it lives in another interpreter, or in a closed one.
    @usableFromInline @inline(never)
    func refuse(_ function: LuaFunction) throws(LuaError) {
        try checkOpen()
        try function.push(to: stack)
    }

    @inlinable @inline(__always)
    func result<Result: LuaReadable>(_ stack: LuaStack) throws(LuaError) -> Result {
        // As for arguments, see LuaCall.argument.
        if Result.self == Int.self, let value = stack.exactInteger(at: -1) {
            // Both types were found to be the same: the cast changes nothing.
            return unsafeBitCast(Int(value), to: Result.self)
        }
        return try convertedResult(stack)
    }

    @inlinable @inline(never)
    func convertedResult<Result: LuaReadable>(_ stack: LuaStack) throws(LuaError) -> Result {
        do {
            return try Result.read(from: stack, at: -1)
        } catch {
            throw LuaError(.conversion, "bad result: \(error.description)")
        }
    }

    func conversion<Result>(_ body: () throws(LuaMismatch) -> Result) throws(LuaError) -> Result {
        do { return try body() } catch { throw LuaError(.conversion, error.description) }
    }
}
