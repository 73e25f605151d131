/// Makes Lua values from `Encodable` values: the counterpart of ``LuaDecoder``.
///
/// Structures and dictionaries become tables, arrays become tables from 1, `[UInt8]` and ``LuaBytes`` strings, nil fields are left out.
/// An enumeration with associated values becomes what Swift makes of it: `{circle = {radius = 2}}`.
public struct LuaEncoder {
    /// Handed to the `encode(to:)` of the types.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    public init() {}

    /// Pushes `value` as one Lua value.
    /// - Throws: `.conversion` with the path to what Lua cannot hold: an integer beyond 64 bits, a nil inside an array, values
    ///   nested too deeply (as those that contain themselves are).
    public func encode(_ value: some Encodable, to stack: LuaStack) throws(LuaError) {
        let top = stack.top
        do {
            let context = LuaEncodingContext(userInfo: userInfo)
            try stack.reserve(4)
            try context.encode(value, []).push(to: stack)
        } catch {
            stack.setTop(top)
            throw LuaEncoder.report(error)
        }
    }

    private static func report(_ error: any Error) -> LuaError {
        switch error {
        case let error as LuaError: error
        case let error as EncodingError:
            if case .invalidValue(_, let context) = error {
                LuaCoding.error(context.codingPath, context.debugDescription, cause: error)
            } else {
                LuaError(.conversion, "\(error)", cause: error)
            }
        default: LuaError(.conversion, "\(error)", cause: error)
        }
    }
}

extension LuaState {
    /// `value` as a Lua value of this interpreter; see ``LuaEncoder``.
    public func encode(_ value: some Encodable) throws(LuaError) -> LuaValue {
        try withStack { stack throws(LuaError) in
            try LuaEncoder().encode(value, to: stack)
            return try conversion { () throws(LuaMismatch) in try LuaValue.read(from: stack, at: -1) }
        }
    }
}

/// What all containers of one `encode` share.
struct LuaEncodingContext {
    let userInfo: [CodingUserInfoKey: any Sendable]

    func encode<Value: Encodable>(_ value: Value, _ path: [any CodingKey]) throws -> LuaEncodingNode {
        let node = LuaEncodingNode(path)
        if let scalar = value as? any LuaScalar {
            node.content = .scalar(scalar)
        } else if let bytes = value as? [UInt8] {
            node.content = .scalar(LuaBytes(bytes))
        } else if let dictionary = value as? any StringKeyedEncodable {
            node.content = .record(try dictionary.fields(self, path))
        } else {
            guard path.count < LuaCoding.maximumDepth else {
                throw refusal(value, path, "values are nested more than \(LuaCoding.maximumDepth) deep")
            }
            try value.encode(to: LuaValueEncoder(self, node))
            if case .nothing = node.content { throw refusal(value, path, "\(Value.self) encoded nothing") }
        }
        return node
    }

    private func refusal(_ value: Any, _ path: [any CodingKey], _ message: String) -> EncodingError {
        // The path of what contains itself says nothing more after a few steps.
        .invalidValue(value, .init(codingPath: Array(path.prefix(8)), debugDescription: message))
    }
}

/// A value on its way to Lua: containers fill it in any order, then it is pushed in one go.
final class LuaEncodingNode {
    enum Content {
        case nothing
        case scalar(any LuaPushable)
        case array([LuaEncodingNode])
        case record([(key: any CodingKey, node: LuaEncodingNode)])
    }

    var content = Content.nothing
    let path: [any CodingKey]

    init(_ path: [any CodingKey]) { self.path = path }

    func append(_ key: any CodingKey, _ node: LuaEncodingNode) {
        guard case .record(var fields) = content else { preconditionFailure("a keyed container was asked for no more") }
        content = .nothing
        fields.append((key, node))
        content = .record(fields)
    }

    func append(_ node: LuaEncodingNode) {
        guard case .array(var elements) = content else {
            preconditionFailure("an unkeyed container was asked for no more")
        }
        content = .nothing
        elements.append(node)
        content = .array(elements)
    }

    /// Pushes one value.
    func push(to stack: LuaStack) throws {
        try stack.reserve(4)
        switch content {
        case .nothing: stack.pushNil()
        case .scalar(let value):
            do throws(LuaError) { try value.push(to: stack) } catch {
                throw LuaCoding.error(path, error.message, cause: error)
            }
        case .array(let elements): try push(elements, to: stack)
        case .record(let fields): try push(fields, to: stack)
        }
    }

    private func push(_ elements: [LuaEncodingNode], to stack: LuaStack) throws {
        stack.newTable(array: elements.count)
        for (offset, element) in elements.enumerated() {
            try element.push(to: stack)
            guard stack.type(at: -1) != .nil else {
                throw LuaError(.conversion, "\(LuaCoding.describe(element.path)): nil would leave a hole in the array")
            }
            stack.rawSet(-2, offset + 1)
        }
    }

    private func push(_ fields: [(key: any CodingKey, node: LuaEncodingNode)], to stack: LuaStack) throws {
        stack.newTable(record: fields.count)
        for (key, node) in fields {
            try node.push(to: stack)
            if let index = LuaCoding.luaIndex(of: key) {
                stack.rawSet(-2, index)
            } else {
                stack.rawSet(-2, key.stringValue)
            }
        }
    }
}

/// A dictionary whose keys stay strings in Lua, also those that look like numbers.
private protocol StringKeyedEncodable {
    func fields(
        _ context: LuaEncodingContext, _ path: [any CodingKey]
    ) throws -> [(key: any CodingKey, node: LuaEncodingNode)]
}

extension Dictionary: StringKeyedEncodable where Key == String, Value: Encodable {
    fileprivate func fields(
        _ context: LuaEncodingContext, _ path: [any CodingKey]
    ) throws -> [(key: any CodingKey, node: LuaEncodingNode)] {
        try map { name, value in
            let key = LuaNameKey(name)
            return (key, try context.encode(value, path + [key]))
        }
    }
}
