import NightjarLogging
import NightjarLua
import Synchronization

/// A handler written in Lua: an instance of a script's subclass of one of the handler classes, or a plain `logging.Handler`.
///
/// From the moment it is added to a logger, an instance in a cell of its own does the work; both share level, name, formatter, filters
/// and lock. Thread-safe.
final class ScriptHandler: Handler, NamedKind, WorksInCell, CrossesThreads {
    let core: HandlerCore
    private let state: Mutex<State>

    private struct State {
        var cell: ScriptCell?
        /// The handler of ours that does the work of the script's superclass, such as a stream handler.
        var base: (any Handler)?
        /// Whether the script's class has a `handle` of its own.
        var handlesItself = false
        /// What the script's `handleError` is being called about.
        var failure: LoggingFailure?
    }

    /// The script's class.
    let kindName: String

    init(core: HandlerCore = HandlerCore(), base: (any Handler)? = nil, kindName: String = "Handler") {
        self.core = core
        self.kindName = kindName
        state = Mutex(State(base: base))
    }

    static var luaType: LuaType { HandlerTypes.handler }
    static var sharedAttributes: Set<String> { HandlerTypes.attributes }

    var cell: ScriptCell? { state.withLock { $0.cell } }
    var base: (any Handler)? {
        get { state.withLock { $0.base } }
        set { state.withLock { $0.base = newValue } }
    }

    /// Whether the script has a `handle` of its own.
    var handlesItself: Bool {
        get { state.withLock { $0.handlesItself } }
        set { state.withLock { $0.handlesItself = newValue } }
    }

    var failure: LoggingFailure? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// Opens the cell, with a copy of the instance at `index`.
    func adopt(_ stack: LuaStack, instanceAt index: Int32) throws {
        guard cell == nil else { return }
        let cell = try ScriptCell(
            stack, instanceAt: index, as: "handler", inner: ScriptHandler(core: core, base: base, kindName: kindName),
            lock: core.lock)
        let handlesItself = try LogCustomization.overrides("handle", at: index, stack)
        state.withLock {
            $0.cell = cell
            $0.handlesItself = handlesItself
        }
        RemoteInstance.redirect(stack, at: index, to: self)
    }

    func noteAttribute(_ name: String, isFunction: Bool) {
        if name == "handle" { handlesItself = isFunction }
    }

    /// The script's own `handle`, if it has one, decides about everything, filters included.
    func handle(_ record: inout LogRecord, reporter: ErrorReporter) {
        let (cell, handlesItself) = state.withLock { ($0.cell, $0.handlesItself) }
        guard let cell, handlesItself else {
            handleUsually(&record, reporter: reporter)
            return
        }
        let object = RecordObject(record)
        do {
            _ = try cell.call("handle") { stack in
                try object.push(madeAs: record, to: stack)
                return 1
            } _: { _ in
            }
            record = object.record
        } catch {
            let failure = ScriptFailure(error: error)
            handleError(LoggingFailure(failure, record: record, place: .handler(self)), reporter: reporter)
        }
    }

    /// The script's `emit` formats, if it wants to.
    func format(_ record: LogRecord, into text: inout [UInt8]) {}

    func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        let object = RecordObject(record)
        defer { object.noteChanges(of: record) }
        try callMethod("emit") { try object.push(madeAs: record, to: $0) }
    }

    func flush() throws { try callMethod("flush") }
    func close() throws { try callMethod("close") }

    /// The script's own `handleError` if it has one; a failure in that is reported like any other.
    func handleError(_ failure: LoggingFailure, reporter: ErrorReporter) {
        guard let cell, let record = failure.record else { return reporter.report(failure) }
        do {
            let isHandled = try cell.run { stack in
                try stack.get(-1, "handleError")
                guard stack.type(at: -1) == .function, !stack.isNativeFunction(at: -1) else { return false }
                stack.insert(at: -2)
                let instance = stack.object(at: -1) as? ScriptHandler
                instance?.failure = failure
                defer { instance?.failure = nil }
                try RecordObject(record).push(to: stack)
                try stack.call(arguments: 2, results: 0)
                return true
            }
            if isHandled != true { reporter.report(failure) }
        } catch {
            reporter.report(LoggingFailure(ScriptFailure(error: error), record: record, place: .handler(self)))
        }
    }

    /// The text of a record as the handler's formatter has it.
    func text(_ record: LogRecord) throws -> String {
        if let base, NetworkChoices.isNetwork(base) {
            NetworkChoices.shareFormatter(of: self, with: base)
            return try base.format(record)
        }
        return try (core.formatter ?? StandardFormatter.messageOnly).format(record)
    }

    private func callMethod(_ name: String, _ push: ((LuaStack) throws -> Void)? = nil) throws {
        guard let cell else { return }
        do {
            _ = try cell.call(name) { stack in
                try push?(stack)
                return push == nil ? 0 : 1
            } _: { _ in
            }
        } catch {
            throw ScriptFailure(error: error)
        }
    }
}
