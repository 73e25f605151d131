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
