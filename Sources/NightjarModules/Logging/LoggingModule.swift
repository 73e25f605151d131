import NightjarLogging
import NightjarLua

extension StandardModules {
    /// `require "logging"`
    static let loggingModule = LuaModule("logging", doc: "Records, loggers, handlers, filters and formatters.") {
        module in
        ScriptMessage.remember(module.stack)
        LoggingFunctions.addLoggers(&module)
        LoggingFunctions.addCalls(&module)
        LoggingFunctions.addLevels(&module)
        LoggingFunctions.addHandlers(&module)
        LoggingFunctions.addStatistics(&module)
        for type in [
            Logger.luaType, HandlerTypes.handler, HandlerTypes.stream, HandlerTypes.file, HandlerTypes.null,
            NameFilter.luaType, RateLimitFilter.luaType, DuplicateFilter.luaType, SamplingFilter.luaType,
            LoggerAdapter.luaType,
            StandardFormatter.luaType, JSONFormatter.luaType, LogfmtFormatter.luaType, BufferingFormatter.luaType,
            RecordObject.luaType, LoggerManager.luaType,
        ] { module.type(type) }
        try LoggingFunctions.addValues(&module)
        LoggingAttributes.install(&module)
    }
}

/// The functions of the module.
private enum LoggingFunctions {
    static func addLoggers(_ module: inout LuaModuleBuilder) {
        module.function(
            "getLogger", doc: "The logger of a name; without one, the root.",
            raw: { call in
                try LogCustomization.pushLogger(call.argument(1, as: String?.self), call)
                return 1
            })
        module.function(
            "getLoggerClass", doc: "The class of new loggers.",
            raw: { call in
                try LogCustomization.pushLoggerClass(call.stack)
                return 1
            })
        module.function(
            "setLoggerClass", doc: "Sets the class of new loggers, a subclass of Logger.",
            raw: { call in try LogCustomization.setLoggerClass(call) })
        module.function(
            "basicConfig", BasicArguments.parameters, doc: "Gives the root logger handlers, unless it has some.",
            raw: { call in
                try call.logging.basicConfig(BasicArguments.read(call))
                return 0
            })
        module.function(
            "shutdown", LuaSignature("handlerList"), doc: "Flushes and closes all handlers, or those of an array.",
            raw: { call in
                if call.stack.isNilOrNone(at: 1) { call.logging.shutdown() } else { try ShutdownCall.run(call) }
                return 0
            })
        module.function(
            "makeLogRecord", doc: "A record with the attributes of a table.",
            raw: { call in
                try RecordMaking.fromAttributes(call)
            })
        module.function(
            "getLogRecordFactory", doc: "What makes the records of scripts' calls.",
            raw: { call in
                if try !LogCustomization.pushRecordFactory(call.stack) {
                    RecordObject.luaType.pushClass(to: call.stack)
                }
                return 1
            })
        module.function(
            "setLogRecordFactory", doc: "Sets the function or class that makes the records of scripts' calls.",
            raw: { call in try LogCustomization.setRecordFactory(call) })
        module.function(
            "captureWarnings", LuaSignature("capture"), doc: "Sends warnings to the logger py.warnings, or no longer.",
            raw: { call in
                ScriptEnvironment.of(call.state).logCustomization.capturesWarnings = call.stack.boolean(at: 1)
                return 0
            })
    }

    static func addCalls(_ module: inout LuaModuleBuilder) {
        let levels: [(String, Level)] = [
            ("debug", .debug), ("info", .info), ("warning", .warning), ("warn", .warning), ("error", .error),
            ("critical", .critical), ("fatal", .critical),
        ]
        for (name, level) in levels {
            module.function(name, doc: "Logs with the root logger.", raw: { call in try root(call, level, message: 1) })
        }
        module.function(
            "exception", doc: "Logs at level ERROR with the text of an error.",
            raw: { call in
                try root(call, .error, message: 1, isException: true)
            })
        module.function(
            "log", doc: "Logs with the root logger at any level.",
            raw: { call in
                guard let level = try call.levelNumber(1) else { return 0 }
                return try root(call, level, message: 2)
            })
    }

    private static func root(_ call: LuaCall, _ level: Level, message: Int32, isException: Bool = false) throws -> Int32
    {
        let system = call.logging
        system.ensureRootHandler()
        guard system.root.isEnabled(for: level) else { return 0 }
        try LogCall.write(system.root, level, call, message: message, isException: isException)
        return 0
    }

    static func addLevels(_ module: inout LuaModuleBuilder) {
        module.function(
            "disable", LuaSignature("level"), doc: "Refuses records of this level and below everywhere.",
            raw: { call in
                call.logging.disable = call.stack.isNilOrNone(at: 1) ? .critical : try call.level(1)
                return 0
            })
        module.function(
            "getLevelName", doc: "The name of a level, or the level of a name.",
            raw: { call in
                let system = call.logging
                if let number = call.stack.exactInteger(at: 1) {
                    return try call.results(system.getLevelName(Level(Int(number))))
                }
                if call.stack.type(at: 1) == .number {
                    return try call.results("Level \(call.argument(1, as: Double.self))")
                }
                let name: String = try call.argument(1)
                guard let level = system.levelNames.level(named: name) else { return try call.results("Level \(name)") }
                return try call.results(level.rawValue)
            })
        module.function(
            "addLevelName", LuaSignature("level, levelName"), doc: "Names a level.",
            raw: { call in
                call.logging.addLevelName(Level(try call.argument(1)), try call.argument(2))
                return 0
            })
        module.function(
            "getLevelNamesMapping", doc: "The levels by name.",
            raw: { call in
                try call.results(call.logging.getLevelNamesMapping().mapValues(\.rawValue))
            })
    }

