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

    /// Where the script is: an error, raised only to be asked, knows it.
    private static func place(_ stack: LuaStack) -> String? {
        stack.pushNil()
        do throws(LuaError) { try stack.call(arguments: 0, results: 0) } catch { return error.place }
        return nil
    }
}
