// The optimizer does not unroll loops over parameter packs: a call through one costs a hundred instructions more than the same
// code written out. So the commonest shapes are written out; overload resolution prefers them, and nothing else differs.

public import CLuaSupport

extension LuaBinding {
    @inlinable @inline(__always)
    public static func unary<A: LuaReadable, R: LuaPushable>(
        _ function: @escaping (A) throws -> R
    ) -> (LuaCall) throws -> Int32 {
        { call in
            try call.stack.push(any: function(call.argument(1)))
            return 1
        }
    }

    @inlinable @inline(__always)
    public static func binary<A: LuaReadable, B: LuaReadable, R: LuaPushable>(
        _ function: @escaping (A, B) throws -> R
    ) -> (LuaCall) throws -> Int32 {
        { call in
            try call.stack.push(any: function(call.argument(1), call.argument(2)))
            return 1
        }
    }
}

extension LuaState {
    /// Sets the global `name` to a Swift closure.
    @inlinable
    public func set<A: LuaReadable, R: LuaPushable>(_ name: String, _ body: @escaping (A) throws -> R) throws(LuaError)
    {
        try set(name, raw: LuaBinding.unary(body))
    }

    /// Sets the global `name` to a Swift closure.
    @inlinable
    public func set<A: LuaReadable, B: LuaReadable, R: LuaPushable>(
        _ name: String, _ body: @escaping (A, B) throws -> R
    ) throws(LuaError) {
        try set(name, raw: LuaBinding.binary(body))
    }
}

extension LuaState {
    /// Calls `function` and gives its first result as `Result`.
    @inlinable @inline(__always)
    public func call<A: LuaPushable, Result: LuaReadable>(
        _ function: LuaFunction, _ a: A, returning: Result.Type = Result.self
    ) throws(LuaError) -> Result {
        let (stack, base) = try prepare(function)
        defer { stack.setTop(base) }
        try stack.push(any: a)
        try stack.check(nj_pcall(stack.L, 1, 1, base + 1))
        return try result(stack)
    }

    /// Calls `function` and gives its first result as `Result`.
    @inlinable @inline(__always)
    public func call<A: LuaPushable, B: LuaPushable, Result: LuaReadable>(
        _ function: LuaFunction, _ a: A, _ b: B, returning: Result.Type = Result.self
    ) throws(LuaError) -> Result {
        let (stack, base) = try prepare(function)
        defer { stack.setTop(base) }
        try stack.push(any: a)
        try stack.push(any: b)
        try stack.check(nj_pcall(stack.L, 2, 1, base + 1))
        return try result(stack)
    }
}

extension LuaModuleBuilder {
    /// A function with typed arguments and results.
    @inlinable
    public mutating func function<A: LuaReadable, R: LuaPushable>(
        _ name: String, doc: String = "", _ body: @escaping (A) throws -> R
    ) {
        function(name, nil, doc: doc, raw: LuaBinding.unary(body))
    }

    /// A function with typed arguments and results.
    @inlinable
    public mutating func function<A: LuaReadable, B: LuaReadable, R: LuaPushable>(
        _ name: String, doc: String = "", _ body: @escaping (A, B) throws -> R
    ) {
        function(name, nil, doc: doc, raw: LuaBinding.binary(body))
    }
}
