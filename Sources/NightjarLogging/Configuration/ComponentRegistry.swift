/// A kind of formatter, filter or handler that configurations can ask for: its names, its arguments, how it is made.
public struct ComponentKind<Product: Sendable>: Sendable {
    public typealias Make = @Sendable (ComponentArguments, PreparationContext) throws -> Product

    /// All names that lead here: `logging.FileHandler`, `FileHandler`.
    public let names: [String]
    public let parameters: [ComponentParameter]
    /// Whether arguments other than `parameters` are passed on instead of refused.
    public let allowsOtherArguments: Bool
    /// For handlers: how records are handed on unless a configuration says otherwise; nil is on the thread that logs.
    public let delivery: DeliveryOptions?
    /// Looks at the arguments without making anything; throws what is wrong with them.
    public let check: @Sendable (ComponentArguments) throws -> Void
    /// Makes one. For handlers: opens what is needed, but changes nothing that others can see.
    public let make: Make

    public init(
        names: [String], parameters: [ComponentParameter] = [], allowsOtherArguments: Bool = false,
        delivery: DeliveryOptions? = nil,
        check: @escaping @Sendable (ComponentArguments) throws -> Void = { _ in }, make: @escaping Make
    ) {
        self.names = names
        self.parameters = parameters
        self.allowsOtherArguments = allowsOtherArguments
        self.delivery = delivery
        self.check = check
        self.make = make
    }
}

public struct ComponentParameter: Sendable {
    public enum Expectation: Sendable {
        case string, int, number, bool, level
        /// `ext://sys.stdout`, `ext://sys.stderr` or a live `Sink`.
        case stream
        case object
        /// The name of another handler of the configuration, or a live one.
        case handler
        case any

        /// As errors have it.
        public var name: String {
            switch self {
            case .string: "a string"
            case .int: "an integer"
            case .number: "a number"
            case .bool: "a boolean"
            case .level: "a level"
            case .stream: "a stream such as \"ext://sys.stdout\""
            case .object: "a table"
            case .handler: "the name of a handler"
            case .any: "a value"
            }
        }
    }

    public let name: String
    public let expectation: Expectation
    public let isRequired: Bool

    public init(_ name: String, _ expectation: Expectation, required: Bool = false) {
        self.name = name
        self.expectation = expectation
        isRequired = required
    }
}

/// The arguments of a component, already checked against its parameters.
public struct ComponentArguments: Sendable {
    public let values: [String: ConfigurationValue]

    public init(_ values: [String: ConfigurationValue]) { self.values = values }

    public subscript(name: String) -> ConfigurationValue? {
        if case .null? = values[name] { nil } else { values[name] }
    }

    public func string(_ name: String) -> String? {
        if case .string(let text)? = values[name] { text } else { nil }
    }

    public func int(_ name: String) -> Int? {
        if case .int(let number)? = values[name] { Int(number) } else { nil }
    }

    public func double(_ name: String) -> Double? {
        switch values[name] {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    public func bool(_ name: String) -> Bool? {
        if case .bool(let flag)? = values[name] { flag } else { nil }
    }

    public func fields(_ name: String) -> LogFields? {
        if case .object(let fields)? = values[name]?.logValue { fields } else { nil }
    }
}

/// What can be named in a configuration. A value: copy, extend, and give it to a system.
public struct ComponentRegistry: Sendable {
    public private(set) var formatters: [String: ComponentKind<any Formatter>] = [:]
    public private(set) var filters: [String: ComponentKind<any Filter>] = [:]
    public private(set) var handlers: [String: ComponentKind<PreparedHandler>] = [:]

    public init() {}

    /// Adds a kind under all its names, replacing what had them.
    public mutating func register(formatter kind: ComponentKind<any Formatter>) {
        for name in kind.names { formatters[name] = kind }
    }

    public mutating func register(filter kind: ComponentKind<any Filter>) {
        for name in kind.names { filters[name] = kind }
    }

    public mutating func register(handler kind: ComponentKind<PreparedHandler>) {
        for name in kind.names { handlers[name] = kind }
    }
}
