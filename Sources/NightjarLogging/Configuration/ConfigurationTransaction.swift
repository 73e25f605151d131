internal import Synchronization

/// What a system remembers of the configuration it has.
struct ConfigurationState {
    /// Kept alive although no logger may have them: they can be fetched by name.
    var handlers: [any Handler] = []
}

extension LoggingSystem {
    /// Reads, checks and applies a configuration as it was written (`logging.config.dictConfig`).
    /// - Throws: `ConfigurationError`; nothing has changed then.
    public func dictConfig(_ tree: ConfigurationValue) throws(ConfigurationError) {
        try apply(LoggingConfiguration(from: tree, levels: levelNames, registry: registry))
    }

    /// Replaces the tree's set-up in one step, or not at all.
    ///
    /// New files are opened first; if anything fails then, they are closed, and those that were not there are
    /// removed. Then loggers, handlers and filters change at once: every record meets either the old set-up or the
    /// new one. A file that both have stays open. What the old set-up alone had is flushed and closed when the last
    /// record on its way has left it, or after `deadline`, on a thread of its own.
    /// - Parameter deadline: also how long this call waits for the end of the old set-up; not at all when it is
    ///   called from within a handler or filter.
    /// - Throws: `ConfigurationError` with every problem; nothing has changed then.
    public func apply(
        _ configuration: LoggingConfiguration, deadline: Duration = .seconds(5)
    ) throws(ConfigurationError) {
        let retirement = try applyLock.withLock { () throws(ConfigurationError) -> Retirement? in
            if configuration.incremental {
                try applyIncrementally(configuration)
                return nil
            }
            var preparation = ConfigurationPreparation(configuration, system: self, current: attachedHandlers())
            let prepared = try preparation.prepare()
            return commit(configuration, prepared)
        }
        retirement?.run(deadline: deadline)
    }

    /// The handlers that the tree has now, each once.
    private func attachedHandlers() -> [any Handler] {
        let attached = tree.read { state in state.nodes.places.flatMap { state.nodes[$0].handlers } }
        return (attached + configurationState.withLock { $0.handlers }).uniqued()
    }

    private func commit(_ configuration: LoggingConfiguration, _ prepared: PreparedConfiguration) -> Retirement {
        let before = attachedHandlers()
        // What the old filters have to say belongs into the old handlers.
        flushFilters()
        for handler in prepared.handlers.values { handler.commit() }
        let old = tree.change { state in
            prepared.install(configuration, in: &state)
            let old = state.generation
            state.generation = Generation()
            return old
        }
        configurationState.withLock { $0.handlers = prepared.inOrder }
        for handler in prepared.unattached(by: configuration) { register(handler) }
        let kept = Set(attachedHandlers().map(ObjectIdentifier.init))
        let gone = before.filter { !kept.contains(ObjectIdentifier($0)) }
        for handler in gone {
            unregister(handler)
            guard let successor = handler.name.flatMap({ prepared.handlers[$0]?.handler }),
                let heir = DeliveryHeir(successor, of: handler, reporter: reporter)
            else { continue }
            handler.core.leave(to: heir)
        }
        return Retirement(of: gone, after: old.ended, reporter: reporter)
    }

    private func applyIncrementally(_ configuration: LoggingConfiguration) throws(ConfigurationError) {
        var found: [(any Handler, Level)] = []
        var problems: [ConfigurationError.Problem] = []
        for (name, description) in configuration.handlers.sorted(by: { $0.key < $1.key }) {
            guard let handler = handler(named: name) else {
                let nearest = NearestName.find(name, among: handlerNames)
                problems.append(
                    .init(
                        path: "handlers.\(name)", message: "no handler named \"\(name)\" to change", value: name,
                        suggestion: nearest))
                continue
            }
            if let level = description.level { found.append((handler, level)) }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        for name in configuration.loggers.keys { _ = logger(name) }
        tree.change { state in
            for (handler, level) in found { handler.level = level }
            for (name, description) in configuration.loggers {
                state.nodes[state.nodes.makePlace(named: name)].set(levelAndPropagateOf: description)
            }
            if let root = configuration.root { state.nodes[LoggerNodes.root].set(levelAndPropagateOf: root) }
        }
    }
}

extension LoggerNode {
    fileprivate mutating func set(levelAndPropagateOf description: LoggingConfiguration.LoggerDescription) {
        if let level = description.level { self.level = level }
        if let propagate = description.propagate { self.propagate = propagate }
    }
}

/// A configuration whose parts are all made, waiting to be put in place.
struct PreparedConfiguration {
    var filters: [String: any Filter] = [:]
    var handlers: [String: PreparedHandler] = [:]

    /// Those that no logger gets: they are known by name only.
    func unattached(by configuration: LoggingConfiguration) -> [any Handler] {
        let loggers = configuration.loggers.values + [configuration.root].compactMap { $0 }
        let used = Set(loggers.flatMap(\.handlers))
        return handlers.filter { !used.contains($0.key) }.map(\.value.handler)
    }

    var inOrder: [any Handler] { handlers.sorted { $0.key < $1.key }.map(\.value.handler) }

    /// Python's rules: named loggers get what is said of them, loggers below them start afresh, all others are
    /// disabled unless that was declined. Unlike Python's, the filters of a named logger are replaced, so that
    /// applying a configuration twice changes nothing.
    func install(_ configuration: LoggingConfiguration, in state: inout LoggerTree.State) {
        let named = configuration.loggers.filter { $0.key != "root" && !$0.key.isEmpty }
        let existing = state.nodes.places.dropFirst().filter {
            state.nodes[$0].logger != nil && !state.nodes.isDetached($0)
        }
        for place in existing where named[state.nodes[place].name] == nil {
            if Self.hasAncestor(place, in: state.nodes, where: { named[$0] != nil }) {
                state.nodes[place].reset()
            } else {
                state.nodes[place].disabled = configuration.disableExistingLoggers
            }
        }
        for (name, description) in named {
            let place = state.nodes.makePlace(named: name)
            install(description, in: &state.nodes[place])
            state.nodes[place].disabled = false
        }
        if let root = configuration.root ?? configuration.loggers["root"] {
            install(root, in: &state.nodes[LoggerNodes.root])
        }
    }

    private static func hasAncestor(_ place: Int, in nodes: LoggerNodes, where fits: (String) -> Bool) -> Bool {
        var place = nodes[place].parent
        while place != LoggerNodes.root {
            if fits(nodes[place].name) { return true }
            place = nodes[place].parent
        }
        return false
    }

    private func install(_ description: LoggingConfiguration.LoggerDescription, in node: inout LoggerNode) {
        node.set(levelAndPropagateOf: description)
        node.handlers = description.handlers.compactMap { handlers[$0]?.handler }.uniqued()
        node.filters = description.filters.compactMap(find)
    }

    func find(_ reference: LoggingConfiguration.FilterReference) -> (any Filter)? {
        switch reference {
        case .named(let name): filters[name]
        case .filter(let filter): filter
        }
    }
}

extension LoggerNode {
    fileprivate mutating func reset() {
        level = .notSet
        handlers = []
        propagate = true
    }
}
