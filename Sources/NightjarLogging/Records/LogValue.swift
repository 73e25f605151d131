/// A structured value in a record's fields.
public enum LogValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([LogValue])
    case object(LogFields)
}

/// Named values in the order they were given; of two equal names the later one counts.
public struct LogFields: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: LogValue

        public init(_ name: String, _ value: LogValue) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var entries: [Field]

    public init() { entries = [] }

    public init(_ entries: some Sequence<Field>) {
        self.entries = []
        for entry in entries { self[entry.name] = entry.value }
    }

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.count }

    /// The value called `name`. Setting nil removes it. Linear: records have few fields.
    public subscript(name: String) -> LogValue? {
        get { entries.last { $0.name == name }?.value }
        set {
            let place = entries.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): entries[place].value = value
            case (let place?, nil): entries.remove(at: place)
            case (nil, let value?): entries.append(Field(name, value))
            case (nil, nil): break
            }
        }
    }
}

extension LogFields: Sequence {
    public func makeIterator() -> IndexingIterator<[Field]> { entries.makeIterator() }
}

extension LogFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, LogValue)...) {
        self.init(elements.lazy.map { Field($0.0, $0.1) })
    }
}

extension LogValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: LogValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, LogValue)...) {
        self = .object(LogFields(elements.lazy.map { LogFields.Field($0.0, $0.1) }))
    }

    public init(_ value: some BinaryInteger) {
        self = Int64(exactly: value).map(LogValue.int) ?? .double(Double(value))
    }
    public init(_ value: Bool) { self = .bool(value) }
    public init(_ value: Double) { self = .double(value) }
    public init(_ value: some StringProtocol) { self = .string(String(value)) }
}

extension LogValue: CustomStringConvertible {
    /// The value as `%(name)s` prints it.
    public var description: String { PythonText.plain(self) }
}
