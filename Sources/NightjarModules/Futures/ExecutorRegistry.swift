import NightjarConcurrency
import NightjarLua
import Synchronization

/// The executors of the scripts of one program.
final class ExecutorRegistry: Sendable {
    private struct Entry {
        weak var executor: ThreadPoolExecutor<LuaState>?
    }

    private struct State {
        var entries: [Entry] = []
        var number = -1
        var callbacks: ThreadPoolExecutor<LuaState>?
        /// The program is at its end.
        var isFinishing = false
    }

    private let state = Mutex(State())

    /// The number in the names of the next executor's workers.
    func nextNumber() -> Int {
        state.withLock {
            $0.number += 1
            return $0.number
        }
    }

    func add(_ executor: ThreadPoolExecutor<LuaState>) {
        let isFinishing = state.withLock {
            $0.entries.removeAll { $0.executor == nil }
            $0.entries.append(Entry(executor: executor))
            return $0.isFinishing
        }
        if isFinishing { executor.finish() }
    }

    /// Runs `body`, during which no executor takes work, as at the end of the program: those that have some finish it.
    func whileFinishing<Result>(_ body: () throws -> Result) rethrows -> Result {
        setFinishing(true)
        defer { setFinishing(false) }
        return try body()
    }

    var isFinishing: Bool { state.withLock { $0.isFinishing } }

    private func setFinishing(_ isFinishing: Bool) {
        let executors = state.withLock {
            $0.isFinishing = isFinishing
            return isFinishing ? $0.entries.compactMap(\.executor) : []
        }
        for executor in executors { executor.finish() }
    }

    /// The executor of callbacks that have no interpreter at hand.
    func callbacks(_ make: () -> ThreadPoolExecutor<LuaState>) -> ThreadPoolExecutor<LuaState> {
        if let known = state.withLock({ $0.callbacks }), !known.isShutDown { return known }
        let made = make()
        return state.withLock {
            if let known = $0.callbacks, !known.isShutDown { return known }
            $0.callbacks = made
            return made
        }
    }
}

extension ScriptEnvironment {
    /// Seconds after which an idle worker collects its garbage, which may hold what others want to see gone.
    private static var idleTime: Double { 0.1 }

    /// An executor whose workers are threads of this program, each with an interpreter for its life.
    /// - Parameter isBackground: whether the end of the script does not concern it: it belongs to the application.
    func makeExecutor(
        _ options: ThreadPoolOptions<LuaState>, isBackground: Bool = false
    ) -> ThreadPoolExecutor<LuaState> {
        var options = options
        options.onIdle = ThreadPoolOptions.IdleAction(after: ScriptEnvironment.idleTime) { state in
            if let registry = WeakRegistry.existing(state) {
                // An interruption is on its way by itself.
                _ = try? registry.collect(state.stack)
            } else {
                state.collectGarbage()
            }
        }
        let executor = ThreadPoolExecutor<LuaState>(options) { [weak self] worker in
            guard let self else { throw ExecutorError.finishing }
            try ExecutorThread.start(worker, in: self, isDaemon: isBackground)
        }
        if !isBackground { executors.add(executor) }
        return executor
    }

    /// Runs callbacks of futures that end where there is no interpreter.
    var callbackExecutor: ThreadPoolExecutor<LuaState> {
        executors.callbacks { makeExecutor(ThreadPoolOptions(maxWorkers: 1, namePrefix: "FutureCallbacks")) }
    }
}
