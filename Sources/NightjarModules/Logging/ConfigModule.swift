import NightjarLogging
public import NightjarLua

extension StandardModules {
    /// `require "logging.config"`
    static let loggingConfigModule = LuaModule("logging.config", doc: "Sets logging up from a table.") { module in
        let parameters = LuaSignature("config", isNamed: false)
        module.function(
            "dictConfig", parameters, doc: "Applies a table in Python's schema, wholly or not at all.",
            raw: { call in
                guard call.stack.type(at: 1) == .table else {
                    throw call.badArgument(1, "table expected, got \(call.stack.typeName(at: 1))")
                }
                try call.logging.dictConfig(ConfigurationReading.value(call, at: 1))
                return 0
            })
        ComponentCalls.add(&module)
        let file = LuaSignature("fname, defaults, disable_existing_loggers, encoding")
        module.function(
            "fileConfig", file, doc: "Applies an INI file in Python's schema; arguments are literals only.",
            raw: { call in try FileConfigurationCall.apply(call) })
        module.function(
            "listen", LuaSignature("port, verify, *, host"),
            doc: "A thread that takes configurations as JSON from a socket, on loopback.",
            raw: { call in try ListenerThread.listen(call) })
        module.function(
            "stopListening", doc: "Ends the thread that listen made.",
            raw: { _ in
                ListenerThread.stopCurrent()
                return 0
            })
        try module.value(
            "DEFAULT_LOGGING_CONFIG_PORT", doc: "The port of listen.", ConfigurationListener.defaultPort)
        module.type(ListenerThread.luaType)
    }
}

/// `config.handler("my.Handler", {url = "..."})`: one component of a class that configurations can name. So a tree that is built by hand has
/// the application's classes too.
private enum ComponentCalls {
    static func add(_ module: inout LuaModuleBuilder) {
        func doc(_ what: String) -> String {
            "Makes a \(what) of a class that configurations can name, the application's included."
        }
        module.function(
            "handler", doc: doc("handler"),
            raw: { call in
                try ComponentList.pushOne(call.logging.makeHandler(description(call)), to: call.stack)
                return 1
            })
        module.function(
            "formatter", doc: doc("formatter"),
            raw: { call in
                try ComponentList.pushOne(call.logging.makeFormatter(description(call)), to: call.stack)
                return 1
            })
        module.function(
            "filter", doc: doc("filter"),
            raw: { call in
                try ComponentList.pushOne(call.logging.makeFilter(description(call)), to: call.stack)
                return 1
            })
    }

    private static func description(_ call: LuaCall) throws -> ConfigurationValue {
        let name: String = try call.argument(1)
        var entries: [String: ConfigurationValue] = [:]
        if !call.stack.isNilOrNone(at: 2) {
            guard call.stack.type(at: 2) == .table else {
                throw call.badArgument(2, "table expected, got \(call.stack.typeName(at: 2))")
            }
            if case .object(let given) = try ConfigurationReading.value(call, at: 2) { entries = given }
        }
        entries["class"] = .string(name)
        return .object(entries)
    }
}

/// `fileConfig(fname, defaults, disable_existing_loggers, encoding)`: a path, or a file that is open for reading.
private enum FileConfigurationCall {
    static func apply(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        let disables = stack.isNilOrNone(at: 3) || stack.boolean(at: 3)
        let defaults = try defaults(call)
        if stack.type(at: 1) == .userdata {
            try stack.reserve(8)
            try stack.get(1, "read")
            stack.pushCopy(of: 1)
            stack.push("a")
            try stack.call(arguments: 2, results: 1)
            let text = ScriptText.text(stack, at: -1)
            try call.logging.fileConfig(
                text: text, source: "<file>", defaults: defaults, disableExistingLoggers: disables)
        } else {
            try call.logging.fileConfig(
                call.argument(1), defaults: defaults, disableExistingLoggers: disables)
        }
        return 0
    }

    private static func defaults(_ call: LuaCall) throws -> [String: String] {
        guard call.stack.type(at: 2) == .table else { return [:] }
        let fields = try ScriptValue.fields(call.stack, at: 2)
        return Dictionary(
            fields.map { field in
                if case .string(let text) = field.value { return (field.name, text) }
                return (field.name, ScriptText.quoted(field.value))
            }, uniquingKeysWith: { $1 })
    }
}

/// A configuration that a script returned instead of applying it.
public enum LoggingConfigurationScript {
    /// Applies the table on top of the stack of `state`, an interpreter of a ``ScriptEnvironment``, to the environment's logging, wholly or
    /// not at all. The stack is left as it is.
    /// - Throws: `LuaError` whose cause is the `ConfigurationError` with every problem; nothing has changed then.
    public static func applyTop(of state: LuaState) throws(LuaError) {
        try state.withStack { stack throws(LuaError) in
            let table = stack.top
            let apply = try state.function(
                "dictConfig",
                raw: { call in
                    try call.logging.dictConfig(ConfigurationReading.value(call, at: 1))
                    return 0
                })
            try apply.push(to: stack)
            stack.pushCopy(of: table)
            try stack.call(arguments: 1, results: 0)
        }
    }
}
