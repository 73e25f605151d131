import NightjarConcurrency
import NightjarLua

extension LuaCall {
    /// Runs a blocking wait of NightjarConcurrency so that it ends with the script: an interruption of the interpreter comes out as
    /// the error that no `pcall` catches.
    func waiting<Result>(_ wait: () throws -> Result) throws -> Result {
        let state = self.state
        while true {
            if state.mustStopWaiting { throw state.interruptedError() }
            do {
                return try wait()
            } catch {
                guard let interruption = WaitInterrupted(error) else { throw error }
                if interruption.isDeadlock, !state.mustStopWaiting, let report = Waiter.current.takeDeadlock() {
                    throw report.luaException
                }
                // The interpreter knows whether that was for it; to-be-closed variables may wait until the grace is over.
                Waiter.current.clearInterrupt()
            }
        }
    }

    /// Lets go of an interruption that has come out long ago, before a wait that must not be begun twice.
    func forgetOldInterruption() {
        if Waiter.current.isInterrupted, !state.isInterrupted { Waiter.current.clearInterrupt() }
    }

    /// Argument `index` as a timeout in seconds: nil is for ever, a negative one has passed.
    func deadline(_ index: Int32) throws -> Deadline? {
        try seconds(index).map { Deadline(after: $0) }
    }

    /// Argument `index` as the seconds of a timeout, or nil.
    /// - Throws: Python's `OverflowError` beyond `TIMEOUT_MAX`, and its `ValueError` for NaN.
    func seconds(_ index: Int32) throws -> Double? {
        guard let seconds: Double = try argument(index) else { return nil }
        if seconds.isNaN { throw LockError.timeoutNotANumber }
        if seconds > Deadline.timeoutMax { throw LockError.timeoutTooLarge }
        return seconds
    }
}

extension LuaState {
    /// Lets an interruption of this interpreter wake the thread that uses it: the calling one, and whichever does later.
    func wakesItsThread() { onInterrupt { ThreadSleeper(waiter: Waiter.current) } }
}

/// A thread in a wait of NightjarConcurrency.
private struct ThreadSleeper: LuaSleeper {
    let waiter: Waiter

    func wake(isFinal: Bool) { waiter.interrupt(isFinal: isFinal) }
    func calm() { waiter.clearInterrupt() }
}
