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
            } catch  where error is WaitInterrupted || error as? QueueError == .interrupted {
                // To-be-closed variables may wait again until the grace is over; the interpreter knows about the rest.
                Waiter.current.clearInterrupt()
                if state.isInterrupted { throw state.interruptedError() }
                // Left over from an interruption that has come out long ago.
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
        if seconds.isNaN { throw LuaException(.valueError, "Invalid value NaN (not a number)") }
        if seconds > Deadline.timeoutMax { throw LockError.timeoutTooLarge }
        return seconds
    }
}

extension LuaState {
    /// Lets an interruption of this interpreter wake the calling thread, which is the one that runs it from here on.
    func wakesCurrentThread() {
        let waiter = Waiter.current
        onInterrupt({ waiter.interrupt() }, calm: { waiter.clearInterrupt() })
    }
}
