import NightjarLogging
import NightjarLua

/// Python's `logging.Manager`, `logger.manager` of every logger: what all loggers of the program have in common. Thread-safe.
final class LoggerManager: CrossesThreads {
    private let system: LoggingSystem

    init(_ system: LoggingSystem) { self.system = system }

    static let luaType = LuaType(
        "Manager", for: LoggerManager.self, module: "logging", doc: "What all loggers have in common."
    ) { type in
        type.property("root", get: { $0.system.root })
        type.property(
            "disable", rawGet: { manager, call in try call.results(manager.system.disable.rawValue) },
            rawSet: { manager, call in manager.system.disable = try call.level(2) })
        type.property(
            "emittedNoHandlerWarning", doc: "Whether it was said that a record has met no handler.",
            get: { $0.system.toldOfMissingHandlers }, set: { $0.system.toldOfMissingHandlers = $1 })
        type.property(
            "logRecordFactory", doc: "What makes the records of scripts' calls.",
            rawGet: { _, call in
                if try !LogCustomization.pushRecordFactory(call.stack) {
                    RecordObject.luaType.pushClass(to: call.stack)
                }
                return 1
            })
        type.property(
            "loggerClass", doc: "The class of new loggers.",
            rawGet: { _, call in
                try LogCustomization.pushLoggerClass(call.stack)
                return 1
            })
        type.property("loggerDict", doc: "The loggers by name.", rawGet: { manager, call in try push(manager, call) })
        type.method("getLogger", doc: "The logger of a name.") { _, call in
            try LogCustomization.pushLogger(call.argument(2, as: String.self), call)
            return 1
        }
        type.method("setLoggerClass", doc: "Sets the class of new loggers, a subclass of Logger.") { _, call in
            call.stack.remove(at: 1)
            return try LogCustomization.setLoggerClass(call)
        }
        type.method("setLogRecordFactory", doc: "Sets what makes the records of scripts' calls.") { _, call in
            call.stack.remove(at: 1)
            return try LogCustomization.setRecordFactory(call)
        }
        type.metamethod("__eq") { manager, call in
            try call.results((call.stack.object(at: 2) as? LoggerManager)?.system === manager.system)
        }
    }

    private static func push(_ manager: LoggerManager, _ call: LuaCall) throws -> Int32 {
        let names = manager.system.loggerNames
        call.stack.newTable(record: names.count)
        for name in names {
            try LogCustomization.pushLogger(name, call)
            call.stack.rawSet(-2, name)
        }
        return 1
    }
}
