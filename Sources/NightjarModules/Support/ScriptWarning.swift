import NightjarLogging
import NightjarLua

/// Python's `UserWarning`, as a line on the error stream: `script.lua:3: UserWarning: Duplicate name: 'a'`.
///
/// A script that defines `warn` itself gets the text instead. Lua's own `warn` is silent until it is switched on, which Python's
/// warnings are not.
enum ScriptWarning {
    static func emit(_ text: String, _ call: LuaCall) {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        guard (try? stack.reserve(8)) != nil else { return }
        if ScriptEnvironment.of(call.state).logCustomization.capturesWarnings {
            return log(text, stack, call.logging)
        }
        let line = (place(stack).map { $0 + ": " } ?? "") + "UserWarning: \(text)"
        stack.pushGlobals()
        if stack.rawGet(-1, "warn") == .function, !stack.isNativeFunction(at: -1) {
            stack.push(line)
            // A warning is no reason to fail.
            try? stack.call(arguments: 1, results: 0)
        } else {
            StandardError.report(line)
        }
    }

    /// What a script, or Lua itself, warns of: a record where warnings are captured, else a line on standard error, as `lua` prints it, once
    /// the script has asked for warnings with `warn("@on")`.
    static func receive(_ warning: LuaWarning) {
        let environment = ScriptEnvironment.of(LuaState.of(warning.stack))
        if environment.logCustomization.capturesWarnings {
            if warning.isWanted != false { log(warning.text, warning.stack, environment.logging) }
        } else if warning.isWanted == true {
            try? environment.logging.standardError.write(Array("Lua warning: \(warning.text)\n".utf8))
        }
    }

    /// As Python does: a record of the logger `py.warnings`, which does not fall back on the last resort.
    private static func log(_ text: String, _ stack: LuaStack, _ logging: LoggingSystem) {
        let logger = logging.logger("py.warnings")
        if logger.handlers.isEmpty { logger.addHandler(NullHandler()) }
        logger.log(.warning) { content, _ in
            CallSites.of(stack).add(to: &content, stack, level: 1)
            content.message = "\(content.pathname):\(content.lineno): UserWarning: \(text)"
            return true
        }
    }

    /// Where the script is: an error, raised only to be asked, knows it.
    private static func place(_ stack: LuaStack) -> String? {
        stack.pushNil()
        do throws(LuaError) { try stack.call(arguments: 0, results: 0) } catch { return error.place }
        return nil
    }
}
