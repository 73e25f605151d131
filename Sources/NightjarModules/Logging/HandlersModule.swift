import NightjarLogging
import NightjarLua

extension StandardModules {
    /// `require "logging.handlers"`
    static let loggingHandlersModule = LuaModule(
        "logging.handlers", doc: "Handlers beyond streams and files: rotating files, networks, memory, queues."
    ) { module in
        for type in [
            HandlerTypes.watched, HandlerTypes.baseRotating, HandlerTypes.rotating, HandlerTypes.timedRotating,
            HandlerTypes.buffering, HandlerTypes.memory, HandlerTypes.backtrace, HandlerTypes.queue,
            HandlerTypes.listener,
            NetworkTypes.socket, NetworkTypes.datagram, NetworkTypes.sysLog, NetworkTypes.smtp, NetworkTypes.http,
            NetworkTypes.otlp,
        ] { module.type(type) }
        try NetworkConstants.add(&module)
    }
}
