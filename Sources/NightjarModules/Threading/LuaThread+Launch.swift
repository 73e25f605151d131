import NightjarConcurrency
import NightjarLogging
import NightjarLua

extension LuaThread {
    /// Starts the thread: `body` runs on it, in a fresh interpreter that is closed afterwards, and says how the thread ended.
    /// - Parameter fields: the names of the fields that go along.
    /// - Returns: the job on the pool, which ends when the interpreter is closed.
    /// - Throws: a `RuntimeError` if it was started before, or no thread can be started.
    @discardableResult
    func launch(
        in environment: ScriptEnvironment, fields: Set<String> = [],
        _ body: @escaping @Sendable (LuaState) -> Outcome
    ) throws -> WorkerJob {
        try markStarted(fields: fields)
        do {
            try environment.threads.add(self)
            let job = try environment.pool.run(name: name, stackSize: environment.stackSize) { [self] state in
                occupy(state, body)
            }
            job.onFinish { [self] outcome in
                if case .failure(let error) = outcome { failToBegin(error) }
            }
            return job
        } catch {
            environment.threads.remove(self)
            markUnstarted()
            if error is LuaException { throw error }
            throw LuaException(.runtimeError, "can't start new thread: \(error)")
        }
    }

    private func occupy(_ state: LuaState, _ body: (LuaState) -> Outcome) {
        takeRecordName()
        defer { withSettings { $0.recordName = nil } }
        LoggingThread.identifier = UInt64(ThreadIdentity.current.rawValue)
        describeForReports()
        state.wakesItsThread()
        state.setAttachment(CurrentThread(thread: self))
        defer { state.setAttachment(CurrentThread?.none) }
        guard begin(state.interruptHandle) else { return finish(Outcome(phase: .cancelled)) }
        let stack = state.stack, top = stack.top
        let outcome = body(state)
        stack.setTop(top)
        finish(outcome)
    }

    /// From here on, who renames the thread renames it in records, too.
    private func takeRecordName() {
        let name = name
        withSettings {
            LoggingThread.name = $0.name ?? name
            $0.recordName = LoggingThread.sharedName
        }
    }

    /// The interpreter for the thread could not be made.
    private func failToBegin(_ error: any Error) {
        let error = CrossedError(LuaError.wrapping(error), value: nil)
        ExceptHook.reportPlainly(error, self)
        finish(Outcome(phase: .failed, error: error))
    }

    /// Ends what the scripts of the thread have begun and left open: callbacks of weak references that are due run, archives of a
    /// failed thread are given up. A cancelled thread has what is left of its grace for that.
    func settle(_ state: LuaState, _ outcome: Outcome) {
        if let seconds = graceLeft {
            try? state.withDeadline(seconds: seconds, grace: 0) { try WeakReferences.finish(state) }
        } else {
            try? WeakReferences.finish(state)
        }
        if outcome.phase != .finished { StandardModules.abandonUnfinishedArchives(in: state) }
    }
}
