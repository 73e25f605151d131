import NightjarLogging
import NightjarLua

/// `StreamHandler{color = "auto", colors = {ERROR = "bold red"}}`, and the attribute `color`.
enum ColorArguments {
    static func add(_ type: inout LuaType.Builder<StreamHandler>) {
        type.property(
            "color", doc: "\"auto\", \"always\" or \"never\".",
            unboundGet: { call in
                // Files are stream handlers too, and have no colours.
                let handler = try? call.handlerSelf(as: StreamHandler.self)
                return try call.results((handler?.colorMode ?? .never).rawValue)
            },
            unboundSet: { call in
                try colors(["color": ConfigurationReading.value(call, at: 2)]) {
                    try $0.applyMode(to: call.handlerSelf(as: StreamHandler.self))
                }
            })
    }

    /// The arguments `color` and `colors`, 3 and 4 of a call.
    static func apply(_ call: LuaCall, to handler: StreamHandler) throws {
        if call.stack.isNilOrNone(at: 3), call.stack.isNilOrNone(at: 4) { return }
        try colors([
            "color": ConfigurationReading.value(call, at: 3), "colors": ConfigurationReading.value(call, at: 4),
        ]) { try $0.apply(to: handler, call.logging.levelNames) }
    }

    private static func colors(_ values: [String: ConfigurationValue], _ use: (StreamColors) throws -> Void) throws {
        try use(StreamColors(ComponentArguments(values)))
    }
}
