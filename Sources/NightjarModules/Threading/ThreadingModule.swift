import NightjarConcurrency
import NightjarLua

extension StandardModules {
    /// `require "threading"`, <https://docs.python.org/3/library/threading.html>.
    static let threadingModule = LuaModule("threading", doc: "Threads that run in parallel, each with its interpreter.")
    { module in
        for type in [
            LuaThread.luaType, ThreadTimer.luaType, Lock.luaType, RecursiveLock.luaType, Condition.luaType,
            SemaphoreTypes.counting,
            SemaphoreTypes.bounded, Event.luaType, ScriptBarrier.luaType, ScriptLocal.luaType,
        ] { module.type(type) }
        module.exception(.runtimeError, as: "ThreadError", doc: "RuntimeError, by its old name.")
        module.exception(.brokenBarrier, doc: "What a broken barrier raises.")
        module.exception(.deadlockError, doc: "What waits raise that can never end, since every thread waits.")
        module.exception(.threadCancelled, doc: "What the result of a cancelled thread raises.")
        try module.value("TIMEOUT_MAX", doc: "The longest timeout, in seconds.", Deadline.timeoutMax)
        ThreadingFunctions.addThreads(&module)
        ThreadingFunctions.addNumbers(&module)
        ExceptHook.install(&module)
    }
}

/// The functions of the module.
private enum ThreadingFunctions {
    static func addThreads(_ module: inout LuaModuleBuilder) {
        for (name, doc) in [
            ("current_thread", "The thread that runs this."), ("currentThread", "Deprecated: current_thread."),
        ] {
            module.function(name, doc: doc) { call in try call.results(CurrentThread.of(call.state)) }
        }
        module.function("main_thread", doc: "The thread of the main script.") { call in
            try call.results(ScriptEnvironment.of(call.state).mainThread)
        }
        module.function("enumerate", doc: "All threads that run, the main one first.") { call in
            try call.results(ScriptEnvironment.of(call.state).allThreads)
        }
        for (name, doc) in [("active_count", "How many threads run."), ("activeCount", "Deprecated: active_count.")] {
            module.function(name, doc: doc) { call in
                try call.results(ScriptEnvironment.of(call.state).allThreads.count)
            }
        }
    }

    static func addNumbers(_ module: inout LuaModuleBuilder) {
        module.function("get_ident", doc: "The number of this thread.") { () in ThreadNumbers.currentIdentifier }
        module.function("get_native_id", doc: "The system's number of this thread.") { () in
            Int(NativeThread.currentNativeID)
        }
        module.function(
            "stack_size", LuaSignature("size"), doc: "The bytes of stack of new threads, 0 for the default; sets them."
        ) { call in
            let environment = ScriptEnvironment.of(call.state), old = environment.stackSize
            if !call.stack.isNilOrNone(at: 1) { environment.stackSize = try stackSize(call) }
            return try call.results(old)
        }
    }

    /// The bytes that Python takes for one thread at least.
    private static let leastStackSize = 32768

    /// Argument 1 by Python's rules. A size below that of our own threads is noted and changes nothing: an interpreter needs as much
    /// for the calls that Lua allows in C.
    private static func stackSize(_ call: LuaCall) throws -> Int {
        let size: Int = try call.argument(1)
        if size < 0 { throw LuaException(.valueError, "size must be 0 or a positive value") }
        guard size == 0 || (leastStackSize...largestStackSize).contains(size) else {
            throw LuaException(.valueError, "size not valid: \(size) bytes")
        }
        return size
    }

    private static let largestStackSize = 1 << 40
}

extension ScriptEnvironment {
    var mainThread: LuaThread { threads.main { LuaThread(self, isDaemon: false, kind: .main) } }
    var allThreads: [LuaThread] { threads.all(mainThread) }
}
