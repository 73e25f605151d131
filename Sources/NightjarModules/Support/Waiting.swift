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

    /// Argument `index` as a timeout in seconds: nil is for ever.
    func deadline(_ index: Int32) throws -> Deadline? {
        let seconds: Double? = try argument(index)
        return seconds.map { Deadline(after: $0) }
    }
}

extension LuaState {
    /// Lets an interruption of this interpreter wake the calling thread, which is the one that runs it from here on.
    func wakesCurrentThread() {
        let waiter = Waiter.current
        onInterrupt({ waiter.interrupt() }, calm: { waiter.clearInterrupt() })
    }
}
