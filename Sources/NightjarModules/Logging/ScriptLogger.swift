import NightjarLogging
import NightjarLua

/// A logger that is an instance of a script's class: what the class has in place of our methods is asked where Python asks them.
///
/// Python's calls ask `isEnabledFor` (which asks `getEffectiveLevel`), `findCaller`, `makeRecord` and `handle` (which asks `filter` and
/// `callHandlers`), in this order.
struct ScriptLogger {
    let stack: LuaStack
    let logger: Logger
    /// Where the instance is.
    let instance: Int32

    /// Nil where the value at `instance` is not this logger (but the module, or an adapter), and in programs without such classes.
    init?(_ stack: LuaStack, _ logger: Logger, at instance: Int32 = 1) {
        guard LogCustomization.hasLoggerClasses, stack.object(at: instance) === logger else { return nil }
        self.stack = stack
        self.logger = logger
        self.instance = instance
    }

    func overrides(_ method: String) throws -> Bool {
        try stack.reserve(8)
        return try LogCustomization.overrides(method, at: instance, stack)
    }

    func overridesAny(_ methods: [String]) throws -> Bool { try methods.contains { try overrides($0) } }

    /// Calls the method with what `push` pushes, and leaves the results on top.
    func call(_ method: String, results: Int32, _ push: () throws -> Void) throws {
        try stack.reserve(24)
        try stack.get(instance, method)
        let function = stack.top
        stack.pushCopy(of: instance)
        try push()
        try stack.call(arguments: stack.top - function, results: results)
    }

    // MARK: Whether to log

    /// Whether a call at this level goes on.
    func isEnabled(_ level: Level, _ system: LoggingSystem) throws -> Bool {
        guard try overrides("isEnabledFor") else { return try isEnabledForLevel(level, system) }
        let top = stack.top
        defer { stack.setTop(top) }
        try call("isEnabledFor", results: 1) { stack.push(level.rawValue) }
        return stack.boolean(at: -1)
    }

    /// Our `isEnabledFor`.
    func isEnabledForLevel(_ level: Level, _ system: LoggingSystem) throws -> Bool {
        guard try overrides("getEffectiveLevel") else { return logger.isEnabled(for: level) }
        if logger.disabled || system.disable >= level { return false }
        let top = stack.top
        defer { stack.setTop(top) }
        try call("getEffectiveLevel", results: 1) {}
        guard let effective = stack.exactInteger(at: -1) else {
            throw LuaException(
                .typeError, "getEffectiveLevel must return an integer, got \(stack.typeName(at: -1))")
        }
        return level.rawValue >= Int(effective)
    }

    // MARK: Names for other methods

    /// Has a script's own `method` do what is called by another name of it, as Python's `exception` is a call of `error`.
    /// - Returns: false, and nothing done, where the method is ours.
    static func forward(_ call: LuaCall, to method: String, _ logger: Logger, withError: Bool = false) throws -> Bool {
        let stack = call.stack
        guard call.count >= 2, let script = ScriptLogger(stack, logger), try script.overrides(method) else {
            return false
        }
        if withError { try addError(stack) }
        let last = stack.top
        try stack.reserve(last + 8)
        try script.call(method, results: 0) {
            for index in 2..<last + 1 { stack.pushCopy(of: index) }
        }
        return true
    }

    /// `exc_info = true` in a copy of the table after the arguments, unless that has one.
    static func addError(_ stack: LuaStack) throws {
        try stack.reserve(12)
        let last = stack.top
        let isText = stack.type(at: 2) == .string
        let used = isText ? min(ScriptMessage.conversions(stack.bytes(at: 2)), last - 2) : 0
        let found = LogOptions.find(stack, message: 2, used: used, last: last)
        stack.newTable()
        if let found { stack.copyPairs(from: found, to: last + 1) }
        if stack.rawGet(last + 1, "exc_info") == .nil {
            stack.push(true)
            stack.rawSet(last + 1, "exc_info")
        }
        stack.setTop(last + 1)
        if let found { stack.replace(at: found) }
    }

    // MARK: Where the call is

    /// What `findCaller` says.
    func findCaller(_ content: inout RecordContent, level: Int32, wantsStack: Bool) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        try call("findCaller", results: 4) {
            stack.push(wantsStack)
            stack.push(Int(level))
        }
        content.pathname = stack.type(at: top + 1) == .string ? ScriptText.text(stack, at: top + 1) : "(unknown file)"
        content.lineno = stack.exactInteger(at: top + 2).map(Int.init) ?? 0
        content.funcName =
            stack.type(at: top + 3) == .string ? ScriptText.text(stack, at: top + 3) : "(unknown function)"
        content.stackInfo = stack.type(at: top + 4) == .string ? ScriptText.text(stack, at: top + 4) : nil
    }

    // MARK: Handling

    /// Our `handle`, of the record at `index`.
    func handle(_ index: Int32, _ reporter: ErrorReporter) throws {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard let object = stack.object(at: index) as? RecordObject else { return }
        let filters = try overrides("filter"), calls = try overrides("callHandlers")
        guard filters || calls else { return object.withRecord { logger.handle(changing: &$0) } }
        if logger.disabled { return }
        stack.pushCopy(of: index)
        if filters {
            guard try pushFiltered(index) else { return }
        } else {
            guard try pushPassed(object, reporter) else { return }
        }
        let passed = stack.top
        if calls { return try call("callHandlers", results: 0) { stack.pushCopy(of: passed) } }
        (stack.object(at: passed) as? RecordObject)?.withRecord { logger.callHandlers(changing: &$0) }
    }

    /// Asks the script's `filter`; pushes the record that it gives in place of this one, if any.
    private func pushFiltered(_ index: Int32) throws -> Bool {
        try call("filter", results: 1) { stack.pushCopy(of: index) }
        guard stack.boolean(at: -1) else { return false }
        if !(stack.object(at: -1) is RecordObject) { stack.pop() }
        return true
    }

    /// Asks the logger's filters; pushes the record that goes on, if it is another.
    private func pushPassed(_ object: RecordObject, _ reporter: ErrorReporter) throws -> Bool {
        var record = object.record
        do {
            guard let passed = try logger.filter(record) else { return false }
            record = passed
        } catch {
            let place = LoggingFailure.Place.loggerFilter(logger: logger.name)
            reporter.report(LoggingFailure(error, record: record, place: place))
            return false
        }
        object.record = record
        return true
    }
}
