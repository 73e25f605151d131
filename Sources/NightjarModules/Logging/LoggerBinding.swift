public import NightjarLogging
public import NightjarLua

extension Logger: CrossesThreads {
    /// `logging.Logger`
    public static let luaType = LuaType(
        "Logger", for: Logger.self, module: "logging", doc: "A named source of records; made by getLogger."
    ) { type in
        type.fields(afterClass: true)
        LoggerBinding.addCalls(&type)
        LoggerBinding.addSettings(&type)
        LoggerBinding.addTree(&type)
        LoggerBinding.addRecords(&type)
        type.metamethod("__tostring") { logger, call in try call.results(logger.description) }
    }
}

/// The methods of loggers. Those that log find their object themselves: a call that is disabled should cost next to nothing.
private enum LoggerBinding {
    typealias Builder = LuaType.Builder<Logger>

    static func addCalls(_ type: inout Builder) {
        let levels: [(String, Level, String)] = [
            ("debug", .debug, "DEBUG"), ("info", .info, "INFO"), ("warning", .warning, "WARNING"),
            ("warn", .warning, "WARNING"),
            ("error", .error, "ERROR"), ("critical", .critical, "CRITICAL"), ("fatal", .critical, "CRITICAL"),
        ]
        for (name, level, title) in levels {
            type.method(
                name, doc: "Logs at level \(title).",
                unbound: { call in
                    try LoggerBinding.withLogger(call) { logger in
                        guard logger.isEnabled(for: level) else { return }
                        try LogCall.write(logger, level, call, message: 2)
                    }
                })
        }
        type.method(
            "exception", doc: "Logs at level ERROR with the text of an error.",
            unbound: { call in
                let logger = try call.argument(1, as: Logger.self)
                guard logger.isEnabled(for: .error) else { return 0 }
                try LogCall.write(logger, .error, call, message: 2, isException: true)
                return 0
            })
        type.method(
            "log", doc: "Logs at any level.",
            unbound: { call in
                let logger = try call.argument(1, as: Logger.self), level = try call.levelNumber(2)
                guard logger.isEnabled(for: level) else { return 0 }
                try LogCall.write(logger, level, call, message: 3)
                return 0
            })
        type.method("bind", doc: "A LoggerAdapter whose records all have the fields of a table.") { logger, call in
            try LoggerAdapter.bind(call)
        }
        type.method("isEnabledFor", doc: "Whether a record of the level would be handled.") {
            (logger: Logger, level: Int) in
            logger.isEnabled(for: Level(level))
        }
    }

    @inline(__always)
    private static func withLogger(_ call: LuaCall, _ body: (Logger) throws -> Void) throws -> Int32 {
        guard try call.stack.withObject(Logger.self, at: 1, body) != nil else {
            throw call.badArgument(1, "Logger expected, got \(call.stack.typeName(at: 1))")
        }
        return 0
    }

    static func addSettings(_ type: inout Builder) {
        type.method("setLevel", doc: "Sets the level, by number or name.") { logger, call in
            logger.level = try call.level(2)
            return 0
        }
        type.method("getEffectiveLevel", doc: "The first level set, from here upwards.") { (logger: Logger) in
            logger.effectiveLevel.rawValue
        }
        type.method("addHandler", doc: "Adds a handler.") { logger, call in
            logger.addHandler(try call.handler(2))
            return 0
        }
        type.method("removeHandler", doc: "Removes a handler.") { logger, call in
            logger.removeHandler(try call.handler(2))
            return 0
        }
        type.method("hasHandlers", doc: "Whether any handler is found, here or above.") { (logger: Logger) in
            logger.hasHandlers
        }
        type.method("addFilter", doc: "Adds a filter: a filter object, a table with a method filter, or a function.") {
            logger, call in
            logger.addFilter(try ScriptFilter.filter(call, at: 2))
            return 0
        }
        type.method("removeFilter", doc: "Removes a filter.") { logger, call in
            if let filter = try ScriptFilter.known(call, at: 2) { logger.removeFilter(filter) }
            return 0
        }
        type.property("level", get: { $0.level.rawValue }, set: { $0.level = Level($1) })
        type.property("propagate", get: { $0.propagate }, set: { $0.propagate = $1 })
        type.property("disabled", get: { $0.disabled }, set: { $0.disabled = $1 })
        type.property("handlers", rawGet: { logger, call in try ComponentList.push(logger.handlers, to: call.stack) })
        type.property("filters", rawGet: { logger, call in try ComponentList.push(logger.filters, to: call.stack) })
    }

    static func addTree(_ type: inout Builder) {
        type.property("name", get: { $0.name })
        type.property("parent", get: { $0.parent })
        type.property("root", rawGet: { _, call in try call.results(call.logging.root) })
        type.property("manager", rawGet: { _, call in try LoggerManager.push(call) })
        type.method("getChild", doc: "The logger of this name below this one.") { (logger: Logger, suffix: String) in
            logger.getChild(suffix)
        }
        type.method("getChildren", doc: "The loggers directly below this one, sorted by name.") { (logger: Logger) in
            logger.children
        }
    }

    static func addRecords(_ type: inout Builder) {
        type.method("handle", doc: "Handles a record: filters, then handlers.") { logger, call in
            logger.handle(try call.record(2))
            return 0
        }
        type.method("callHandlers", doc: "Hands a record to the handlers.") { logger, call in
            logger.callHandlers(try call.record(2))
            return 0
        }
        type.method("filter", doc: "Asks the logger's filters: the record that goes on, or false.") { logger, call in
            try FilterResult.push(logger.filter(call.record(2)), call, record: 2)
        }
        let parameters = LuaSignature("name, level, fn, lno, msg, args, exc_info, func, extra, sinfo", isNamed: false)
        type.method("makeRecord", parameters, doc: "Makes a record of this logger.") { logger, call in
            if try CustomizedCall.pushByFactory(call) { return 1 }
            return try call.results(RecordObject(RecordMaking.record(logger, call)))
        }
    }
}

/// Python's `Manager`, as far as programs use it: the tree's list of loggers and the level that is disabled.
private enum LoggerManager {
    static func push(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack, system = call.logging
        stack.newTable(record: 3)
        try system.root.push(to: stack)
        stack.rawSet(-2, "root")
        stack.push(system.disable.rawValue)
        stack.rawSet(-2, "disable")
        let loggers = Dictionary(system.loggerNames.map { ($0, system.logger($0)) }, uniquingKeysWith: { $1 })
        try loggers.push(to: stack)
        stack.rawSet(-2, "loggerDict")
        return 1
    }
}

/// Handlers and filters as an array of the objects that scripts know.
enum ComponentList {
    static func push(_ components: [AnyObject], to stack: LuaStack) throws -> Int32 {
        stack.newTable(array: components.count)
        for (offset, component) in components.enumerated() {
            try pushOne(component, to: stack)
            stack.rawSet(-2, offset + 1)
        }
        return 1
    }

    /// Pushes a component; one that the application made and no script knows the class of appears as an opaque object.
    static func pushOne(_ component: AnyObject?, to stack: LuaStack) throws {
        switch component {
        case nil: stack.pushNil()
        case let object as any LuaObject:
            try object.push(to: stack)
            RemoteInstance.redirectIfMoved(stack, at: -1)
        case let handler as any Handler: try NativeHandler(handler).push(to: stack)
        case let filter as any Filter: try NativeFilter(filter).push(to: stack)
        case let formatter as any Formatter: try NativeFormatter(formatter).push(to: stack)
        case .some: stack.pushNil()
        }
    }
}
