import NightjarConcurrency
import NightjarLua

extension StandardModules {
    /// `require "threading"`, <https://docs.python.org/3/library/threading.html>.
    static let threadingModule = LuaModule("threading", doc: "Threads that run in parallel, each with its interpreter.")
    { module in
        for type in [
            LuaThread.luaType, Lock.luaType, RecursiveLock.luaType, Condition.luaType, SemaphoreTypes.counting,
            SemaphoreTypes.bounded, Event.luaType, ScriptBarrier.luaType,
        ] { module.type(type) }
        module.exception(.runtimeError, as: "ThreadError", doc: "RuntimeError, by its old name.")
        module.exception(.brokenBarrier, doc: "What a broken barrier raises.")
        module.exception(.deadlockError, doc: "What waits raise that can never end, since every thread waits.")
        module.exception(.threadCancelled, doc: "What the result of a cancelled thread raises.")
        try module.value("TIMEOUT_MAX", doc: "The longest timeout, in seconds.", Deadline.timeoutMax)
        module.function("current_thread", doc: "The thread that runs this.") { call in
            try call.results(CurrentThread.of(call.state))
        }
        module.function("main_thread", doc: "The thread of the main script.") { call in
            try call.results(ScriptEnvironment.of(call.state).mainThread)
        }
        module.function("enumerate", doc: "All threads that run, the main one first.") { call in
            try call.results(ScriptEnvironment.of(call.state).allThreads)
        }
        module.function("active_count", doc: "How many threads run.") { call in
            try call.results(ScriptEnvironment.of(call.state).allThreads.count)
        }
        module.function("get_ident", doc: "The number of this thread.") { () in ThreadNumbers.currentIdentifier }
        module.function("get_native_id", doc: "The system's number of this thread.") { () in
            Int(NativeThread.currentNativeID)
        }
        module.function(
            "excepthook", doc: "Called with the error that ended a thread; assign your own.", raw: ExceptHook.run)
        // The same value under both names: that is how an assigned one is told from it.
        module.stack.rawGet(module.table, "excepthook")
        module.add("__excepthook__", "The hook that the module starts with.")
    }
}

extension ScriptEnvironment {
    var mainThread: LuaThread { threads.main { LuaThread(self, isDaemon: false, main: true) } }
    var allThreads: [LuaThread] { [mainThread] + threads.running }
}
