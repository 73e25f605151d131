internal import Synchronization

/// The loggers of one system and what they share, under one lock. Records do not take it: they go by their logger's
/// threshold and plan, which are worked out here when something changes.
final class LoggerTree: Sendable {
    let reporter: ErrorReporter
    let started = Clock.now()
    private let state: Mutex<State>
    private let omissionBits = Atomic<UInt8>(0)

    struct State {
        var nodes = LoggerNodes()
        var disable = Level.notSet
        var levelNames = LevelNames.standard
        var lastResort: (any Handler)?
        var generation = Generation()
        var handlers = HandlerList()
        /// The system is gone: loggers made from now on are not kept.
        var isDismantled = false
        var toldOfMissingHandlers = false
    }

    /// What records are made without; one load for each.
    var omissions: RecordOmissions {
        get { RecordOmissions(rawValue: omissionBits.load(ordering: .relaxed)) }
        set { omissionBits.store(newValue.rawValue, ordering: .relaxed) }
    }

    init(reporter: ErrorReporter, lastResort: any Handler) {
        self.reporter = reporter
        state = Mutex(State(lastResort: lastResort))
    }

    // MARK: Access

    func read<Result: Sendable>(_ body: (borrowing State) -> Result) -> Result {
        state.withLock { body($0) }
    }

    /// Changes the tree, then the thresholds and plans of everything from `place` down.
    func change<Result: Sendable>(from place: Int = LoggerNodes.root, _ body: (inout State) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state)
            refresh(state, from: place)
            return result
        }
    }

    /// Changes what neither thresholds nor plans depend on.
    func changeQuietly<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    private func refresh(_ state: borrowing State, from place: Int) {
        state.nodes.visit(from: place) { place, level in
            guard let logger = state.nodes[place].logger else { return }
            let threshold = state.threshold(disabled: state.nodes[place].disabled, level: level)
            logger.invalidate(threshold: threshold)
        }
    }

    // MARK: Loggers

    func logger(named name: String) -> Logger {
        state.withLock { state in
            logger(at: state.nodes.makePlace(named: name), in: &state)
        }
    }

    /// A logger that no name leads to and nothing is above; as long-lived as the tree.
    func detachedLogger(named name: String, level: Level) -> Logger {
        state.withLock { state in
            logger(at: state.nodes.makeDetached(named: name, level: level), in: &state)
        }
    }

    func rootLogger() -> Logger {
        state.withLock { logger(at: LoggerNodes.root, in: &$0) }
    }

    private func logger(at place: Int, in state: inout State) -> Logger {
        if let logger = state.nodes[place].logger { return logger }
        let level = state.nodes.effectiveLevel(of: place)
        let threshold = state.threshold(disabled: state.nodes[place].disabled, level: level)
        let logger = Logger(name: state.nodes[place].name, place: place, tree: self, threshold: threshold)
        if !state.isDismantled { state.nodes[place].logger = logger }
        return logger
    }

    /// Breaks the cycle between tree and loggers. Loggers that somebody still has go on working as they are.
    func dismantle() {
        let loggers = state.withLock { state in
            state.isDismantled = true
            return state.nodes.places.compactMap { place in
                let logger = state.nodes[place].logger
                state.nodes[place].logger = nil
                return logger
            }
        }
        // Released here, outside the lock.
        withExtendedLifetime(loggers) {}
    }

    // MARK: Handlers

    /// All handlers that loggers have or that were made known, in the order they were made.
    func handlers() -> [any Handler] {
        let found = state.withLock { state in
            state.nodes.places.flatMap { state.nodes[$0].handlers } + state.handlers.all
        }
        return found.uniqued().sorted { $0.core.serial < $1.core.serial }
    }

    // MARK: Plans

    /// Works out the plan of a logger and leaves it there.
    func makePlan(for logger: Logger) -> DispatchPlan {
        state.withLock { state in
            let node = state.nodes[logger.place]
            let level = state.nodes.effectiveLevel(of: logger.place)
            let plan = DispatchPlan(
                threshold: state.threshold(disabled: node.disabled, level: level), isDisabled: node.disabled,
                filters: node.filters, handlers: state.nodes.handlers(of: logger.place),
                lastResort: state.lastResort, levelNames: state.levelNames, generation: state.generation)
            // Under the tree's lock, so that no change can come between working out and leaving.
            logger.install(plan)
            return plan
        }
    }

    /// Python's one-off message for a record that found no handler and no last resort.
    func tellOfMissingHandlers(_ name: String) {
        guard reporter.raiseExceptions else { return }
        let isFirst = state.withLock { state in
            defer { state.toldOfMissingHandlers = true }
            return !state.toldOfMissingHandlers
        }
        if isFirst { reporter.write("No handlers could be found for logger \"\(name)\"\n") }
    }
}

extension LoggerTree.State {
    init(lastResort: any Handler) { self.lastResort = lastResort }

    /// What a call's level is compared with: the effective level, `disable` and the logger's flag in one number.
    func threshold(disabled: Bool, level: Level) -> Int {
        if disabled { return .max }
        let (above, overflow) = disable.rawValue.addingReportingOverflow(1)
        return overflow ? .max : max(level.rawValue, above)
    }
}

/// Handlers that a system knows and no logger has, without keeping them alive. Those that loggers have are not in
/// here: an object with a weak reference to it takes longer to retain, and they are retained for every record.
struct HandlerList {
    private struct Entry {
        weak var handler: (any Handler)?
    }

    private var entries: [Entry] = []
    private var sizeToClean = 16

    mutating func add(_ handler: any Handler) {
        guard !entries.contains(where: { $0.handler === handler }) else { return }
        if entries.count >= sizeToClean {
            entries.removeAll { $0.handler == nil }
            sizeToClean = max(16, entries.count * 2)
        }
        entries.append(Entry(handler: handler))
    }

    mutating func remove(_ handler: any Handler) {
        entries.removeAll { $0.handler === handler }
    }

    var all: [any Handler] { entries.compactMap(\.handler) }
}

extension [any Handler] {
    /// Each once, in the order of its first place.
    func uniqued() -> [any Handler] {
        var seen: Set<ObjectIdentifier> = []
        return filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
}
