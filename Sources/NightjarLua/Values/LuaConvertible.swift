public import CLuaSupport

/// A value that Swift can give to Lua.
public protocol LuaPushable: SendableMetatype {
    /// Pushes exactly one value.
    func push(to stack: LuaStack) throws(LuaError)
}

/// A value that Swift can take from Lua.
public protocol LuaReadable: SendableMetatype {
    /// What a message calls the expected type: `number`, `string`, `Queue`.
    static var luaTypeName: String { get }
    /// Reads the value at `index` and leaves the stack as it is. `index` may be beyond the top: then there is no value.
    static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Self
}

/// A value that crosses the bridge both ways.
public typealias LuaConvertible = LuaPushable & LuaReadable

/// A Lua value was not of the type that Swift asked for.
public struct LuaMismatch: Error, Sendable {
    public let expected: String
    public let actual: String
    /// Where inside the value, outermost first: `["servers", "[2]", "port"]`.
    public var path: [String] = []

    public init(expected: String, actual: String, path: [String] = []) {
        self.expected = expected
        self.actual = actual
        self.path = path
    }

    /// A mismatch of the value at `index`.
    public init(_ stack: LuaStack, _ index: Int32, expected: String) {
        self.init(expected: expected, actual: stack.typeName(at: index))
    }

    /// `number expected, got string`, with the path in front where there is one.
    public var description: String {
        let text = "\(expected) expected, got \(actual)"
        guard let first = path.first else { return text }
        return path.dropFirst().reduce("field '\(first)") { $0 + ($1.hasPrefix("[") ? $1 : "." + $1) } + "': " + text
    }

    func below(_ key: String) -> LuaMismatch { LuaMismatch(expected: expected, actual: actual, path: [key] + path) }
}

extension LuaStack {
    /// The name of the type of the value at `index`, as Lua's own messages give it: `__name` of its metatable first.
    public func typeName(at index: Int32) -> String {
        let index = absolute(index)
        if type(at: index) != .none, pushMetatable(of: index) {
            defer { setTop(-2) }
            if rawGet(-1, "__name") == .string {
                defer { pop() }
                return string(at: -1)
            }
            pop()
        }
        return type(at: index).description
    }
}

// MARK: - Scalars

extension Bool: LuaPushable, LuaReadable {
    public static var luaTypeName: String { "boolean" }
    @inlinable public func push(to stack: LuaStack) { stack.push(self) }
    @inlinable
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Bool {
        guard stack.type(at: index) == .boolean else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        return stack.boolean(at: index)
    }
}

extension Double: LuaPushable, LuaReadable {
    public static var luaTypeName: String { "number" }
    @inlinable public func push(to stack: LuaStack) { stack.push(self) }
    @inlinable
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Double {
        guard stack.type(at: index) == .number else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        return stack.number(at: index)
    }
}

extension Float: LuaPushable, LuaReadable {
    public static var luaTypeName: String { "number" }
    @inlinable public func push(to stack: LuaStack) { stack.push(Double(self)) }
    @inlinable
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Float {
        Float(try Double.read(from: stack, at: index))
    }
}

extension LuaStack {
    /// The exact integer at `index`: an integer, or a float that has the value of one; nil for anything else, strings included.
    @inlinable @inline(__always)
    public func exactInteger(at index: Int32) -> Int64? {
        // Asking for the subtype first takes a third fewer instructions than asking for the type afterwards.
        lua_isinteger(L, index) != 0 ? lua_tointegerx(L, index, nil) : integralFloat(at: index)
    }

    @usableFromInline @inline(never)
    func integralFloat(at index: Int32) -> Int64? {
        guard lua_type(L, index) == LUA_TNUMBER else { return nil }
        var exact: Int32 = 0
        let value = lua_tointegerx(L, index, &exact)
        return exact != 0 ? value : nil
    }

    @usableFromInline
    func integerMismatch(at index: Int32, _ name: String) -> LuaMismatch {
        guard type(at: index) == .number else { return LuaMismatch(self, index, expected: "number") }
        return LuaMismatch(
            expected: isInteger(at: index) ? name : "integer",
            actual: isInteger(at: index) ? "\(integer(at: index))" : "\(number(at: index))")
    }
}

extension FixedWidthInteger {
    /// `-128...127`, for messages.
    @usableFromInline static var luaRangeName: String { "integer from \(Self.min) to \(Self.max)" }
}

extension LuaPushable where Self: FixedWidthInteger {
    /// As an integer where it fits; an unsigned value above `Int64.max` is an error, not a negative number.
    @inlinable
    public func push(to stack: LuaStack) throws(LuaError) {
        guard let value = Int64(exactly: self) else {
            throw LuaError(.conversion, "integer \(self) does not fit a Lua integer (64 bits, signed)")
        }
        stack.push(value)
    }
}

extension LuaReadable where Self: FixedWidthInteger {
    public static var luaTypeName: String { "number" }
    /// Exact only: no fraction is cut, no range exceeded, no string taken.
    @inlinable @inline(__always)
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Self {
        guard let wide = stack.exactInteger(at: index), let value = Self(exactly: wide) else {
            throw stack.integerMismatch(at: index, luaRangeName)
        }
        return value
    }
}

