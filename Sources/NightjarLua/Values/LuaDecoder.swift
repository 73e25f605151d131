/// Makes `Decodable` values from Lua values.
///
/// Tables are read raw: no script runs while a value is decoded. Arrays are tables with the keys 1 to n and no others; `[UInt8]` and
/// ``LuaBytes`` also take strings. Integers are exact or an error. A nil or missing field is nil to an optional and an
/// error to everything else; fields that the type does not ask for are ignored.
public struct LuaDecoder {
    /// Handed to the `init(from:)` of the types.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    public init() {}

    /// The value at `index` as a `Value`.
    /// - Throws: `.conversion` with the path to what does not fit: `servers[2].port: number expected, got string`. Its cause is the
    ///   `DecodingError`.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from stack: LuaStack, at index: Int32
    ) throws(LuaError) -> Value {
        let top = stack.top
        defer { stack.setTop(top) }
        do {
            try stack.reserve(8)
            return try LuaDecodingContext(LuaState.of(stack), userInfo).read(
                type, stack, at: index, LuaDecodingPath.root)
        } catch let error as LuaError {
            throw error
        } catch let error as DecodingError {
            throw LuaDecoder.report(error)
        } catch {
            throw LuaError(.conversion, "\(error)", cause: error)
        }
    }

    private static func report(_ error: DecodingError) -> LuaError {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            LuaCoding.error(context.codingPath, context.debugDescription, cause: error)
        case .keyNotFound(let key, let context):
            LuaCoding.error(context.codingPath + [key], context.debugDescription, cause: error)
        @unknown default:
            LuaError(.conversion, "\(error)", cause: error)
        }
    }
}

extension LuaState {
    /// `value` as a `Value`; see ``LuaDecoder``.
    public func decode<Value: Decodable>(_ value: LuaValue, as type: Value.Type = Value.self) throws(LuaError) -> Value
    {
        try withStack { stack throws(LuaError) in
            try value.push(to: stack)
            return try LuaDecoder().decode(type, from: stack, at: -1)
        }
    }

    /// `value` as a `Value`; see ``LuaDecoder``.
    public func decode<Value: Decodable>(_ type: Value.Type, from value: LuaValue) throws(LuaError) -> Value {
        try decode(value, as: type)
    }
}

extension LuaValue {
    /// This value as a `Value`; see ``LuaDecoder``. `state` is the interpreter that it comes from.
    public func decode<Value: Decodable>(
        as type: Value.Type = Value.self, in state: LuaState
    ) throws(LuaError) -> Value {
        try state.decode(self, as: type)
    }
}

/// The way from the root to a value, with the tables on it.
final class LuaDecodingPath {
    let parent: LuaDecodingPath?
    let key: (any CodingKey)?
    /// Which table the value is, once it is known to be one.
    let table: UnsafeRawPointer?
    let depth: Int

    private init(parent: LuaDecodingPath?, key: (any CodingKey)?, table: UnsafeRawPointer?) {
        self.parent = parent
        self.key = key
        self.table = table
        depth = (parent?.depth ?? 0) + (table == nil ? 0 : 1)
    }

    static var root: LuaDecodingPath { LuaDecodingPath(parent: nil, key: nil, table: nil) }

    func appending(_ key: any CodingKey) -> LuaDecodingPath { LuaDecodingPath(parent: self, key: key, table: nil) }

    /// The same place, known to be the table `pointer`; an error where that is one of its own ancestors.
    func entering(_ pointer: UnsafeRawPointer) throws -> LuaDecodingPath {
        var ancestor = parent
        while let step = ancestor {
            if step.table == pointer { throw corrupted("the table contains itself") }
            ancestor = step.parent
        }
        guard depth < LuaCoding.maximumDepth else {
            throw corrupted("tables are nested more than \(LuaCoding.maximumDepth) deep")
        }
        return LuaDecodingPath(parent: parent, key: key, table: pointer)
    }

    var codingPath: [any CodingKey] {
        var keys: [any CodingKey] = []
        var step: LuaDecodingPath? = self
        while let current = step {
            if let key = current.key { keys.append(key) }
            step = current.parent
        }
        return keys.reversed()
    }

    func corrupted(_ message: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: message))
    }
}

/// What all containers of one `decode` share.
final class LuaDecodingContext {
    let state: LuaState
    let userInfo: [CodingUserInfoKey: any Sendable]

    init(_ state: LuaState, _ userInfo: [CodingUserInfoKey: any Sendable]) {
        self.state = state
        self.userInfo = userInfo
    }

    /// The value at `index` as a `Value`; `path` says where it comes from.
    func read<Value: Decodable>(
        _ type: Value.Type, _ stack: LuaStack, at index: Int32, _ path: LuaDecodingPath
    ) throws -> Value {
        if let scalar = type as? any LuaScalar.Type { return try readScalar(scalar, stack, index, path) as! Value }
        if type == [UInt8].self, stack.type(at: index) == .string { return Array(stack.bytes(at: index)) as! Value }
        if let dictionary = type as? any StringKeyedDecodable.Type {
            return try dictionary.decode(LuaKeyedDecoding<LuaNameKey>(self, stack, index, path)) as! Value
        }
        guard !stack.isNilOrNone(at: index) || type is any ExpressibleByNilLiteral.Type else {
            throw DecodingError.valueNotFound(
                type, .init(codingPath: path.codingPath, debugDescription: "value expected, got nil"))
        }
        return try Value(from: LuaValueDecoder(self, try LuaValue.read(from: stack, at: index), path))
    }

    private func readScalar<Scalar: LuaScalar>(
        _ type: Scalar.Type, _ stack: LuaStack, _ index: Int32, _ path: LuaDecodingPath
    ) throws -> Scalar {
        do { return try Scalar.read(from: stack, at: index) } catch {
            var error = error
            // Lua's library asks for numbers everywhere; here the field's type is known better.
            if type is any FixedWidthInteger.Type, error.expected == "number" {
                error = LuaMismatch(expected: "integer", actual: error.actual)
            }
            throw DecodingError.typeMismatch(
                type, .init(codingPath: path.codingPath, debugDescription: error.description))
        }
    }

    /// Runs `body` with room on the stack, which is as high as before afterwards.
    func withStack<Result>(_ body: (LuaStack) throws -> Result) throws -> Result {
        try state.checkOpen()
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        return try body(stack)
    }
}

/// A dictionary whose keys are strings in Lua too, also those that look like numbers.
protocol StringKeyedDecodable {
    static func decode(_ container: LuaKeyedDecoding<LuaNameKey>) throws -> Self
}

extension Dictionary: StringKeyedDecodable where Key == String, Value: Decodable {
    static func decode(_ container: LuaKeyedDecoding<LuaNameKey>) throws -> [String: Value] {
        var result: [String: Value] = [:]
        for key in try container.names() { result[key.stringValue] = try container.decode(Value.self, forKey: key) }
        return result
    }
}
