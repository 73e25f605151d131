/// A logging set-up as pure data (Python's `dictConfig` schema, version 1), checked when read, changed at will, and
/// applied with `LoggingSystem.apply(_:)`.
public struct LoggingConfiguration: Sendable {
    /// A formatter, filter or handler to be made: of which kind, and with which arguments.
    public struct Component: Sendable {
        public enum Kind: Sendable {
            /// A name in the `ComponentRegistry`.
            case named(String)
            /// A `ComponentKind` of the fitting product.
            case native(any Sendable)
        }

        public var kind: Kind
        public var arguments: [String: ConfigurationValue]

        public init(_ kind: String, _ arguments: [String: ConfigurationValue] = [:]) {
            self.kind = .named(kind)
            self.arguments = arguments
        }

        public init(kind: Kind, arguments: [String: ConfigurationValue]) {
            self.kind = kind
            self.arguments = arguments
        }
    }

    /// A filter by its name in `filters`, or itself.
    public enum FilterReference: Sendable {
        case named(String)
        case filter(any Filter)
    }

    public struct HandlerDescription: Sendable {
        /// Nil only in incremental configurations, which change handlers that exist.
        public var component: Component?
        public var level: Level?
        /// A name in `formatters`.
        public var formatter: String?
        public var filters: [FilterReference] = []
        /// Nil delivers on the thread that logs.
        public var delivery: DeliveryOptions?
        /// Gets what could not be delivered: the name of another handler, or a live one.
        public var fallback: ConfigurationValue?
        /// Set on the handler when it is made (the key `.`).
        public var attributes: [String: ConfigurationValue] = [:]

        public init(_ component: Component?) { self.component = component }
    }

    public struct LoggerDescription: Sendable {
        public var level: Level?
        public var propagate: Bool?
        /// Names in `handlers`.
        public var handlers: [String] = []
        public var filters: [FilterReference] = []

        public init() {}
    }

    public var formatters: [String: Component] = [:]
    public var filters: [String: Component] = [:]
    public var handlers: [String: HandlerDescription] = [:]
    public var loggers: [String: LoggerDescription] = [:]
    /// Nil leaves the root logger as it is.
    public var root: LoggerDescription?
    /// Changes levels and `propagate` of what exists, and nothing else.
    public var incremental = false
    /// Disables the loggers that are neither named here nor below one that is.
    public var disableExistingLoggers = true

    public init() {}

    /// Reads and checks a configuration as it was written.
    /// - Throws: `ConfigurationError` with every problem found.
    public init(
        from tree: ConfigurationValue, levels: LevelNames = .standard, registry: ComponentRegistry = .standard
    ) throws(ConfigurationError) {
        var resolver = ConfigurationResolver(tree)
        let resolved = resolver.resolved()
        var reader = ConfigurationReader(levels: levels, registry: registry)
        let configuration = reader.read(resolved, referredTo: resolver.sections)
        let problems = resolver.problems + reader.problems
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        self = configuration
    }
}
