import NightjarConcurrency
public import NightjarLogging
public import NightjarLua
public import NightjarModules

/// Lua in an application: the logging tree that scripts configure, their background threads, and the interpreters they run in.
///
/// ```swift
/// let runtime = try Runtime(policy: .configuration) { lua in
///     try lua.set("hostname") { () in "db-1" }
/// }
/// let log = runtime.logging.logger("app.db")
/// try runtime.run(file: "logging.lua")
/// log.info("connected")
/// ```
/// Safe to use from any thread. Dropping the runtime stops its threads; call ``shutdown(seconds:)`` to wait for that.
public final class Runtime: Sendable {
    public let policy: Policy
    /// The tree of loggers, the same one that scripts see. Usable before and after any script.
    public let logging: LoggingSystem
    private let environment: ScriptEnvironment

    /// - Parameters:
    ///   - policy: what scripts may reach.
    ///   - logging: a tree of the application's own, where it has one.
    ///   - prepare: gives every interpreter, those of background threads included, what the application adds. It
    ///     is called on the thread of the interpreter.
    public init(
        policy: Policy = .configuration, logging: LoggingSystem = Runtime.makeLogging(),
        prepare: @escaping @Sendable (LuaState) throws -> Void = { _ in }
    ) {
        self.policy = policy
        self.logging = logging
        environment = ScriptEnvironment(
            options: policy.stateOptions, logging: logging, reportsDeadlocks: policy.reportsDeadlocks, prepare: prepare)
    }

    deinit { environment.cancelThreads() }

    /// A tree whose standard streams are C's, so that records stay in order with what scripts print.
    public static func makeLogging() -> LoggingSystem {
        LoggingSystem(
            standardOutput: CFileSink(StandardStreams.output), standardError: CFileSink(StandardStreams.errors))
    }

    /// Opens an interpreter with everything that scripts of this runtime have, for the calling thread.
    public func makeState() throws -> LuaState { try environment.makeState() }

    /// Runs a script file in a fresh interpreter, which is closed afterwards. Threads that it started go on, and what it configured
    /// stays.
    /// - Throws: ``LuaError``; its `report` is the text to show.
    public func run(file path: String, arguments: [String] = []) throws {
        try inFreshState { state in
            let chunk = try state.load(file: path)
            try ScriptArguments.set(script: path, arguments, before: [], in: state)
            try run(chunk, arguments, in: state)
        }
    }

    /// Runs script text in a fresh interpreter, as ``run(file:arguments:)``.
    public func run(_ source: String, name: String = "script") throws {
        try inFreshState { state in try run(state.load(source, name: name), [], in: state) }
    }

    /// A script may configure logging by what it returns, a table in the schema of `dictConfig`.
    private func run(_ chunk: LuaFunction, _ arguments: [String], in state: LuaState) throws {
        let results = try state.run(chunk, arguments: arguments)
        if case .table(let configuration)? = results.first {
            try state.withStack { stack throws(LuaError) in
                try configuration.push(to: stack)
                try LoggingConfigurationScript.applyTop(of: state)
            }
        }
        try finish(state)
    }

    private func inFreshState(_ body: (LuaState) throws -> Void) throws {
        let state = try makeState()
        defer { state.close() }
        do {
            guard let limit = policy.timeLimit else { return try body(state) }
            try state.withDeadline(seconds: limit) { try body(state) }
        } catch {
            // What a failed script was writing must not take the place of what was there.
            StandardModules.abandonUnfinishedArchives(in: state)
            if LuaError.wrapping(error).kind == .interrupted {
                // The interruption also woke this thread, whose later waits it must not end. Nothing of the closed interpreter comes after.
                state.close()
                Waiter.current.clearInterrupt()
            }
            throw error
        }
    }

    /// To call when a script in an interpreter of ``makeState()`` has ended, before the interpreter is closed: callbacks of weak
    /// references that are due, and finalizers that are for the end, run.
    public func finish(_ state: LuaState) throws(LuaError) { try WeakReferences.finish(state) }

    /// To call after a script in an interpreter of ``makeState()`` has failed, before the interpreter is closed: archives that it was
    /// writing are given up, so that what was there before stays.
    public func discardUnfinishedWork(of state: LuaState) { StandardModules.abandonUnfinishedArchives(in: state) }

    /// Runs `body` on the main thread of a program that consists of scripts: where deadlocks are reported, the calling thread counts all
    /// the time as one that may wake others, also between its calls into Lua.
    public func asProgram<Result>(_ body: () throws -> Result) rethrows -> Result {
        try environment.whilePresent(body)
    }

    // MARK: Background work

    /// Threads with an interpreter each, to which the program gives work: Lua functions, or pieces of Lua. The same as
    /// `futures.ThreadPoolExecutor` of scripts, which may be handed it.
    /// - Parameters:
    ///   - maxWorkers: how many there are at most; they start as they are needed.
    ///   - namePrefix: of the threads' names.
    public func makeExecutor(
        maxWorkers: Int = ThreadPoolDefaults.maxWorkers, namePrefix: String = "executor"
    ) -> ScriptExecutor {
        ScriptExecutor(environment, maxWorkers: maxWorkers, namePrefix: namePrefix)
    }

    /// The threads that scripts have started and that have not ended, in the order of their start.
    public var threads: [LuaThread] { environment.runningThreads }

    /// Waits for the threads that are no daemons, as the end of a script program does.
    /// - Returns: false if one of them has ended meanwhile with a `threading.DeadlockError` that it did not catch.
    @discardableResult
    public func waitForThreads() throws -> Bool { try environment.joinThreads() }

    /// Cancels all threads that scripts have started, closes their interpreters, and flushes and closes the log handlers.
    /// - Parameter seconds: how long to wait for threads.
    /// - Returns: false if a thread has not ended in time.
    @discardableResult
    public func shutdown(seconds: Double = 5) -> Bool {
        let ended = environment.stop(seconds: seconds)
        logging.shutdown()
        return ended
    }
}

extension Policy {
    /// How the interpreters of this policy are opened.
    var stateOptions: LuaState.Options {
        LuaState.Options(
            libraries: libraries, memoryLimit: memoryLimit, allowsBinaryChunks: allowsBinaryChunks,
            allowsFinalizers: allowsFinalizers, moduleFolders: moduleFolders)
    }
}
