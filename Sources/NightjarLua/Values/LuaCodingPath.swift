/// What encoder and decoder share: paths in messages, the bound on depth, the types that are one Lua value.
enum LuaCoding {
    /// Tables nested deeper than this are an error: each level takes native stack, and threads may have little of it.
    static let maximumDepth = 128

    /// `servers[2].port`
    static func describe(_ path: [any CodingKey]) -> String {
        path.reduce("") { text, key in
            if let number = luaIndex(of: key) { return "\(text)[\(number)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
    }

    /// The integer that `key` is in Lua, or nil where it is a name. Enumerations of keys may have numbers beside their names;
    /// the name counts.
    static func luaIndex(of key: any CodingKey) -> Int? {
        if let key = key as? LuaIndexKey { return key.index }
        return key.intValue.flatMap { String($0) == key.stringValue ? $0 : nil }
    }

    /// The error that leaves the encoder or decoder.
    static func error(_ path: [any CodingKey], _ message: String, cause: any Error) -> LuaError {
        LuaError(.conversion, path.isEmpty ? message : "\(describe(path)): \(message)", cause: cause)
    }
}

/// The place of an array element, counted from 1 as in Lua.
struct LuaIndexKey: CodingKey {
    let index: Int
    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { index = intValue + 1 }
    init?(stringValue: String) { nil }
    /// Counted from 0, as other coders do.
    var intValue: Int? { index - 1 }
    var stringValue: String { "[\(index)]" }
}

/// A key that is known by its text alone: a dictionary's, or the one of `super`.
struct LuaNameKey: CodingKey {
    let stringValue: String
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    var intValue: Int? { nil }
    static var superclass: LuaNameKey { LuaNameKey("super") }
}

/// A type that is coded as one Lua value and never asked to code itself.
protocol LuaScalar: LuaConvertible {}

extension Bool: LuaScalar {}
extension Double: LuaScalar {}
extension Float: LuaScalar {}
extension Int: LuaScalar {}
extension Int8: LuaScalar {}
extension Int16: LuaScalar {}
extension Int32: LuaScalar {}
extension Int64: LuaScalar {}
extension UInt: LuaScalar {}
extension UInt8: LuaScalar {}
extension UInt16: LuaScalar {}
extension UInt32: LuaScalar {}
extension UInt64: LuaScalar {}
extension String: LuaScalar {}
extension LuaBytes: LuaScalar {}
extension LuaFunction: LuaScalar {}
extension LuaTable: LuaScalar {}
extension LuaValue: LuaScalar {}

extension LuaBytes: Codable {
    /// With ``LuaDecoder`` from a Lua string; with other decoders from a list of bytes.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([UInt8].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}

/// A function in a coded value stays the same function: a configuration may contain callbacks.
extension LuaFunction: Codable {
    public init(from decoder: any Decoder) throws { self = try LuaOnly.decode(from: decoder) }
    public func encode(to encoder: any Encoder) throws { throw LuaOnly.refusal(self, encoder) }
}

/// A table in a coded value stays the same table.
extension LuaTable: Codable {
    public init(from decoder: any Decoder) throws { self = try LuaOnly.decode(from: decoder) }
    public func encode(to encoder: any Encoder) throws { throw LuaOnly.refusal(self, encoder) }
}

/// Any value, as it is; a missing field is ``LuaValue/nil``.
extension LuaValue: Codable {
    public init(from decoder: any Decoder) throws { self = try LuaOnly.decode(from: decoder) }
    public func encode(to encoder: any Encoder) throws { throw LuaOnly.refusal(self, encoder) }
}

/// Values that no coder but ours can handle. Ours never asks them to code themselves.
private enum LuaOnly {
    static func decode<Value>(from decoder: any Decoder) throws -> Value {
        throw DecodingError.typeMismatch(
            Value.self,
            .init(codingPath: decoder.codingPath, debugDescription: "\(Value.self) can be decoded by LuaDecoder alone"))
    }

    static func refusal<Value>(_ value: Value, _ encoder: any Encoder) -> EncodingError {
        EncodingError.invalidValue(
            value,
            .init(codingPath: encoder.codingPath, debugDescription: "\(Value.self) can be encoded by LuaEncoder alone"))
    }
}
