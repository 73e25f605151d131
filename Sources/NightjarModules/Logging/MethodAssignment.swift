import NightjarLogging
import NightjarLua

/// `handler.emit = function ... end`: a method for one handler. Those of a script's classes take it; one of ours does its work without
/// ever looking for a script's function, and says so.
enum MethodAssignment {
    private static let names = [
        "emit", "format", "handle", "handleError", "filter", "flush", "close", "acquire", "release", "createLock",
        "shouldRollover", "doRollover", "rotate", "rotation_filename", "getFilesToDelete", "computeRollover",
        "reopenIfNeeded", "shouldFlush", "prepare", "enqueue", "makePickle", "makeSocket", "send", "createSocket",
        "mapPriority", "encodePriority", "mapLogRecord", "getSubject",
    ]

    static func add(_ type: inout LuaType.Builder<ScriptHandler>) {
        for name in names {
            type.assignment(name) { call in
                guard call.stack.object(at: 1) is ScriptHandler else { throw refusal(of: name, call) }
                try setField(name, call)
            }
        }
    }

    private static func refusal(of name: String, _ call: LuaCall) -> LuaException {
        let kind = call.stack.typeName(at: 1)
        return LuaException(
            .attributeError,
            "method '\(name)' of a \(kind) cannot be replaced on one object: make a class with "
                + "\(kind):subclass(name) and define it there")
    }

    /// As an assignment to any other name does.
    private static func setField(_ name: String, _ call: LuaCall) throws {
        let stack = call.stack
        try stack.reserve(4)
        if stack.pushUserValue(of: 1) != .table {
            stack.pop()
            stack.newTable(record: 4)
            stack.pushCopy(of: -1)
            _ = stack.setUserValue(of: 1)
        }
        stack.pushCopy(of: 2)
        stack.rawSet(-2, name)
    }
}