    static func addHandlers(_ module: inout LuaModuleBuilder) {
        module.function(
            "getHandlerByName", doc: "The handler of a name, or nil.",
            raw: { call in
                try ComponentList.pushOne(call.logging.handler(named: call.argument(1)), to: call.stack)
                return 1
            })
        module.function(
            "getHandlerNames", doc: "The names of all handlers, sorted.",
            raw: { call in
                try call.results(call.logging.handlerNames)
            })
    }

    static func addStatistics(_ module: inout LuaModuleBuilder) {
        module.function(
            "stats",
            doc: "What became of the records of each handler: a table of counts by the handlers' names or classes.",
            raw: { call in
                try LogStatistics.push(call.logging.statistics, to: call.stack)
                return 1
            })
    }

    static func addValues(_ module: inout LuaModuleBuilder) throws {
        let levels: [(String, Level)] = [
            ("NOTSET", .notSet), ("DEBUG", .debug), ("INFO", .info), ("WARN", .warning), ("WARNING", .warning),
            ("ERROR", .error), ("CRITICAL", .critical), ("FATAL", .critical),
        ]
        for (name, level) in levels { try module.value(name, doc: "\(level.rawValue)", level.rawValue) }
        try module.value("BASIC_FORMAT", doc: "The format of basicConfig.", "%(levelname)s:%(name)s:%(message)s")
        try module.value("root", doc: "The root logger.", ScriptEnvironment.of(module.state).logging.root)
    }
}

/// The attributes of the module that are settings of the system, not values of the table.
private enum LoggingAttributes {
    /// What is left out of records where the setting is false.
    private static func omission(_ name: String) -> RecordOmissions {
        switch name {
        case "logThreads": .threads
        case "logProcesses": .processes
        case "logMultiprocessing": .processNames
        default: .tasks
        }
    }

    static func install(_ module: inout LuaModuleBuilder) {
        let stack = module.stack, table = module.table
        stack.newTable(record: 2)
        module.pushFunction("index") { call in
            guard call.stack.type(at: 2) == .string else { return 0 }
            switch call.stack.string(at: 2) {
            case "lastResort":
                try ComponentList.pushOne(call.logging.lastResort, to: call.stack)
                return 1
            case "logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks":
                return try call.results(!call.logging.omissions.contains(omission(call.stack.string(at: 2))))
            case "raiseExceptions": return try call.results(call.logging.raiseExceptions)
            case "config", "handlers":
                try call.state.pushModule("logging." + call.stack.string(at: 2), to: call.stack)
                return 1
            default: return 0
            }
        }
        stack.rawSet(-2, "__index")
        module.pushFunction("newindex") { call in
            let stack = call.stack
            switch stack.type(at: 2) == .string ? stack.string(at: 2) : "" {
            case "lastResort": call.logging.lastResort = stack.isNilOrNone(at: 3) ? nil : try call.handler(3)
            case "logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks":
                let part = omission(stack.string(at: 2))
                if stack.boolean(at: 3) {
                    call.logging.omissions.remove(part)
                } else {
                    call.logging.omissions.insert(part)
                }
            case "raiseExceptions": call.logging.raiseExceptions = stack.boolean(at: 3)
            default:
                stack.setTop(3)
                if !stack.rawSet(1) { throw LuaException(.typeError, "an attribute needs a name") }
            }
            return 0
        }
        stack.rawSet(-2, "__newindex")
        stack.setMetatable(table)
    }
}

/// The arguments of `basicConfig`, bound to their positions.
private enum BasicArguments {
    static let parameters = LuaSignature(
        "filename, filemode, format, datefmt, style, level, stream, handlers, force, encoding, errors",
        unknown: (.valueError, "Unrecognised argument(s): "))

    static func read(_ call: LuaCall) throws -> BasicConfiguration {
        let stack = call.stack
        var result = BasicConfiguration()
        result.filename = try call.argument(1)
        result.filemode = try call.argument(2)
        result.format = try call.argument(3)
        result.dateFormat = try call.argument(4)
        result.style = try call.argument(5, default: "%")
        if !stack.isNilOrNone(at: 6) { result.level = try call.level(6) }
        if !stack.isNilOrNone(at: 7) { result.stream = try call.stream(7) }
        if !stack.isNilOrNone(at: 8) { result.handlers = try ComponentList.handlers(call, at: 8) }
        result.force = stack.boolean(at: 9)
        result.encoding = try call.argument(10)
        result.errors = try call.argument(11)
        return result
    }
}
