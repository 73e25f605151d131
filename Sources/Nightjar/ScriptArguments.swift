public import NightjarLua

/// The table `arg`, as `lua` gives it to scripts.
public enum ScriptArguments {
    /// Sets `arg`: the script at 0, its arguments from 1, what stood before the script at negative indices.
    public static func set(
        script: String, _ arguments: [String], before: [String], in state: LuaState
    ) throws(LuaError) {
        try state.withStack { stack throws(LuaError) in
            stack.pushGlobals()
            stack.newTable(array: arguments.count, record: before.count + 1)
            for (offset, argument) in (before + [script] + arguments).enumerated() {
                stack.push(argument)
                stack.rawSet(-2, offset - before.count)
            }
            try stack.set(-2, "arg")
        }
    }
}
