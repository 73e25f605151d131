import NightjarConcurrency
import NightjarLua

/// A worker of an executor as a thread that scripts see: in `threading.enumerate()`, by its name, to be cancelled.
enum ExecutorThread {
    /// - Parameter isDaemon: whether the end of the program does not wait for it.
    static func start(_ worker: ExecutorWorker<LuaState>, in environment: ScriptEnvironment, isDaemon: Bool) throws {
        let thread = LuaThread(environment, isDaemon: isDaemon)
        thread.name = worker.name
        thread.withSettings { $0.onCancel = { worker.stop() } }
        let job = try thread.launch(in: environment) { state in
            EndingInterpreter.with(state) { worker.run(state) }
            let outcome = LuaThread.Outcome(phase: worker.isStopping ? .cancelled : .finished)
            thread.settle(state, outcome)
            return outcome
        }
        job.onFinish { result in
            if case .failure(let error) = result { worker.retire(failure: error) } else { worker.retire() }
        }
    }
}
