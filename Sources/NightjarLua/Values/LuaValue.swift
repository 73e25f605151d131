/// Any Lua value, by case. Tables, functions and the rest stay in Lua and are referenced.
public enum LuaValue: LuaConvertible, Sendable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(LuaBytes)
    case table(LuaTable)
    case function(LuaFunction)
    /// A coroutine, a userdata, or a light userdata.
    case other(LuaReference)

    public static var luaTypeName: String { "value" }

    public func push(to stack: LuaStack) throws(LuaError) {
        switch self {
        case .nil: stack.pushNil()
        case .boolean(let value): stack.push(value)
        case .integer(let value): stack.push(value)
        case .number(let value): stack.push(value)
        case .string(let value): value.push(to: stack)
        case .table(let value): try value.push(to: stack)
        case .function(let value): try value.push(to: stack)
        case .other(let value): try value.pushOrThrow(to: stack)
        }
    }

    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaValue {
        switch stack.type(at: index) {
        case .none, .nil: .nil
        case .boolean: .boolean(stack.boolean(at: index))
        case .number where stack.isInteger(at: index): .integer(stack.integer(at: index))
        case .number: .number(stack.number(at: index))
        case .string: .string(LuaBytes(Array(stack.bytes(at: index))))
        case .table: .table(try LuaTable.read(from: stack, at: index))
        case .function: .function(try LuaFunction.read(from: stack, at: index))
        default: .other(LuaReference(stack, at: index))
        }
    }

    /// The text, if this is a string.
    public var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes.bytes, as: UTF8.self) } else { nil }
    }
}

/// A Lua table, by reference.
public struct LuaTable: LuaConvertible, Sendable {
    public let reference: LuaReference

    public static var luaTypeName: String { "table" }
    public func push(to stack: LuaStack) throws(LuaError) { try reference.pushOrThrow(to: stack) }
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaTable {
        guard stack.type(at: index) == .table else { throw LuaMismatch(stack, index, expected: luaTypeName) }
        return LuaTable(reference: LuaReference(stack, at: index))
    }
}
