import CLua
import CLuaSupport

/// A Swift function as Lua calls it.
@usableFromInline
final class NativeFunction {
    @usableFromInline let name: String
    @usableFromInline let signature: LuaSignature?
    @usableFromInline let isMethod: Bool
    /// Gives the number of results that it pushed.
    @usableFromInline let body: (LuaCall) throws -> Int32

    @usableFromInline
    init(
        name: String, signature: LuaSignature? = nil, isMethod: Bool = false, body: @escaping (LuaCall) throws -> Int32
    ) {
        self.name = name
        self.signature = signature
        self.isMethod = isMethod
        self.body = body
    }

    /// What C calls. The Swift frames end here, with every error caught, before C raises it.
    @usableFromInline
    static let enter: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { L, object in
        // The userdata that Lua is calling holds a reference for as long as the call lasts.
        Unmanaged<NativeFunction>.fromOpaque(object.unsafelyUnwrapped)._withUnsafeGuaranteedRef { function in
            let stack = LuaStack(L.unsafelyUnwrapped)
            do {
                return try function.body(LuaCall(stack: stack, function: function))
            } catch {
                return NativeFunction.raise(error, on: stack)
            }
        }
    }

    @usableFromInline
    static func raise(_ error: any Error, on stack: LuaStack) -> Int32 {
        guard lua_checkstack(stack.L, 10) != 0 else {
            // Room for one value there always is: what the callback pushed can go.
            stack.setTop(0)
            stack.push("stack overflow in a Swift function")
            return nj_raise(stack.L)
        }
        ExceptionValue.push(error: error, to: stack)
        return nj_raise(stack.L)
    }

    @usableFromInline
    func push(to stack: LuaStack) {
        nj_push_function(stack.L, NativeFunction.enter, Unmanaged.passRetained(self).toOpaque())
    }

    /// For functions that stay as long as the interpreter: they are called faster, and never collected.
    func pushPermanently(to stack: LuaStack) {
        nj_push_permanent(stack.L, NativeFunction.enter, Unmanaged.passRetained(self).toOpaque())
    }
}

/// Turns a Swift function into the form that Lua calls. A namespace for the one generic function that everything else uses.
public enum LuaBinding {
    /// Reads each argument as its type, calls `function`, pushes each result: none for `Void`, several for a tuple.
    /// A missing argument is nil, as in Lua; surplus ones are ignored.
    @inlinable @inline(__always)
    public static func body<each Argument: LuaReadable, each Result: LuaPushable>(
        _ function: @escaping (repeat each Argument) throws -> (repeat each Result)
    ) -> (LuaCall) throws -> Int32 {
        { call in
            var index: Int32 = 0
            return try call.results(repeat each function(repeat try call.next((each Argument).self, &index)))
        }
    }
}

extension LuaState {
    /// A Lua function that calls `body`, with full control over arguments and results.
    public func function(
        _ name: String, _ signature: LuaSignature? = nil, raw body: @escaping (LuaCall) throws -> Int32
    ) throws(LuaError) -> LuaFunction {
        try withStack { stack throws(LuaError) in
            NativeFunction(name: name, signature: signature, body: body).push(to: stack)
            return LuaFunction(reference: LuaReference(stack, at: -1))
        }
    }

    /// A Lua function that calls a Swift closure of any arity, which may throw and may return several values as a tuple.
    @inlinable
    public func function<each Argument: LuaReadable, each Result: LuaPushable>(
        _ name: String, _ body: @escaping (repeat each Argument) throws -> (repeat each Result)
    ) throws(LuaError) -> LuaFunction {
        try function(name, raw: LuaBinding.body(body))
    }

    /// Sets the global `name` to a Swift closure.
    @inlinable
    public func set<each Argument: LuaReadable, each Result: LuaPushable>(
        _ name: String, _ body: @escaping (repeat each Argument) throws -> (repeat each Result)
    ) throws(LuaError) {
        try set(name, raw: LuaBinding.body(body))
    }

    /// Sets the global `name` to a function with full control over arguments and results.
    public func set(_ name: String, raw body: @escaping (LuaCall) throws -> Int32) throws(LuaError) {
        try withStack { stack throws(LuaError) in
            stack.pushGlobals()
            NativeFunction(name: name, body: body).pushPermanently(to: stack)
            try stack.set(-2, name)
        }
    }

    /// Sets the global `name`.
    public func set(_ name: String, _ value: some LuaPushable) throws(LuaError) {
        try withStack { stack throws(LuaError) in
            stack.pushGlobals()
            try value.push(to: stack)
            try stack.set(-2, name)
        }
    }

    /// The global `name`.
    public func get<Value: LuaReadable>(_ name: String, as type: Value.Type = Value.self) throws(LuaError) -> Value {
        try withStack { stack throws(LuaError) in
            stack.pushGlobals()
            try stack.get(-1, name)
            return try conversion { () throws(LuaMismatch) in
                do throws(LuaMismatch) { return try Value.read(from: stack, at: -1) } catch { throw error.below(name) }
            }
        }
    }
}
