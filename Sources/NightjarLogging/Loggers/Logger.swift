internal import Glibc
public import Synchronization

/// A named source of records in a dotted tree. Made by `LoggingSystem.logger(_:)`, one per name. Thread-safe.
///
/// A call below the logger's threshold costs one relaxed atomic load and a comparison.
public final class Logger: Sendable {
    public let name: String
    private let nameText: StableText
    let place: Int
    let tree: LoggerTree
    /// The effective level, the system's `disable` and `disabled`, folded into one number.
    @usableFromInline let threshold: Atomic<Int>
    private let plan = Mutex<DispatchPlan?>(nil)

    init(name: String, place: Int, tree: LoggerTree, threshold: Int) {
        self.name = name
        nameText = StableText(name)
        self.place = place
        self.tree = tree
        self.threshold = Atomic(threshold)
    }

    /// Whether a record of this level would be handled. The system's `disable` counts.
    @inlinable @inline(__always)
    public func isEnabled(for level: Level) -> Bool {
        level.rawValue >= threshold.load(ordering: .relaxed)
    }

    func invalidate(threshold: Int) {
        let old = plan.withLock { plan in
            defer { plan = nil }
            return plan
        }
        // Released after the lock: the last plan of a generation wakes those who wait for its end.
        withExtendedLifetime(old) {}
        self.threshold.store(threshold, ordering: .relaxed)
    }

    func install(_ new: DispatchPlan) { plan.withLock { $0 = new } }

    private func currentPlan() -> DispatchPlan {
        if let plan = plan.withLock({ $0 }), plan.isCurrent { return plan }
        return tree.makePlan(for: self)
    }
}

// MARK: - Records

extension Logger {
    /// Makes a record of this logger as a call would, at this moment on this thread.
    public func makeRecord(
        _ level: Level, _ message: String, _ fields: LogFields = LogFields(), pathname: String = "",
        lineno: Int = 0, funcName: String = ""
    ) -> LogRecord {
        record(level, message, fields, pathname, lineno, funcName, currentPlan())
    }

    // Apart, because most calls make lines without a record.
    @inline(never)
    private func record(
        _ level: Level, _ message: String, _ fields: LogFields, _ pathname: String, _ lineno: Int,
        _ funcName: String, _ plan: DispatchPlan
    ) -> LogRecord {
        let now = Clock.now()
        let thread = ThreadState.current
        var record = LogRecord(
            name: name, level: level, levelName: plan.levelNames.name(of: level), message: message, pathname: pathname,
            lineno: lineno, funcName: funcName, createdNanoseconds: now, relativeNanoseconds: now - tree.started,
            thread: thread.identifier, threadName: thread.name, fields: fields)
        if let task = thread.taskName { record.taskName = task }
        let omissions = tree.omissions
        if !omissions.isEmpty { record.omit(omissions) }
        return record
    }

    private func record(_ content: RecordContent, _ level: Level, _ plan: DispatchPlan) -> LogRecord {
        var record = record(
            level, content.message, content.fields, content.pathname, content.lineno, content.funcName, plan)
        record.add(rareOf: content)
        return record
    }

    /// Handles the record if its level is enabled.
    public func log(_ record: LogRecord) {
        guard isEnabled(for: record.level) else { return }
        let plan = currentPlan()
        guard record.level.rawValue >= plan.threshold else { return }
        var record = record
        dispatch(&record, by: plan)
    }

    /// Handles the record whatever its level, unless the logger is disabled: this logger's filters, then the
    /// handlers of this logger and, while records propagate, of those above.
    public func handle(_ record: LogRecord) {
        var record = record
        handle(changing: &record)
    }

    /// As above, leaving in `record` what filters and handlers have changed in it.
    public func handle(changing record: inout LogRecord) {
        let plan = currentPlan()
        guard !plan.isDisabled else { return }
        dispatch(&record, by: plan)
    }

    /// Hands the record to the handlers without asking this logger's filters.
    public func callHandlers(_ record: LogRecord) {
        var record = record
        callHandlers(changing: &record)
    }

    /// As above, leaving in `record` what the handlers have changed in it.
    public func callHandlers(changing record: inout LogRecord) { callHandlers(&record, by: currentPlan()) }

    /// The enabled rest of every call.
    @usableFromInline
    func write(
        _ level: Level, _ message: consuming LogMessage, _ fields: LogFields, _ error: (any Error)?,
        _ pathname: String, _ lineno: Int, _ funcName: String
    ) {
        let plan = currentPlan()
        guard level.rawValue >= plan.threshold else { return }
        let thread = ThreadState.current
        if error == nil, let levelName = nameForLines(level, plan) {
            message.withUTF8 {
                writeLines(level, levelName, $0, thread, by: plan) {
                    record(level, $0, fields, pathname, lineno, funcName, plan)
                }
            }
        } else {
            var record = record(level, message.description, fields, pathname, lineno, funcName, plan)
            if let error { record.excText = ErrorText.classAndMessage(error) }
            dispatch(&record, by: plan)
        }
        message.recycle(to: thread)
    }

