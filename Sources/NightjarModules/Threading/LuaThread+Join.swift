import NightjarConcurrency
import NightjarLua

/// Waiting for a thread's end.
extension LuaThread {
    /// Waits for the end and merges the fields; nil when the time was up first.
    func join(_ call: LuaCall) throws -> Outcome? {
        let state = call.state
        if phase == .initial { throw LuaException(.runtimeError, "cannot join thread before it is started") }
        if CurrentThread.of(state) === self { throw LuaException(.runtimeError, "cannot join current thread") }
        if kind == .foreign { throw LuaException(.runtimeError, "cannot join a dummy thread") }
        let deadline = try call.deadline(2)
        if kind == .main {
            let ended = ScriptEnvironment.of(state).threads.mainScriptEnded
            return try call.waiting { try ended.wait(until: deadline) } ? Outcome() : nil
        }
        guard let outcome = try call.waiting({ try end.wait(until: deadline) }) else { return nil }
        try ThreadFields.merge(outcome, self, into: 1, call.stack)
        return outcome
    }

    func result(_ call: LuaCall) throws -> Int32 {
        guard let outcome = try join(call) else {
            throw LuaException(.timeoutError, "thread '\(name)' has not ended in time")
        }
        if outcome.phase == .cancelled { throw LuaException(.threadCancelled, "thread '\(name)' was cancelled") }
        if let error = outcome.error { try error.raise(call) }
        if let refused = outcome.refusedResult { throw refused }
        guard outcome.resultCount > 0 else { return 0 }
        try call.stack.reserve(Int32(outcome.resultCount) + 8)
        try MessageDecoder.push(outcome.results, count: outcome.resultCount, to: call.stack)
        return Int32(outcome.resultCount)
    }
}

extension LuaExceptionClass {
    /// What the result of a cancelled thread raises.
    static let threadCancelled = LuaExceptionClass("CancelledError", module: "threading", parent: .futureCancelled)
}
