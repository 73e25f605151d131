public import NightjarLogging
public import NightjarLua

extension JSONFormatter: CrossesThreads {
    /// `logging.JSONFormatter`
    public static let luaType = StructuredFormatters.type(
        "JSONFormatter", for: JSONFormatter.self,
        doc: "One JSON object for each record, on one line; a field called time or the like is fields.time."
    ) { JSONFormatter(keys: $0, utc: $1) }
}

extension LogfmtFormatter: CrossesThreads {
    /// `logging.LogfmtFormatter`
    public static let luaType = StructuredFormatters.type(
        "LogfmtFormatter", for: LogfmtFormatter.self,
        doc: "A line of name=value pairs for each record; a field called time or the like is fields.time."
    ) { LogfmtFormatter(keys: $0, utc: $1) }
}

/// The formatters for machines: `keys` chooses, orders and renames, `utc` is about the time.
private enum StructuredFormatters {
    static func type<Kind: Formatter & LuaObject>(
        _ name: String, for kind: Kind.Type, doc: String, _ make: @escaping @Sendable (RecordKeys, Bool) -> Kind
    ) -> LuaType {
        LuaType(name, for: kind, module: "logging", parent: StandardFormatter.luaType, doc: doc) { type in
            let parameters = LuaSignature("keys, utc")
            type.constructor(
                parameters,
                pushing: { call in
                    guard LuaType.native(call.stack, exactClassAt: 1) != nil else {
                        return try ClassTable.pushInitialized(ScriptFormatter(), classAt: 1, call)
                    }
                    try bindKeys(call)
                    try make(keys(call), call.argument(3, default: false)).push(to: call.stack)
                })
            type.method(
                "init",
                unbound: { call in
                    try bindKeys(call)
                    try call.argument(1, as: ScriptFormatter.self).base = make(
                        keys(call), call.argument(3, default: false))
                    return 0
                })
        }
    }

    /// `JSONFormatter{"time", "message"}` is a list of keys, `JSONFormatter{keys = ...}` names the argument.
    private static func bindKeys(_ call: LuaCall) throws { try NamedArguments("keys, utc").bind(call) }

    private static func keys(_ call: LuaCall) throws -> RecordKeys {
        if call.stack.isNilOrNone(at: 2) { return .all }
        guard call.stack.type(at: 2) == .table else {
            throw call.badArgument(2, "table expected, got \(call.stack.typeName(at: 2))")
        }
        return try RecordKeys(ConfigurationReading.value(call, at: 2))
    }
}
