import NightjarConcurrency
public import NightjarLua

/// `futures.Executor`: the class from which executors come. A script's subclass overrides `submit`, and has `map` from here.
public final class AbstractExecutor: CrossesThreads {
    public static let luaType = LuaType(
        "Executor", for: AbstractExecutor.self, module: "futures",
        doc: "What executors have in common; to be subclassed."
    ) {
        $0.subclassable { _ in AbstractExecutor() }
        $0.method("submit", doc: "Puts the call fn(...) into the queue; gives its future.") { _, call in
            throw LuaException(.notImplementedError, "")
        }
        $0.method("map", doc: "for result in ex:map(fn, list, ..., {timeout, chunksize, buffersize}) do") {
            executor, call in
            try ExecutorMap.map(executor, call)
        }
        $0.method("shutdown", LuaSignature("wait, *, cancel_futures"), doc: "Takes no more work.") { _, _ in 0 }
        $0.method("close", doc: "Shuts down.") { _, call in try shutDown(call) }
        $0.metamethod("__close") { _, call in try shutDown(call) }
    }

    /// Through the script's `shutdown`.
    private static func shutDown(_ call: LuaCall) throws -> Int32 {
        try call.stack.get(1, "shutdown")
        call.stack.pushCopy(of: 1)
        try call.stack.call(arguments: 1, results: 0)
        return 0
    }
}

extension ScriptExecutor {
    public static let luaType = LuaType(
        "ThreadPoolExecutor", for: ScriptExecutor.self, module: "futures", parent: AbstractExecutor.luaType,
        doc: "Threads that run functions, each with an interpreter that it keeps."
    ) {
        $0.subclassable { call in ScriptExecutor(ScriptEnvironment.of(call.state)) }
        $0.method(
            "init", LuaSignature("max_workers, thread_name_prefix, initializer, initargs", tables: ["initargs"]),
            raw: { try $0.initialize($1) })
        $0.method("submit", doc: "Puts the call fn(...) into the queue; gives its future.") { executor, call in
            try executor.submit(call)
        }
        $0.method("map", doc: "for result in ex:map(fn, list, ..., {timeout, chunksize, buffersize}) do") {
            executor, call in
            try ExecutorMap.map(executor, call)
        }
        $0.method(
            "shutdown", LuaSignature("wait, *, cancel_futures"), doc: "Takes no more work, and waits for what there is."
        ) { executor, call in
            try executor.shutdown(
                call, wait: call.argument(2, default: true), cancelFutures: call.argument(3, default: false))
        }
        $0.method("close", doc: "shutdown(), as at the end of a <close> variable.") { executor, call in
            try executor.shutdown(call, wait: true, cancelFutures: false)
        }
        $0.metamethod("__close") { executor, call in try executor.shutdown(call, wait: true, cancelFutures: false) }
        $0.metamethod("__tostring") { executor, call in try call.results(executor.describe()) }
    }

    private func initialize(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        var settings = Settings()
        settings.maxWorkers = try call.argument(2, default: settings.maxWorkers)
        if settings.maxWorkers <= 0 { throw LuaException(.valueError, "max_workers must be greater than 0") }
        settings.namePrefix = try call.argument(3, default: "")
        if stack.type(at: 4) != .nil, !stack.isCallable(at: 4) {
            throw LuaException(.typeError, "initializer must be a callable")
        }
        if stack.type(at: 5) != .nil, stack.type(at: 5) != .table {
            throw call.badArgument(5, "table expected, got \(stack.typeName(at: 5))")
        }
        let preparation = try WorkerPreparation(initializer: 4, arguments: 5, stack)
        if !preparation.isEmpty { settings.preparation = preparation }
        try configure(settings)
        return 0
    }

    private func submit(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        try call.checkCallable(2)
        try submit(PackedValues(stack, callFrom: 2)).push(to: stack)
        return 1
    }

    private func shutdown(_ call: LuaCall, wait: Bool, cancelFutures: Bool) throws -> Int32 {
        let pool = try pool
        EndingInterpreter.with(call.state) { pool.shutdown(cancelPending: cancelFutures) }
        guard wait else { return 0 }
        if pool.isOnWorker { throw LuaException(.runtimeError, "cannot join current thread") }
        _ = try call.waiting { try pool.wait() }
        return 0
    }

    private func describe() throws -> String {
        let pool = try pool
        let words = [
            "max_workers=\(pool.maxWorkers)", "threads=\(pool.workerCount)", "pending=\(pool.pendingJobs)",
            pool.isShutDown ? "shutdown" : "",
        ]
        return "<ThreadPoolExecutor \(words.filter { !$0.isEmpty }.joined(separator: " "))>"
    }
}