    /// The name of the level, if lines are all that the handlers want of records.
    @inline(__always)
    private func nameForLines(_ level: Level, _ plan: DispatchPlan) -> UnsafeBufferPointer<UInt8>? {
        plan.lines.isEmpty || !tree.omissions.isEmpty ? nil : plan.levelNames.utf8(of: level)
    }

    /// The short way of a call without an error or a call stack: no record is made, unless a handler fails.
    @inline(__always)
    private func writeLines(
        _ level: Level, _ levelName: UnsafeBufferPointer<UInt8>, _ message: UnsafeBufferPointer<UInt8>,
        _ thread: ThreadState, by plan: DispatchPlan, record: (String) -> LogRecord
    ) {
        var line = RecordLine(
            message: message, level: level, levelName: levelName, name: nameText.utf8, threadName: thread.nameUTF8,
            createdNanoseconds: Clock.now())
        // The plan has the level's name, and while it is there the handlers stay open.
        defer { withExtendedLifetime(plan) {} }
        for route in plan.lines {
            // Looked at again, because what the handler before runs may have renamed the thread.
            line.threadName = thread.nameUTF8
            route.handle(line, thread, tree.reporter) { record(String(decoding: message, as: UTF8.self)) }
        }
    }

    /// Handles a call of which nobody on its way looks at more than its text, if `level` is enabled.
    /// - Returns: false where somebody looks at more, or the text could not be had: the call is then to be made by
    ///   `log(_:fill:details:)`.
    public func log(_ level: Level, _ call: some TextCall) -> Bool {
        let plan = currentPlan()
        guard let levelName = nameForLines(level, plan) else { return false }
        guard level.rawValue >= plan.threshold else { return true }
        return call.withText { message in
            writeLines(level, levelName, message, ThreadState.current, by: plan) {
                var content = RecordContent(message: $0)
                call.addDetails(to: &content)
                return record(content, level, plan)
            }
        }
    }

    /// Handles what `fill` makes of an empty content if `level` is enabled; `fill` is told what of it anybody will look at, and gives
    /// false where there is nothing to handle.
    /// - Parameter details: as above.
    public func log(
        _ level: Level, fill: (inout RecordContent, RecordNeeds) throws -> Bool,
        details: (inout RecordContent) -> Void = { _ in }
    ) rethrows {
        let plan = currentPlan()
        guard level.rawValue >= plan.threshold else { return }
        var content = RecordContent(message: "")
        guard try fill(&content, plan.recordNeeds) else { return }
        if content.excText == nil, content.stackInfo == nil, let levelName = nameForLines(level, plan) {
            // Only a variable has its bytes looked at in place.
            var message = content.message
            message.withUTF8 {
                writeLines(level, levelName, $0, ThreadState.current, by: plan) { _ in
                    var content = content
                    details(&content)
                    return record(content, level, plan)
                }
            }
        } else {
            var record = record(content, level, plan)
            guard record.pathname.isEmpty else { return dispatch(&record, by: plan) }
            withoutActuallyEscaping(details) { details in
                let thread = ThreadState.current, before = thread.details
                thread.details = CallDetails(created: record.createdNanoseconds, add: details)
                dispatch(&record, by: plan)
                thread.details = before
            }
        }
    }

    /// Tells of a call whose message could not be made; the caller goes on as if it had not called.
    public func report(_ error: any Error, _ level: Level, _ content: RecordContent) {
        var record = makeRecord(
            level, content.message, content.fields, pathname: content.pathname, lineno: content.lineno,
            funcName: content.funcName)
        record.add(rareOf: content)
        tree.reporter.report(LoggingFailure(error, record: record, place: .message(logger: name)))
    }

    private func dispatch(_ record: inout LogRecord, by plan: DispatchPlan) {
        if !plan.filters.isEmpty {
            guard let passed = filter(record, by: plan) else { return }
            record = passed
        }
        callHandlers(&record, by: plan)
    }

    /// A filter that logs to the logger it filters for does not see its own records: they are dropped.
    private func filter(_ record: LogRecord, by plan: DispatchPlan) -> LogRecord? {
        var seen = record
        var replacement: LogRecord?
        var passes = false
        let thread = ThreadState.current
        guard thread.enter(ObjectIdentifier(self)) else { return nil }
        do {
            passes = try plan.filters.pass(
                &seen, replacement: &replacement, outlet: .logger(plan, tree.reporter))
        } catch {
            let failure = LoggingFailure(error, record: thread.withDetails(seen), place: .loggerFilter(logger: name))
            tree.reporter.report(failure)
        }
        thread.leave()
        return passes ? replacement ?? seen : nil
    }

