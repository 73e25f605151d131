import NightjarConcurrency
import NightjarLua

extension LuaExceptionClass {
    /// What a wait raises that could never have ended.
    static let deadlockError = LuaExceptionClass("DeadlockError", module: "threading", parent: .runtimeError)
}

extension DeadlockReport {
    var luaException: LuaException { LuaException(.deadlockError, description) }
}

extension LuaError {
    var isDeadlock: Bool { className == LuaExceptionClass.deadlockError.qualifiedName }
}

extension ScriptEnvironment {
    /// Counts the threads that run scripts in an interpreter. Those of the pool are counted anyway.
    func countPresence(in state: LuaState) {
        guard let deadlocks else { return }
        let name = threads.mainName
        state.onPresence(entered: { deadlocks.enter(.main, name: name) }, left: { deadlocks.leave() })
    }

    /// Counts the calling thread for the time of `body` as one that runs a script.
    public func whilePresent<Result>(_ body: () throws -> Result) rethrows -> Result {
        deadlocks?.enter(.main, name: threads.mainName)
        defer { deadlocks?.leave() }
        return try body()
    }
}

extension LuaThread {
    /// On the thread itself: what reports say of it.
    func describeForReports() {
        MonitoredThread.current?.describe(role: isDaemon ? .background : .ordinary) { [self] in name }
        end.isTakenOn()
    }
}

extension LuaCall {
    /// What reports call an object that is being constructed: its kind, and where that is. Nil where there are no reports.
    func label(_ kind: String) -> ObjectLabel? {
        guard ScriptEnvironment.of(state).deadlocks != nil else { return nil }
        let place = stack.place
        return ObjectLabel(kind: kind, file: place?.source, line: place?.line ?? 0)
    }
}
