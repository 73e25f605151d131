public import NightjarConcurrency

/// A script's thread in Swift's hands.
extension LuaThread {
    /// As the system shows it, at full length.
    public var threadName: String { name }
    /// Whether it was started and has not ended.
    public var isRunning: Bool { isAlive }

    /// Asks the thread to stop: its next instruction, or the wait that it is in, raises an error that no `pcall` catches.
    /// - Parameter grace: seconds for to-be-closed variables; after them every further instruction raises.
    /// - Returns: false if it has ended already.
    @discardableResult
    public func stop(grace: Double = 1) -> Bool { cancel(grace: grace) }

    /// Waits until the thread has ended.
    /// - Returns: false when the time was up first.
    public func waitForEnd(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        try end.wait(until: deadline) != nil
    }
}

extension ScriptEnvironment {
    /// The threads that scripts have started and that have not ended, in the order of their start.
    public var runningThreads: [LuaThread] { threads.running }
}