extension Int: LuaPushable, LuaReadable {
    @inlinable @inline(__always) public func push(to stack: LuaStack) { stack.push(self) }
}
extension Int8: LuaPushable, LuaReadable {}
extension Int16: LuaPushable, LuaReadable {}
extension Int32: LuaPushable, LuaReadable {}
extension Int64: LuaPushable, LuaReadable {
    @inlinable @inline(__always) public func push(to stack: LuaStack) { stack.push(self) }
}
extension UInt: LuaPushable, LuaReadable {}
extension UInt8: LuaPushable, LuaReadable {}
extension UInt16: LuaPushable, LuaReadable {}
extension UInt32: LuaPushable, LuaReadable {}
extension UInt64: LuaPushable, LuaReadable {}

// MARK: - Text and bytes

extension String: LuaPushable, LuaReadable {
    public static var luaTypeName: String { "string" }
    @inlinable public func push(to stack: LuaStack) { stack.push(self) }
    /// Numbers are not taken for strings, and bytes that are not UTF-8 are repaired: use ``LuaBytes`` to keep them.
    @inlinable
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> String {
        guard stack.type(at: index) == .string else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        return stack.string(at: index)
    }
}

/// The bytes of a Lua string, whatever they are.
public struct LuaBytes: LuaPushable, LuaReadable, Hashable, Sendable {
    public var bytes: [UInt8]
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: String) { self.bytes = Array(text.utf8) }

    public static var luaTypeName: String { "string" }
    public func push(to stack: LuaStack) { bytes.withUnsafeBytes { stack.push($0) } }
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaBytes {
        guard stack.type(at: index) == .string else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        return LuaBytes(Array(stack.bytes(at: index)))
    }
}

// MARK: - Optionals and collections

extension Optional: LuaPushable where Wrapped: LuaPushable {
    @inlinable
    public func push(to stack: LuaStack) throws(LuaError) {
        switch self {
        case .none: stack.pushNil()
        case .some(let value): try value.push(to: stack)
        }
    }
}

extension Optional: LuaReadable where Wrapped: LuaReadable {
    public static var luaTypeName: String { Wrapped.luaTypeName + " or nil" }
    @inlinable
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Wrapped? {
        if stack.isNilOrNone(at: index) { return nil }
        return try Wrapped.read(from: stack, at: index)
    }
}

extension Array: LuaPushable where Element: LuaPushable {
    public func push(to stack: LuaStack) throws(LuaError) {
        try stack.reserve(3)
        stack.newTable(array: count)
        for (offset, element) in enumerated() {
            do { try element.push(to: stack) } catch {
                stack.pop()
                throw error
            }
            stack.rawSet(-2, offset + 1)
        }
    }
}

extension Array: LuaReadable where Element: LuaReadable {
    public static var luaTypeName: String { "table" }
    /// Elements 1 to `#t`, raw.
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> [Element] {
        guard stack.type(at: index) == .table else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        guard (try? stack.reserve(3)) != nil else { throw LuaMismatch(expected: "a shallower table", actual: "table") }
        let index = stack.absolute(index), count = stack.rawLength(at: index)
        var result: [Element] = []
        result.reserveCapacity(count)
        for offset in 0..<count {
            stack.rawGet(index, offset + 1)
            do { result.append(try Element.read(from: stack, at: -1)) } catch {
                stack.pop()
                throw error.below("[\(offset + 1)]")
            }
            stack.pop()
        }
        return result
    }
}

extension Dictionary: LuaPushable where Key: LuaPushable, Value: LuaPushable {
    public func push(to stack: LuaStack) throws(LuaError) {
        try stack.reserve(4)
        stack.newTable(record: count)
        let top = stack.top
        do throws(LuaError) {
            for (key, value) in self {
                try key.push(to: stack)
                try value.push(to: stack)
                guard stack.rawSet(-3) else {
                    throw LuaError(.conversion, "a dictionary key becomes nil or NaN in Lua")
                }
            }
        } catch {
            stack.setTop(top - 1)
            throw error
        }
    }
}

extension Dictionary: LuaReadable where Key: LuaReadable, Value: LuaReadable {
    public static var luaTypeName: String { "table" }
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> [Key: Value] {
        guard stack.type(at: index) == .table else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        guard (try? stack.reserve(4)) != nil else { throw LuaMismatch(expected: "a shallower table", actual: "table") }
        let index = stack.absolute(index), top = stack.top
        var result: [Key: Value] = [:]
        stack.pushNil()
        do {
            while stack.next(index) {
                let key = try Key.read(from: stack, at: -2)
                result[key] = try Value.read(from: stack, at: -1)
                stack.pop()
            }
        } catch {
            let key = stack.describeKey(at: top + 1)
            stack.setTop(top)
            throw error.below(key)
        }
        return result
    }
}

extension LuaStack {
    /// A key as part of a path in a message: `name`, `[3]`, `[true]`.
    public func describeKey(at index: Int32) -> String {
        switch type(at: index) {
        case .string: return string(at: index)
        case .number where isInteger(at: index): return "[\(integer(at: index))]"
        case .number: return "[\(number(at: index))]"
        case .boolean: return "[\(boolean(at: index))]"
        default: return "[\(type(at: index))]"
        }
    }
}
