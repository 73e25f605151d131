public import NightjarConcurrency
public import NightjarLua

extension StandardModules {
    /// `require "queue"`, <https://docs.python.org/3/library/queue.html>.
    static let queueModule = LuaModule("queue", doc: "Queues that feed threads.") { module in
        module.type(ScriptQueue.luaType)
        module.type(ScriptQueue.lifoType)
        module.type(ScriptQueue.priorityType)
        module.type(ScriptQueue.simpleType)
        module.exception(.empty, doc: "Nothing to get without waiting, or in time.")
        module.exception(.full, doc: "No room to put without waiting, or in time.")
        module.exception(.shutDown, doc: "The queue takes, or has, nothing more.")
    }
}

extension LuaExceptionClass {
    static let empty = LuaExceptionClass("Empty", module: "queue")
    static let full = LuaExceptionClass("Full", module: "queue")
    static let shutDown = LuaExceptionClass("ShutDown", module: "queue")
}

extension QueueError: LuaExceptionConvertible {
    public var luaException: LuaException {
        switch self {
        case .empty: LuaException(.empty, "")
        case .full: LuaException(.full, "")
        case .shutDown: LuaException(.shutDown, "")
        case .taskDoneTooOften: LuaException(.valueError, description)
        case .incomparable: LuaException(.typeError, description)
        case .interrupted: LuaException(.runtimeError, description)
        case .deadlock: LuaException(.deadlockError, description)
        }
    }
}
