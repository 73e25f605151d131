import NightjarLua

extension StandardModules {
    /// `require "exceptions"`: Python's built-in exception classes.
    static let exceptionsModule = LuaModule("exceptions", doc: "Python's built-in exception classes.") { module in
        for exception in LuaExceptionClass.builtins {
            let parent = exception.parent.map { "A kind of \($0.name)." } ?? "The root of all exceptions."
            module.exception(exception, doc: parent)
        }
    }
}
