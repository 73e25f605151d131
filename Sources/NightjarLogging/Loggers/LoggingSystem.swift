internal import Synchronization

/// The logging of one program or runtime: a tree of loggers and what they share (Python's module `logging`).
///
/// Not a global: as many as wanted live side by side. Keep it for as long as it is to be configured; loggers that
/// outlive it go on writing as they were. Thread-safe.
public final class LoggingSystem: Sendable {
    /// Where failures of handlers and filters are told.
    public let reporter: ErrorReporter
    public let standardOutput: any Sink
    public let standardError: any Sink
    public let root: Logger
    let tree: LoggerTree
    let configurationState = Mutex(ConfigurationState())
    /// One change of the whole set-up at a time; recursive, because a component may configure while it is made.
    let applyLock = HandlerLock()
    /// Put together when somebody asks: describing all kinds would be a tenth of a short program's work.
    private let components = Mutex(Components())

    private struct Components {
        var registry: ComponentRegistry?
        var changes: [@Sendable (inout ComponentRegistry) -> Void] = []

        mutating func complete() -> ComponentRegistry {
            var complete = registry ?? .standard
            for change in changes { change(&complete) }
            registry = complete
            changes = []
            return complete
        }
    }

    /// - Parameters:
    ///   - standardOutput: stands for `sys.stdout`. A program that prints through C's streams passes a `CFileSink`
    ///     for each, so that logs and prints stay in order.
    ///   - standardError: stands for `sys.stderr`; default handlers and failure reports go there.
    public init(
        standardOutput: any Sink = DescriptorSink.standardOutput,
        standardError: any Sink = DescriptorSink.standardError
    ) {
        self.standardOutput = standardOutput
        self.standardError = standardError
        reporter = ErrorReporter(output: standardError)
        tree = LoggerTree(reporter: reporter, lastResort: StreamHandler(standardError, level: .warning))
        root = tree.rootLogger()
    }

    deinit { tree.dismantle() }

    // MARK: Loggers

    /// The logger of a dotted name, always the same; nil, `""` and `"root"` mean the root.
    public func logger(_ name: String? = nil) -> Logger {
        guard let name, !name.isEmpty, name != "root" else { return root }
        return tree.logger(named: name)
    }

    /// A logger of its own, which is not in the tree: `logger(_:)` does not find it, and its records reach its own handlers only
    /// (`logging.Logger(name)`). It lives as long as the system.
    public func detachedLogger(_ name: String, level: Level = .notSet) -> Logger {
        tree.detachedLogger(named: name, level: level)
    }

    /// The names of all loggers but the root, sorted.
    public var loggerNames: [String] {
        tree.read { state in
            state.nodes.places.dropFirst()
                .filter { state.nodes[$0].logger != nil && !state.nodes.isDetached($0) }.map { state.nodes[$0].name }
        }.sorted()
    }

    /// Refuses records of this level and below everywhere; `.notSet` ends that (`logging.disable`).
    public var disable: Level {
        get { tree.read { $0.disable } }
        set { tree.change { $0.disable = newValue } }
    }

    /// Handles records that meet no handler at all; at first prints the message of warnings and worse on standard
    /// error (`logging.lastResort`).
    public var lastResort: (any Handler)? {
        get { tree.read { $0.lastResort } }
        set { tree.change { $0.lastResort = newValue } }
    }

    /// Whether it was said, once, that a record has met no handler and there is no last resort.
    public var toldOfMissingHandlers: Bool {
        get { tree.read { $0.toldOfMissingHandlers } }
        set { tree.change { $0.toldOfMissingHandlers = newValue } }
    }

    /// Whether failures of handlers are told (`logging.raiseExceptions`).
    public var raiseExceptions: Bool {
        get { reporter.raiseExceptions }
        set { reporter.raiseExceptions = newValue }
    }

    /// What records are made without from now on.
    public var omissions: RecordOmissions {
        get { tree.omissions }
        set { tree.omissions = newValue }
    }

    // MARK: Levels

    public var levelNames: LevelNames { tree.read { $0.levelNames } }

    /// Names a level for records made from now on, and for configurations.
    public func addLevelName(_ level: Level, _ name: String) {
        tree.change { $0.levelNames.add(level, name: name) }
    }

    /// The name of a level, or `Level n`.
    public func getLevelName(_ level: Level) -> String { levelNames.name(of: level) }

    public func getLevelNamesMapping() -> [String: Level] { levelNames.mapping }

    // MARK: Handlers

    /// Makes a handler known before it is added to a logger: for `shutdown` and by its name. Does not keep it alive.
    public func register(_ handler: any Handler) {
        tree.changeQuietly { $0.handlers.add(handler) }
    }

    /// Forgets a handler, as one that was closed for good.
    public func unregister(_ handler: any Handler) {
        tree.changeQuietly { $0.handlers.remove(handler) }
    }

    /// All handlers that loggers have, and others that are known and alive, oldest first.
    public var handlers: [any Handler] { tree.handlers() }

    /// The handler of a name, the newest if several have it (`logging.getHandlerByName`).
    public func handler(named name: String) -> (any Handler)? {
        handlers.last { $0.name == name }
    }

    /// Sorted, each once (`logging.getHandlerNames`).
    public var handlerNames: [String] { Set(handlers.compactMap(\.name)).sorted() }

    /// What became of the records of every handler that is known, oldest first. Counting costs the same whether anybody asks or not.
    public var statistics: [HandlerStatistics] { handlers.map(\.statistics) }

    /// Flushes and closes all handlers, newest first. Records that come later are handled as Python does: files
    /// that append open again. Failures are reported (Python swallows them).
    /// - Parameter timeout: seconds that a handler gets which is not asynchronous; those have a timeout of their own. One that is stuck is
    ///   left behind, and that is said.
    public func shutdown(timeout: Double = 5) {
        flushFilters()
        HandlerEnd.run(handlers.reversed(), timeout: timeout, reporter: reporter)
    }

    /// Has all filters say what they would say later.
    func flushFilters() {
        let ofLoggers = tree.read { state in state.nodes.places.flatMap { state.nodes[$0].filters } }
        for filter in ofLoggers { filter.flush() }
        for handler in handlers { handler.core.flushFilters() }
    }

    static func close(_ handlers: [any Handler], reporter: ErrorReporter) {
        HandlerEnd.run(handlers.reversed(), reporter: reporter)
    }

    // MARK: Components

    /// The kinds of handlers, filters and formatters that configurations may name.
    public var registry: ComponentRegistry { components.withLock { $0.complete() } }

    /// Adds kinds to those that configurations may name, when these are asked for next.
    public func updateRegistry(_ change: @escaping @Sendable (inout ComponentRegistry) -> Void) {
        components.withLock {
            $0.changes.append(change)
            // A tree that outlives many runtimes gets the same ones from each.
            if $0.changes.count == 16 { _ = $0.complete() }
        }
    }
}
