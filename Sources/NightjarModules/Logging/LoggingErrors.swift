public import NightjarLogging
public import NightjarLua

extension LoggingError: LuaExceptionConvertible {
    public var luaException: LuaException {
        guard errorNumber == 0 else {
            return LuaException(.forErrno(errorNumber), message, attributes: [("errno", Int(errorNumber))])
        }
        let known: [LuaExceptionClass] = [.valueError, .typeError, .keyError, .lookupError, .osError, .runtimeError]
        return LuaException(known.first { $0.name == kind.className } ?? .runtimeError, message)
    }
}

extension ScriptFailure: LuaExceptionConvertible {
    var luaException: LuaException {
        switch error {
        case let error as LuaException: error
        case let error as any LuaExceptionConvertible: error.luaException
        default: LuaException(.runtimeError, "\(error)")
        }
    }
}

extension ConfigurationError: LuaExceptionConvertible {
    public var luaException: LuaException { LuaException(.valueError, description) }
}

/// What a script's code did wrong while a record was handled, as the report shows it.
struct ScriptFailure: LoggingFailureText {
    let error: any Error

    /// Passes on what must end the script; gives everything else as a failure to report.
    static func reportable(_ error: any Error) throws -> ScriptFailure {
        if let error = error as? LuaError, error.kind == .interrupted || error.kind == .memory { throw error }
        return ScriptFailure(error: error)
    }

    var reportText: String {
        guard let error = error as? LuaError else {
            let exception = (error as? any LuaExceptionConvertible)?.luaException ?? error as? LuaException
            return exception?.description ?? "\(error)"
        }
        let last = error.className.map { error.message.isEmpty ? $0 : "\($0): \(error.message)" } ?? error.message
        return error.frames.isEmpty ? last : error.traceback + "\n" + last
    }

    var className: String? { (error as? LuaError)?.className ?? luaException.exceptionClass.name }

    func quoted(_ value: LogValue) -> String { ScriptText.quoted(value) }
}
