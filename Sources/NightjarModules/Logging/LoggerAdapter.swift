import NightjarLogging
import NightjarLua

/// `logging.LoggerAdapter`: a logger with context. Its `process`, which subclasses override, changes message and options of every call.
///
/// All state is in the fields `logger`, `extra` and `merge_extra` of the script's object, so it crosses as a copy of them.
final class LoggerAdapter: CrossesThreads {
    static let luaType = LuaType(
        "LoggerAdapter", for: LoggerAdapter.self, module: "logging", doc: "A logger whose calls all have some context."
    ) { type in
        type.subclassable { _ in LoggerAdapter() }
        type.method(
            "init", LuaSignature("logger, extra, merge_extra"),
            raw: { _, call in
                let stack = call.stack
                guard !stack.isNilOrNone(at: 2) else {
                    throw call.badArgument(2, "Logger expected, got \(stack.typeName(at: 2))")
                }
                for (index, name) in [(2, "logger"), (3, "extra"), (4, "merge_extra")] {
                    stack.pushCopy(of: Int32(index))
                    try stack.set(1, name)
                }
                return 0
            })
        type.method("process", doc: "Gives the message and the options to log with.") { _, call in try process(call) }
        type.method("bind", doc: "A LoggerAdapter whose records have the fields of a table too.") { _, call in
            try bind(call)
        }
        AdapterCalls.add(&type)
        AdapterSettings.add(&type)
    }

    /// `extra` of a call is replaced by the adapter's, or merged over it.
    private static func process(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(3)
        try stack.reserve(12)
        guard stack.type(at: 3) == .table else {
            throw call.badArgument(3, "table expected, got \(stack.typeName(at: 3))")
        }
        try stack.get(1, "extra")
        let own = stack.top
        try stack.get(1, "merge_extra")
        let merges = stack.boolean(at: -1)
        stack.rawGet(3, "extra")
        if merges, stack.type(at: -1) == .table, stack.type(at: own) == .table {
            let given = stack.top
            stack.newTable()
            for source in [own, given] { stack.copyPairs(from: source, to: given + 1) }
        } else {
            stack.pushCopy(of: own)
        }
        stack.rawSet(3, "extra")
        stack.setTop(3)
        return 2
    }

    /// Pushes an adapter of the class itself on argument 1, a logger or adapter, with the table at 2.
    static func bind(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 2) == .table else {
            throw call.badArgument(2, "table expected, got \(stack.typeName(at: 2))")
        }
        stack.setTop(2)
        luaType.pushClass(to: stack)
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        stack.push(true)
        try stack.call(arguments: 3, results: 1)
        return 1
    }
}

extension LuaStack {
    /// Copies all pairs of one table into another.
    func copyPairs(from source: Int32, to destination: Int32) {
        pushNil()
        while next(source) {
            pushCopy(of: -2)
            insert(at: -2)
            rawSet(destination)
        }
    }
}

/// The methods of adapters that log.
private enum AdapterCalls {
    static func add(_ type: inout LuaType.Builder<LoggerAdapter>) {
        let levels: [(String, Level)] = [
            ("debug", .debug), ("info", .info), ("warning", .warning), ("warn", .warning), ("error", .error),
            ("critical", .critical), ("fatal", .critical),
        ]
        for (name, level) in levels {
            type.method(name, doc: "Logs at this level, with the context.") { _, call in
                if try forward(call, level) { return 0 }
                return try write(call, level, message: 2)
            }
        }
        type.method("exception", doc: "Logs at level ERROR with the text of an error.") { _, call in
            if try forward(call, .error, isException: true) { return 0 }
            return try write(call, .error, message: 2, isException: true)
        }
        type.method("log", doc: "Logs at any level, with the context.") { _, call in
            guard let level = try call.levelNumber(2) else { return 0 }
            return try write(call, level, message: 3)
        }
    }

    /// Has a script's own `log` do what is called by the name of a level, as Python's adapters do.
    /// - Returns: false, and nothing done, where `log` is ours.
    private static func forward(_ call: LuaCall, _ level: Level, isException: Bool = false) throws -> Bool {
        let stack = call.stack
        try stack.reserve(call.count + 16)
        guard call.count >= 2, try LogCustomization.overrides("log", at: 1, stack) else { return false }
        if isException { try ScriptLogger.addError(stack) }
        try log(stack, 1, level, 2..<stack.top + 1)
        return true
    }

    /// Calls the method `log` of the logger or adapter at `receiver`.
    private static func log(_ stack: LuaStack, _ receiver: Int32, _ level: Level, _ arguments: Range<Int32>) throws {
        try stack.reserve(Int32(arguments.count) + 8)
        try stack.get(receiver, "log")
        stack.pushCopy(of: receiver)
        stack.push(level.rawValue)
        for index in arguments { stack.pushCopy(of: index) }
        try stack.call(arguments: Int32(arguments.count) + 2, results: 0)
    }

    private static func write(
        _ call: LuaCall, _ level: Level, message: Int32, isException: Bool = false
    ) throws -> Int32 {
        let stack = call.stack
        guard call.count >= message else { throw call.badArgument(message, "value expected") }
        try stack.reserve(call.count + 16)
        let logger = try AdapterChain.logger(call, 1)
        guard try AdapterChain.isEnabled(call, logger, level) else { return 0 }
        let options = try moveOptionsToTop(stack, message)
        // From the adapter in hand down to the one that has the logger itself.
        stack.pushCopy(of: 1)
        while stack.object(at: -1) is LoggerAdapter {
            try process(stack, stack.top, message, options)
            try stack.get(-1, "logger")
            stack.remove(at: -2)
            guard try LogCustomization.overrides("log", at: stack.top, stack) else { continue }
            if isException { addError(stack, to: options) }
            try log(stack, stack.top, level, message..<options + 1)
            return 0
        }
        // From here on the call is the logger's: a script's class of loggers has its part in it.
        stack.replace(at: 1)
        try LogCall.write(logger, level, call, message: message, options: options, isException: isException)
        return 0
    }

