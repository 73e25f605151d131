public import NightjarLua

/// A Lua value as plain data that belongs to no interpreter: what a Swift program puts into a script's queue and gets out of it.
///
/// Tables are copied, Swift objects go by reference, as between threads of scripts. Functions have no such form: hand them on
/// with ``ScriptExecutor/submit(_:of:_:)``.
/// ```swift
/// try jobs.put(["id": 7, "tags": ["new", "urgent"]])
/// let id = try results.next()["id"].integer
/// ```
public enum LuaData: Sendable, Hashable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// Text. A Lua string that is no valid UTF-8 comes as ``bytes(_:)``.
    case string(String)
    /// A Lua string of any bytes.
    case bytes([UInt8])
    /// A table whose only keys are 1, 2, 3, ...; an empty table comes as an empty ``table(_:)``.
    case array([LuaData])
    case table([LuaData: LuaData])
    case object(LuaDataObject)
}

/// A Swift object that scripts hold by reference, such as a queue, a lock or a logger.
public struct LuaDataObject: Sendable, Hashable {
    public let object: any CrossesThreads

    /// - Parameter object: safe to use from several threads at once.
    public init(_ object: any CrossesThreads) { self.object = object }

    public static func == (left: LuaDataObject, right: LuaDataObject) -> Bool { left.object === right.object }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(object)) }
}

// MARK: - Reading

extension LuaData {
    public var isNil: Bool { self == .nil }
    /// Lua's truth: everything but nil and false.
    public var isTrue: Bool { self != .nil && self != .boolean(false) }

    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// An integer, or a number without a fraction.
    public var integer: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The items of an array; of an empty table, none.
    public var elements: [LuaData]? {
        switch self {
        case .array(let items): items
        case .table(let pairs) where pairs.isEmpty: []
        default: nil
        }
    }

    /// The object, if it is one of this class.
    public func object<Object>(as type: Object.Type = Object.self) -> Object? {
        if case .object(let held) = self { held.object as? Object } else { nil }
    }

    /// The value of a key, as `t[key]` in Lua; nil for what is no table.
    public subscript(key: LuaData) -> LuaData {
        switch self {
        case .table(let pairs): return pairs[key] ?? .nil
        case .array(let items):
            guard let index = key.integer, items.indices.contains(index - 1) else { return .nil }
            return items[index - 1]
        default: return .nil
        }
    }
}

// MARK: - Making

extension LuaData {
    public init(_ value: Bool) { self = .boolean(value) }
    /// A number too large for Lua's integers becomes a float.
    public init(_ value: some BinaryInteger) {
        self = Int64(exactly: value).map(LuaData.integer) ?? .number(Double(value))
    }
    public init(_ value: Double) { self = .number(value) }
    public init(_ value: some StringProtocol) { self = .string(String(value)) }
    public init(_ value: any CrossesThreads) { self = .object(LuaDataObject(value)) }
}

extension LuaData: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .nil }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: LuaData...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (LuaData, LuaData)...) {
        self = .table(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}

/// Why a message cannot be had as ``LuaData``, or the other way round.
public enum LuaDataError: Error, Hashable, CustomStringConvertible {
    /// A function, a class, or whatever else is no data.
    case notData(String)
    /// A table that contains itself.
    case cycle
    /// Tables nested deeper than this.
    case tooDeep(limit: Int)

    public var description: String {
        switch self {
        case .notData(let what): "\(what) is no data: a Swift program cannot take it out of its interpreter"
        case .cycle: "a table that contains itself is no data"
        case .tooDeep(let limit): "tables are nested deeper than \(limit) levels"
        }
    }
}
