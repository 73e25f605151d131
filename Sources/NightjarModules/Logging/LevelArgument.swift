import NightjarLogging
import NightjarLua

extension LuaCall {
    /// The logging system of this interpreter.
    var logging: LoggingSystem { ScriptEnvironment.of(state).logging }

    /// A level by number or name, with Python's errors.
    func level(_ index: Int32) throws -> Level {
        if let number = stack.exactInteger(at: index) { return Level(Int(number)) }
        guard stack.type(at: index) == .string else {
            throw LuaException(.typeError, "Level not an integer or a valid string: \(stack.typeName(at: index))")
        }
        return try logging.levelNames.checkedLevel(named: ScriptText.text(stack, at: index))
    }

    /// A level by number alone, as `log` takes it.
    /// - Returns: nil where a wrong one is to be passed over in silence (`raiseExceptions`).
    func levelNumber(_ index: Int32) throws -> Level? {
        guard logging.raiseExceptions || stack.exactInteger(at: index) != nil else { return nil }
        guard let number = stack.exactInteger(at: index) else {
            throw LuaException(.typeError, "level must be an integer, got \(stack.typeName(at: index))")
        }
        return Level(Int(number))
    }
}