    private func callHandlers(_ record: inout LogRecord, by plan: DispatchPlan) {
        guard !plan.handlers.isEmpty else { return callLastResort(&record, by: plan) }
        for handler in plan.handlers where record.level >= handler.core.level {
            handler.handle(&record, reporter: tree.reporter)
        }
    }

    private func callLastResort(_ record: inout LogRecord, by plan: DispatchPlan) {
        guard let handler = plan.lastResort else { return tree.tellOfMissingHandlers(name) }
        if record.level >= handler.core.level { handler.handle(&record, reporter: tree.reporter) }
    }
}

// MARK: - Settings

extension Logger {
    /// The logger's own level; `.notSet` lets the one above decide.
    public var level: Level {
        get { tree.read { $0.nodes[place].level } }
        set { tree.change(from: place) { $0.nodes[place].level = newValue } }
    }

    public func setLevel(_ level: Level) { self.level = level }

    /// - Throws: `LoggingError` of kind `.value` for a name that is no level.
    public func setLevel(named name: String) throws {
        let names = tree.read { $0.levelNames }
        level = try names.checkedLevel(named: name)
    }

    /// The first level that is set, from here upwards.
    public var effectiveLevel: Level { tree.read { $0.nodes.effectiveLevel(of: place) } }

    /// Whether records also go to the handlers above.
    public var propagate: Bool {
        get { tree.read { $0.nodes[place].propagate } }
        set { tree.change(from: place) { $0.nodes[place].propagate = newValue } }
    }

    /// Whether the logger refuses all records; those below it do not.
    public var disabled: Bool {
        get { tree.read { $0.nodes[place].disabled } }
        set { tree.change(from: place) { $0.nodes[place].disabled = newValue } }
    }

    /// The logger's own handlers, in order.
    public var handlers: [any Handler] { tree.read { $0.nodes[place].handlers } }

    /// Adds a handler, once.
    public func addHandler(_ handler: any Handler) {
        tree.change(from: place) { state in
            if !state.nodes[place].handlers.contains(where: { $0 === handler }) {
                state.nodes[place].handlers.append(handler)
            }
        }
    }

    /// Takes a handler away, without closing it.
    public func removeHandler(_ handler: any Handler) {
        tree.change(from: place) { state in
            state.handlers.add(handler)
            state.nodes[place].handlers.removeAll { $0 === handler }
        }
    }

    /// Sets all handlers at once.
    public func setHandlers(_ handlers: [any Handler]) {
        tree.change(from: place) { state in
            for handler in state.nodes[place].handlers { state.handlers.add(handler) }
            state.nodes[place].handlers = handlers
        }
    }

    /// Whether a record would meet any handler, here or above.
    public var hasHandlers: Bool { tree.read { !$0.nodes.handlers(of: place).isEmpty } }

    public var filters: [any Filter] { tree.read { $0.nodes[place].filters } }

    /// Adds a filter, once. It is asked about records of this logger, not of those below.
    public func addFilter(_ filter: any Filter) {
        tree.change(from: place) { state in
            if !state.nodes[place].filters.contains(where: { $0 === filter }) {
                state.nodes[place].filters.append(filter)
            }
        }
    }

    /// Sets all filters at once.
    public func setFilters(_ filters: [any Filter]) {
        tree.change(from: place) { $0.nodes[place].filters = filters }
    }

    public func removeFilter(_ filter: any Filter) {
        tree.change(from: place) { $0.nodes[place].filters.removeAll { $0 === filter } }
    }

    /// Asks the logger's filters; nil means dropped (Python's `Filterer.filter`).
    public func filter(_ record: LogRecord) throws -> LogRecord? {
        var seen = record
        var replacement: LogRecord?
        return try filters.pass(&seen, replacement: &replacement) ? replacement ?? seen : nil
    }
}

// MARK: - The tree

extension Logger {
    var isRoot: Bool { place == LoggerNodes.root }

    /// The nearest logger above; nil for the root.
    public var parent: Logger? {
        tree.read { state in
            state.nodes.parentWithLogger(of: place).flatMap { state.nodes[$0].logger }
        }
    }

    /// The logger called `suffix` below this one.
    public func getChild(_ suffix: String) -> Logger { tree.logger(named: childName(suffix)) }

    /// The name of the logger called `suffix` below this one.
    public func childName(_ suffix: String) -> String { isRoot ? suffix : "\(name).\(suffix)" }

    /// The loggers directly below this one, by name.
    public var children: [Logger] {
        tree.read { state in
            state.nodes[place].children.compactMap { state.nodes[$0].logger }.sorted { $0.name < $1.name }
        }
    }
}

extension Logger: CustomStringConvertible {
    /// `<Logger a.b (INFO)>`, as Python's `repr`.
    public var description: String {
        let (names, level) = tree.read { ($0.levelNames, $0.nodes.effectiveLevel(of: place)) }
        return "<\(isRoot ? "RootLogger" : "Logger") \(name) (\(names.name(of: level)))>"
    }
}
