/// A configuration as it was written, before anything is known about it: what JSON has, and live objects.
public enum ConfigurationValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([ConfigurationValue])
    case object([String: ConfigurationValue])
    /// A filter, a sink, or a `ComponentKind`, where the schema has room for one.
    case native(any Sendable)

    public init(_ value: LogValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .double(let number): .double(number)
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map(Self.init))
            case .object(let fields):
                .object(Dictionary(fields.map { ($0.name, Self($0.value)) }, uniquingKeysWith: { $1 }))
            }
    }

    /// The same as a field value; live objects become their description.
    public var logValue: LogValue {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(\.logValue))
        case .object(let entries):
            .object(LogFields(entries.sorted { $0.key < $1.key }.map { LogFields.Field($0.key, $0.value.logValue) }))
        case .native(let object): .string(String(describing: object))
        }
    }

    /// How the value reads in an error: strings in double quotes.
    var shown: String {
        switch self {
        case .string(let text): "\"\(text)\""
        case .array: "a list"
        case .object: "a table"
        case .native: "an object"
        default: PythonText.plain(logValue)
        }
    }
}

extension ConfigurationValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: ConfigurationValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, ConfigurationValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}

/// What `ext://sys.stdout` and `ext://sys.stderr` stand for.
public enum StandardStream: Sendable, Hashable {
    case output
    case error
}
