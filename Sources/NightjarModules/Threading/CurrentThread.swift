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

extension LuaThread {
    private static let kept = RegistryKey()

    /// Keeps the thread's own object, which is at `index`, in the thread's own interpreter: at the end its fields go to the starter.
    func keepIfOwn(at index: Int32, _ stack: LuaStack) {
        let current: CurrentThread? = LuaState.of(stack).attachment()
        guard current?.thread === self else { return }
        stack.pushCopy(of: index)
        stack.registrySet(LuaThread.kept.pointer)
    }
}
