public import NightjarConcurrency
public import NightjarLua
import Synchronization

/// `futures.ThreadPoolExecutor`: runs functions of scripts on threads that keep their interpreter.
///
/// Letting go of it ends its workers after the work that was submitted. Safe to use from any thread.
public final class ScriptExecutor: CrossesThreads {
    private weak let environment: ScriptEnvironment?
    private let made = Mutex<ThreadPoolExecutor<LuaState>?>(nil)

    init(_ environment: ScriptEnvironment) { self.environment = environment }

    /// What `init` of the class was given. A subclass that does not call it gets the defaults.
    struct Settings: Sendable {
        var maxWorkers = ThreadPoolDefaults.maxWorkers
        var namePrefix = ""
        /// Whether it is the application's, and goes on when scripts have ended.
        var isBackground = false
        /// The initializer and its arguments.
        var preparation: WorkerPreparation?
    }

    /// - Throws: a `RuntimeError` the second time.
    func configure(_ settings: Settings) throws {
        let pool = try makePool(settings)
        let isFirst = made.withLock {
            if $0 == nil { $0 = pool }
            return $0 === pool
        }
        if !isFirst { throw LuaException(.runtimeError, "the executor has been initialized") }
    }

    var pool: ThreadPoolExecutor<LuaState> {
        get throws {
            if let pool = made.withLock({ $0 }) { return pool }
            let pool = try makePool(Settings())
            return made.withLock {
                let first = $0 ?? pool
                $0 = first
                return first
            }
        }
    }

    private func makePool(_ settings: Settings) throws -> ThreadPoolExecutor<LuaState> {
        guard let environment else { throw LuaException(.runtimeError, ExecutorError.finishing.description) }
        let prefix =
            settings.namePrefix.isEmpty
            ? "ThreadPoolExecutor-\(environment.executors.nextNumber())" : settings.namePrefix
        var options = ThreadPoolOptions<LuaState>(maxWorkers: settings.maxWorkers, namePrefix: prefix)
        if let preparation = settings.preparation { options.initialize = { state in try preparation.run(state) } }
        return environment.makeExecutor(options, isBackground: settings.isBackground)
    }

    // MARK: Work

    /// Puts the call of a function into the queue.
    /// - Parameter call: the function and its arguments.
    /// - Throws: `ExecutorError`; a `RuntimeError` if the runtime is gone.
    public func submit(_ call: PackedValues) throws -> ScriptFuture {
        try pool.submit { state in try ScriptJob(call: call).run(state) }
    }

    /// Takes no more work; the workers end when the queue is empty. Waits for nothing.
    func shutdown(cancelPending: Bool) throws { try pool.shutdown(cancelPending: cancelPending) }

    /// Waits until the work is done and the interpreters of the workers are closed, after a `shutdown`.
    /// - Returns: false when the time was up first.
    public func wait(until deadline: Deadline? = nil) throws -> Bool { try pool.wait(until: deadline) }
}

/// A call of a function on a worker.
struct ScriptJob: Sendable {
    /// The function and its arguments.
    let call: PackedValues

    /// - Throws: `CrossedError`, whatever went wrong.
    func run(_ state: LuaState) throws(CrossedError) -> PackedValues {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try call.push(to: stack)
            try stack.call(arguments: Int32(call.count) - 1, results: -1)
            return try PackedValues(stack, from: top + 1) { _ in .result }
        } catch {
            stack.setTop(top)
            throw ScriptJob.failure(error, state)
        }
    }

    static func failure(_ error: any Error, _ state: LuaState) -> CrossedError {
        let thread = CurrentThread.of(state), luaError = LuaError.wrapping(error)
        if luaError.kind == .interrupted {
            return CrossedError(
                LuaException(.threadCancelled, "thread '\(thread.name)' was cancelled"), on: state.stack)
        }
        let crossed = CrossedError(error, on: state.stack), environment = ScriptEnvironment.of(state)
        if luaError.isDeadlock, environment.executors.isFinishing {
            // The script that could have asked is over.
            environment.threads.noteDeadlock()
            ExceptHook.reportPlainly(crossed, thread)
        }
        return crossed
    }
}
