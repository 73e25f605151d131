/// All that a record of one logger meets, worked out once and never changed: a record that has taken its logger's
/// plan walks that one from its first filter to its last handler, whatever happens to the tree meanwhile.
final class DispatchPlan: Sendable {
    /// The level below which the logger is not interested; `Int.max` when it is disabled.
    let threshold: Int
    let isDisabled: Bool
    /// Those of this logger only.
    let filters: [any Filter]
    /// Those of this logger and then of its ancestors, as far up as records propagate.
    let handlers: [any Handler]
    /// Stands in when there is no handler at all.
    let lastResort: (any Handler)?
    let levelNames: LevelNames
    /// The short ways to all the handlers, which look at nothing of a call but its text; empty where a record has to be made.
    let lines: [LineRoute]
    private let settingsVersion: Int
    /// What the filters look at.
    private let filterNeeds: RecordNeeds
    /// Holds back the end of what was replaced for as long as a record still walks this plan.
    let generation: Generation

    init(
        threshold: Int, isDisabled: Bool, filters: [any Filter], handlers: [any Handler],
        lastResort: (any Handler)?, levelNames: LevelNames, generation: Generation
    ) {
        self.threshold = threshold
        self.isDisabled = isDisabled
        self.filters = filters
        self.handlers = handlers
        self.lastResort = lastResort
        self.levelNames = levelNames
        self.generation = generation
        // Before the handlers' settings are read: what changes meanwhile makes the plan outdated.
        settingsVersion = HandlerSettings.version
        let lines = filters.isEmpty ? handlers.compactMap(LineRoute.init) : []
        self.lines = lines.count == handlers.count ? lines : []
        filterNeeds = filters.reduce(into: []) { $0.formUnion($1.recordNeeds) }
    }

    /// False once the settings of a handler have changed since the plan was made.
    var isCurrent: Bool { settingsVersion == HandlerSettings.version }

    /// What anybody on the way of a record looks at.
    var recordNeeds: RecordNeeds {
        var needs = filterNeeds
        for handler in handlers { needs.formUnion(handler.recordNeeds) }
        return handlers.isEmpty ? needs.union(lastResort?.recordNeeds ?? []) : needs
    }
}

/// One state of the tree between two configurations. Every plan made in it refers to it, and so does, by its plan,
/// every record on its way: when the last reference is gone, nothing can reach the old handlers any more.
final class Generation: Sendable {
    let ended = OneShotEvent()

    deinit { ended.signal() }
}
