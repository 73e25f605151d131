/// One call of a Swift function by Lua: its arguments, and where its results go.
///
/// Valid until the function returns, on that thread. Arguments are counted from 1. A method's first argument is its object.
public struct LuaCall {
    public let stack: LuaStack
    @usableFromInline let function: NativeFunction

    @inlinable
    init(stack: LuaStack, function: NativeFunction) {
        self.stack = stack
        self.function = function
    }

    public var state: LuaState { LuaState.of(stack) }
    /// The name of the function, as messages give it.
    public var name: String { function.name }
    /// How many arguments were given; for a method the object is one of them.
    @inlinable public var count: Int32 { stack.top }

    /// Argument `index` as a `Value`.
    /// - Throws: a `bad argument` error that Lua sees as a `TypeError`.
    @inlinable @inline(__always)
    public func argument<Value: LuaReadable>(_ index: Int32, as type: Value.Type = Value.self) throws -> Value {
        // The optimizer cannot see through the conformances of another module; integers are worth a way past them.
        //
        if Value.self == Int.self, let value = stack.exactInteger(at: index) {
            // Both types were found to be the same: the cast changes nothing.
            return unsafeBitCast(Int(value), to: Value.self)
        }
        return try converted(index)
    }

    @inlinable @inline(never)
    func converted<Value: LuaReadable>(_ index: Int32) throws -> Value {
        do { return try Value.read(from: stack, at: index) } catch { throw badArgument(index, error) }
    }

    /// The argument after `index`, which is moved on.
    @inlinable @inline(__always)
    func next<Value: LuaReadable>(_ type: Value.Type, _ index: inout Int32) throws -> Value {
        index += 1
        return try argument(index, as: Value.self)
    }

    /// Argument `index`, or `standard` where it is nil or missing.
    @inlinable
    public func argument<Value: LuaReadable>(_ index: Int32, default standard: @autoclosure () -> Value) throws -> Value
    {
        stack.isNilOrNone(at: index) ? standard() : try argument(index)
    }

    /// `bad argument #1 to 'put' (number expected, got string)`
    @usableFromInline
    func badArgument(_ index: Int32, _ mismatch: LuaMismatch) -> LuaException {
        badArgument(index, mismatch.description)
    }

    /// A `TypeError` about argument `index`, in the words of Lua's own library.
    public func badArgument(_ index: Int32, _ problem: String) -> LuaException {
        let number = function.isMethod ? index - 1 : index
        guard number > 0 else { return LuaException(.typeError, "calling '\(name)' on bad self (\(problem))") }
        if let parameter = function.signature?.parameter(Int(number)), function.signature?.isNamed == true {
            return LuaException(.typeError, "bad argument #\(number) to '\(name)' (\(parameter): \(problem))")
        }
        return LuaException(.typeError, "bad argument #\(number) to '\(name)' (\(problem))")
    }

    /// Pushes `values` as the results.
    @inlinable @inline(__always)
    public func results<each Value: LuaPushable>(_ values: repeat each Value) throws -> Int32 {
        var count: Int32 = 0
        for value in repeat each values {
            try stack.push(any: value)
            count += 1
        }
        return count
    }
}

extension LuaStack {
    /// Pushes `value`; integers without the detour through their conformance, see ``LuaCall/argument(_:as:)``.
    @inlinable @inline(__always)
    func push<Value: LuaPushable>(any value: Value) throws(LuaError) {
        //
        if Value.self == Int.self { return push(unsafeBitCast(value, to: Int.self)) }
        try value.push(to: self)
    }
}