    private static func addError(_ stack: LuaStack, to options: Int32) {
        defer { stack.pop() }
        guard stack.rawGet(options, "exc_info") == .nil else { return }
        stack.push(true)
        stack.rawSet(options, "exc_info")
    }

    /// Makes the table after the arguments, or an empty one, a copy that ends the arguments.
    private static func moveOptionsToTop(_ stack: LuaStack, _ message: Int32) throws -> Int32 {
        let last = stack.top
        if stack.type(at: message) != .string, let text = try ScriptValue.text(stack, at: message) {
            stack.push(text)
            stack.replace(at: message)
        }
        // One that has no text is reported when the text is made.
        let isText = stack.type(at: message) == .string
        let used = isText ? min(ScriptMessage.conversions(stack.bytes(at: message)), last - message) : 0
        let found = LogOptions.find(stack, message: message, used: used, last: last)
        stack.newTable()
        if let found {
            stack.copyPairs(from: found, to: stack.top)
            stack.remove(at: found)
        }
        return stack.top
    }

    /// `message, options = adapter:process(message, options)`
    private static func process(_ stack: LuaStack, _ adapter: Int32, _ message: Int32, _ options: Int32) throws {
        try stack.get(adapter, "process")
        for index in [adapter, message, options] { stack.pushCopy(of: index) }
        try stack.call(arguments: 3, results: 2)
        if stack.type(at: -1) == .table { stack.replace(at: options) } else { stack.pop() }
        stack.replace(at: message)
    }
}

/// What adapters ask of the logger below them.
private enum AdapterSettings {
    static func add(_ type: inout LuaType.Builder<LoggerAdapter>) {
        type.method("isEnabledFor", doc: "Whether a record of the level would be handled.") { _, call in
            try AdapterChain.ask("isEnabledFor", call, arguments: 1)
        }
        type.method("setLevel", doc: "Sets the level of the logger.") { _, call in
            try AdapterChain.ask("setLevel", call, arguments: 1)
        }
        type.method("getEffectiveLevel", doc: "The level of the logger.") { _, call in
            try AdapterChain.ask("getEffectiveLevel", call)
        }
        type.method("hasHandlers", doc: "Whether the logger has any.") { _, call in
            try AdapterChain.ask("hasHandlers", call)
        }
        type.property("name", rawGet: { _, call in try call.results(AdapterChain.logger(call, 1).name) })
        type.property("manager", rawGet: { _, call in try call.results(LoggerManager(call.logging)) })
        type.metamethod("__tostring") { _, call in
            let logger = try AdapterChain.logger(call, 1)
            let level = call.logging.getLevelName(logger.effectiveLevel)
            return try call.results("<\(call.stack.typeName(at: 1)) \(logger.name) (\(level))>")
        }
    }
}

enum AdapterChain {
    /// What the logger's own method gives, which may be a script's, for the first arguments after the adapter.
    static func ask(_ method: String, _ call: LuaCall, arguments: Int32 = 0) throws -> Int32 {
        let stack = call.stack
        stack.setTop(1 + arguments)
        try stack.reserve(12)
        _ = try pushLogger(call, 1)
        let logger = stack.top
        try stack.get(logger, method)
        for index in [logger] + (1..<1 + arguments).map({ $0 + 1 }) { stack.pushCopy(of: index) }
        try stack.call(arguments: 1 + arguments, results: 1)
        return 1
    }

    /// Whether a call of the adapter at 1 goes on: its own `isEnabledFor` decides, or else the logger's.
    static func isEnabled(_ call: LuaCall, _ logger: Logger, _ level: Level) throws -> Bool {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        guard try LogCustomization.overrides("isEnabledFor", at: 1, stack) else {
            guard LogCustomization.hasLoggerClasses else { return logger.isEnabled(for: level) }
            _ = try pushLogger(call, 1)
            return try ScriptLogger(stack, logger, at: stack.top)?.isEnabled(level, call.logging)
                ?? logger.isEnabled(for: level)
        }
        try stack.get(1, "isEnabledFor")
        stack.pushCopy(of: 1)
        stack.push(level.rawValue)
        try stack.call(arguments: 2, results: 1)
        return stack.boolean(at: -1)
    }

    /// The logger below the adapter at `index`, past other adapters.
    static func logger(_ call: LuaCall, _ index: Int32) throws -> Logger {
        let top = call.stack.top
        defer { call.stack.setTop(top) }
        return try pushLogger(call, index)
    }

    private static func pushLogger(_ call: LuaCall, _ index: Int32) throws -> Logger {
        let stack = call.stack
        try stack.reserve(8)
        stack.pushCopy(of: index)
        while true {
            if let logger = stack.object(at: -1) as? Logger { return logger }
            guard stack.object(at: -1) is LoggerAdapter else {
                throw LuaException(
                    .typeError, "the 'logger' of a LoggerAdapter must be a Logger, got \(stack.typeName(at: -1))")
            }
            try stack.get(-1, "logger")
            stack.remove(at: -2)
        }
    }
}
