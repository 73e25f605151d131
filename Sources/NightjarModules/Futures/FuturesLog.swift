import NightjarLogging
import NightjarLua

/// What Python's module tells the logger `concurrent.futures` of.
enum FuturesLog {
    static func critical(_ message: String, _ error: (any Error)? = nil, _ environment: ScriptEnvironment) {
        write(.critical, message, error, environment)
    }

    static func error(_ message: String, _ error: any Error, _ environment: ScriptEnvironment) {
        write(.error, message, error, environment)
    }

    private static func write(
        _ level: Level, _ message: String, _ error: (any Error)?, _ environment: ScriptEnvironment
    ) {
        environment.logging.logger("concurrent.futures").log(level) { content, _ in
            content.message = message
            content.pathname = "futures"
            if let error { content.excText = text(LuaError.wrapping(error)) }
            return true
        }
    }

    /// The traceback, if there is one, and `Class: message`.
    private static func text(_ error: LuaError) -> String {
        let name = error.className ?? "RuntimeError"
        let last = error.message.isEmpty ? name : "\(name): \(error.message)"
        return error.traceback.isEmpty ? last : error.traceback + "\n" + last
    }
}
