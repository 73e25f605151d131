public import NightjarConcurrency
public import NightjarLua

extension StandardModules {
    /// `require "futures"`: Python's `concurrent.futures`, <https://docs.python.org/3/library/concurrent.futures.html>.
    static let futuresModule = LuaModule("futures", doc: "Work for a pool of threads, and its results.") { module in
        module.type(AbstractExecutor.luaType)
        module.type(ScriptExecutor.luaType)
        module.type(ScriptFuture.luaType)
        FutureWaiting.addFunctions(to: &module)
        for condition in FutureCondition.all {
            try module.value(condition.name, doc: "For wait: \(condition.meaning).", condition.name)
        }
        module.exception(.futureCancelled, doc: "The future was cancelled.")
        module.exception(.timeoutError, doc: "The future was not done in time; the built-in TimeoutError.")
        module.exception(.invalidState, doc: "The future is not in a state for this.")
        module.exception(.brokenExecutor, doc: "The executor is of no use any more.")
        module.exception(.brokenThreadPool, doc: "An initializer failed.")
    }
}

extension LuaExceptionClass {
    static let futureCancelled = LuaExceptionClass("CancelledError", module: "futures")
    static let invalidState = LuaExceptionClass("InvalidStateError", module: "futures")
    static let brokenExecutor = LuaExceptionClass("BrokenExecutor", module: "futures", parent: .runtimeError)
    static let brokenThreadPool = LuaExceptionClass("BrokenThreadPool", module: "futures", parent: .brokenExecutor)
}

extension FutureError: LuaExceptionConvertible {
    public var luaException: LuaException {
        switch self {
        case .cancelled: LuaException(.futureCancelled, "")
        case .timeout: LuaException(.timeoutError, "")
        case .invalidState: LuaException(.invalidState, description)
        case .unexpectedState: LuaException(.runtimeError, description)
        }
    }
}

extension ExecutorError: LuaExceptionConvertible {
    public var luaException: LuaException {
        switch self {
        case .shutDown, .finishing: LuaException(.runtimeError, description)
        case .broken: LuaException(.brokenThreadPool, description)
        // The cause is in the right words already.
        case .cannotStart(let error): error as? LuaException ?? LuaException(.runtimeError, description)
        }
    }
}

extension FutureCondition {
    static let all: [FutureCondition] = [.firstCompleted, .firstException, .allCompleted]

    /// Python's name, which is also the value of the constant.
    var name: String {
        switch self {
        case .firstCompleted: "FIRST_COMPLETED"
        case .firstException: "FIRST_EXCEPTION"
        case .allCompleted: "ALL_COMPLETED"
        }
    }

    fileprivate var meaning: String {
        switch self {
        case .firstCompleted: "until one is done"
        case .firstException: "until one has failed, or all are done"
        case .allCompleted: "until all are done"
        }
    }
}
