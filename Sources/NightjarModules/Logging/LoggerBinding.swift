public import NightjarLogging
public import NightjarLua

extension Logger: CrossesThreads {
    /// `logging.Logger`
    public static let luaType = LuaType(
        "Logger", for: Logger.self, module: "logging", doc: "A named source of records; made by getLogger."
    ) { type in
        type.fields(afterClass: true)
        LoggerBinding.addConstructor(&type)
        LoggerBinding.addCalls(&type)
        LoggerBinding.addSettings(&type)
        LoggerBinding.addTree(&type)
        LoggerBinding.addRecords(&type)
        type.metamethod("__tostring") { logger, call in
            let name = call.stack.typeName(at: 1)
            // A script's subclass appears under its own name.
            guard name != "Logger" else { return try call.results(logger.description) }
            let level = call.logging.getLevelName(logger.effectiveLevel)
            return try call.results("<\(name) \(logger.name) (\(level))>")
        }
    }
}

/// The methods of loggers. Those that log find their object themselves: a call that is disabled should cost next to nothing.
private enum LoggerBinding {
    typealias Builder = LuaType.Builder<Logger>

    /// `logging.Logger(name, level)`: a logger that no name leads to. `getLogger` makes instances of a script's class by itself, and
    /// then calls their `init`, so that one only sets the level.
    static func addConstructor(_ type: inout Builder) {
        let parameters = LuaSignature("name, level")
        type.constructor(
            parameters,
            pushing: { call in
                guard LuaType.native(call.stack, exactClassAt: 1) != nil else {
                    let name = call.stack.type(at: 2) == .string ? ScriptText.text(call.stack, at: 2) : ""
                    LogCustomization.noteLoggerClass()
                    return try ClassTable.pushInitialized(call.logging.detachedLogger(name), classAt: 1, call)
                }
                try call.bind()
                try call.logging.detachedLogger(call.argument(2), level: level(call)).push(to: call.stack)
            })
        type.method("init", parameters) { logger, call in
            if !call.stack.isNilOrNone(at: 3) { logger.level = try level(call) }
            return 0
        }
    }

    private static func level(_ call: LuaCall) throws -> Level {
        call.stack.isNilOrNone(at: 3) ? .notSet : try call.level(3)
    }

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
                        guard logger.isEnabled(for: level) else {
                            if LogCustomization.hasLoggerClasses {
                                try LogCall.writeDisabled(logger, level, call, message: 2)
                            }
                            return
                        }
                        try LogCall.write(logger, level, call, message: 2)
                    }
                })
        }
        type.method(
            "exception", doc: "Logs at level ERROR with the text of an error.",
            unbound: { call in
                let logger = try call.argument(1, as: Logger.self)
                if LogCustomization.hasLoggerClasses,
                    try ScriptLogger.forward(call, to: "error", logger, withError: true)
                {
                    return 0
                }
                guard logger.isEnabled(for: .error) else {
                    if LogCustomization.hasLoggerClasses {
                        try LogCall.writeDisabled(logger, .error, call, message: 2, isException: true)
                    }
                    return 0
                }
                try LogCall.write(logger, .error, call, message: 2, isException: true)
                return 0
            })
        type.method(
            "log", doc: "Logs at any level.",
            unbound: { call in
                let logger = try call.argument(1, as: Logger.self)
                guard let level = try call.levelNumber(2) else { return 0 }
                guard logger.isEnabled(for: level) else {
                    if LogCustomization.hasLoggerClasses {
                        try LogCall.writeDisabled(logger, level, call, message: 3)
                    }
                    return 0
                }
                try LogCall.write(logger, level, call, message: 3)
                return 0
            })
        type.method(
            "_log", LuaSignature("level, msg, args, options", isNamed: false),
            doc:
                "Makes and handles a record, whatever its level: what the methods above do once they know that it is wanted.",
            unbound: { call in
                let stack = call.stack, logger = try call.argument(1, as: Logger.self)
                guard let level = try call.levelNumber(2) else { return 0 }
                try LogCall.writeEnabled(logger, level, call, arguments: stack.type(at: 4) == .table ? 4 : nil)
                return 0
            })
        type.method("bind", doc: "A LoggerAdapter whose records all have the fields of a table.") { logger, call in
            try LoggerAdapter.bind(call)
        }
        type.method("isEnabledFor", doc: "Whether a record of the level would be handled.") { logger, call in
            let level = Level(try call.argument(2))
            let script = ScriptLogger(call.stack, logger)
            return try call.results(
                script?.isEnabledForLevel(level, call.logging) ?? logger.isEnabled(for: level))
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
        type.property(
            "level", rawGet: { logger, call in try call.results(logger.level.rawValue) },
            rawSet: { logger, call in logger.level = try call.level(2) })
        type.property("propagate", get: { $0.propagate }, set: { $0.propagate = $1 })
        type.property("disabled", get: { $0.disabled }, set: { $0.disabled = $1 })
        type.property(
            "handlers", rawGet: { logger, call in try ComponentList.push(logger.handlers, to: call.stack) },
            rawSet: { logger, call in logger.setHandlers(try ComponentList.handlers(call, at: 2)) })
        type.property(
            "filters", rawGet: { logger, call in try ComponentList.push(logger.filters, to: call.stack) },
            rawSet: { logger, call in logger.setFilters(try ComponentList.filters(call, at: 2)) })
    }

    static func addTree(_ type: inout Builder) {
        type.property("name", get: { $0.name })
        type.property("parent", get: { $0.parent })
        type.property("root", rawGet: { _, call in try call.results(call.logging.root) })
        type.property("manager", rawGet: { _, call in try call.results(LoggerManager(call.logging)) })
        type.method("getChild", doc: "The logger of this name below this one.") { logger, call in
            // By its name, since it may be one of a script's class.
            try LogCustomization.pushLogger(logger.childName(call.argument(2, as: String.self)), call)
            return 1
        }
        type.method("getChildren", doc: "The loggers directly below this one, sorted by name.") { (logger: Logger) in
            logger.children
        }
    }

    static func addRecords(_ type: inout Builder) {
        type.method(
            "findCaller", LuaSignature("stack_info, stacklevel", isNamed: false),
            doc: "Gives path, line, function and call stack of the call that a record made now would have."
        ) { _, call in
            let level = Int32(clamping: try max(1, call.argument(3, default: 1)))
            var content = RecordContent(message: "")
            CallSites.of(call.stack).add(to: &content, call.stack, level: level)
            let frames = call.stack.boolean(at: 2) ? CallStackText.text(call.stack, level: level) : nil
            return try call.results(content.pathname, content.lineno, content.funcName, frames)
        }
        type.method("handle", doc: "Handles a record: filters, then handlers.") { logger, call in
            let object = try call.argument(2, as: RecordObject.self)
            if let script = ScriptLogger(call.stack, logger) {
                try script.handle(2, call.logging.reporter)
            } else {
                object.withRecord { logger.handle(changing: &$0) }
            }
            return 0
        }
        type.method("callHandlers", doc: "Hands a record to the handlers.") { logger, call in
            try call.argument(2, as: RecordObject.self).withRecord { logger.callHandlers(changing: &$0) }
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
