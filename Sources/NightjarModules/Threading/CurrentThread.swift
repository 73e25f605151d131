import NightjarLua

/// Which thread an interpreter runs on.
struct CurrentThread {
    let thread: LuaThread

    /// Whether the interpreter runs this thread of ours.
    static func isRunning(_ thread: LuaThread, _ stack: LuaStack) -> Bool {
        let current: CurrentThread? = LuaState.of(stack).attachment()
        return current?.thread === thread
    }

    /// That of a thread of ours is noted in its interpreter. Others run wherever their owner calls them: a filter's, an action's, one that
    /// the program uses itself.
    static func of(_ state: LuaState) -> LuaThread {
        if let current: CurrentThread = state.attachment() { return current.thread }
        let environment = ScriptEnvironment.of(state)
        return environment.threads.current { LuaThread(environment, isDaemon: true, kind: .foreign) }
    }
}
