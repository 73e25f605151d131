import NightjarLogging
import NightjarLua

extension ComponentKind where Product == PreparedHandler {
    /// `QueueHandler` with the keys that Python has since 3.12: `queue`, `handlers`, `respect_handler_level` and `listener` make a
    /// listener, which is `handler.listener` and is to be started.
    static var queue: Self {
        Self(
            names: ["logging.handlers.QueueHandler", "QueueHandler"],
            parameters: [
                .init("queue", .any), .init("handlers", .any), .init("respect_handler_level", .bool),
                .init("listener", .any),
            ],
            check: { arguments in
                _ = try QueueFactory(arguments["queue"])
                _ = try ListenerFactory(arguments["listener"])
            }
        ) { arguments, context in
            let handler = QueueHandler(try QueueFactory(arguments["queue"]).make())
            let settings = QueueListener.Settings(
                queue: handler.queue, handlers: try handlers(of: arguments, context),
                respectsHandlerLevel: arguments.bool("respect_handler_level") ?? false)
            handler.listener = try ListenerFactory(arguments["listener"]).make(settings, context.system.reporter)
            return PreparedHandler(handler)
        }
    }

    private static func handlers(
        of arguments: ComponentArguments, _ context: PreparationContext
    ) throws -> [any Handler] {
        guard let given = arguments["handlers"] else { return [] }
        guard case .array(let names) = given else {
            throw LoggingError(.type, "handlers: expected a list of names of handlers")
        }
        return try names.compactMap { try context.handler($0) }
    }
}

/// What a configuration says of a queue: a queue, or what makes one.
private enum QueueFactory {
    case existing(ScriptQueue)
    case kind(ScriptQueue.Kind, maxsize: Int)
    case maker(ScriptMaker, [String: ConfigurationValue])

    private static let kinds: [String: ScriptQueue.Kind] = [
        "queue.Queue": .queue, "queue.LifoQueue": .lifo, "queue.PriorityQueue": .priority,
        "queue.SimpleQueue": .simple,
    ]

    init(_ value: ConfigurationValue?) throws(LoggingError) {
        switch value {
        case nil: self = .kind(.queue, maxsize: 0)
        case .native(let object as ScriptQueue)?: self = .existing(object)
        case .native(let object as ScriptMaker)?: self = .maker(object, [:])
        case .string(let name)?: self = .kind(try Self.kind(name), maxsize: 0)
        case .object(let entries)?: self = try Self.fromEntries(entries)
        default: throw LoggingError(.type, "queue: expected a queue, or what makes one")
        }
    }

    private static func fromEntries(_ entries: [String: ConfigurationValue]) throws(LoggingError) -> QueueFactory {
        let arguments = entries.filter { $0.key != "()" }
        switch entries["()"] {
        case .native(let object as ScriptMaker)?: return .maker(object, arguments)
        case .string(let name)?:
            let kind = try kind(name)
            if arguments.isEmpty { return .kind(kind, maxsize: 0) }
            if kind != .simple, arguments.count == 1, case .int(let maxsize)? = arguments["maxsize"] {
                return .kind(kind, maxsize: Int(maxsize))
            }
            throw LoggingError(.type, "queue: \(name) takes no arguments but maxsize, an integer")
        default:
            throw LoggingError(.type, "queue: expected {[\"()\"] = \"queue.Queue\", maxsize = n}")
        }
    }

    private static func kind(_ name: String) throws(LoggingError) -> ScriptQueue.Kind {
        guard let kind = kinds[name] else {
            let known = kinds.keys.sorted().joined(separator: ", ")
            throw LoggingError(.value, "queue: unknown class \"\(name)\"; known are \(known)")
        }
        return kind
    }

    func make() throws -> ScriptQueue {
        switch self {
        case .existing(let queue): return queue
        case .kind(let kind, let maxsize): return ScriptQueue(kind, maxsize: maxsize)
        case .maker(let maker, let arguments):
            guard let queue = try maker.object(arguments) as? ScriptQueue else {
                throw LoggingError(.type, "queue: the factory must return a queue")
            }
            return queue
        }
    }
}

/// What a configuration says of a listener: the class to make it of, and further arguments.
private enum ListenerFactory {
    case standard
    case maker(ScriptMaker, [String: ConfigurationValue])

    init(_ value: ConfigurationValue?) throws(LoggingError) {
        switch value {
        case nil, .string("logging.handlers.QueueListener")?, .string("QueueListener")?: self = .standard
        case .native(let object as ScriptMaker)?: self = .maker(object, [:])
        case .object(let entries)?:
            switch entries["()"] {
            case .string("logging.handlers.QueueListener")?, .string("QueueListener")?: self = .standard
            case .native(let object as ScriptMaker)?: self = .maker(object, entries.filter { $0.key != "()" })
            default: throw LoggingError(.type, "listener: \"()\" must be QueueListener, a subclass or a function")
            }
        default: throw LoggingError(.type, "listener: expected QueueListener, a subclass of it or a function")
        }
    }

    func make(_ settings: QueueListener.Settings, _ reporter: ErrorReporter) throws -> QueueListener {
        guard case .maker(let maker, var arguments) = self else { return QueueListener(settings, reporter: reporter) }
        arguments["queue"] = .native(settings.queue)
        arguments["handlers"] = .array(settings.handlers.map { .native($0) })
        arguments["respect_handler_level"] = .bool(settings.respectsHandlerLevel)
        guard let listener = try maker.object(arguments) as? QueueListener else {
            throw LoggingError(.type, "listener: the factory must return a QueueListener")
        }
        return listener
    }
}
