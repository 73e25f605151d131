/// Holding something for the time of a closure. An error of the closure comes out when it has been given back.
extension ConditionLock {
    /// Runs `body` while the calling thread holds the lock.
    ///
    /// ```swift
    /// let total = try lock.withLock { account.deposit(5) }
    /// ```
    /// - Throws: `WaitInterrupted`, and then `body` has not run; what `body` throws; `LockError` if `body` has released the lock.
    @discardableResult
    public func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        try acquire(until: nil)
        return try releasing(body, release)
    }
}

extension Condition {
    /// Runs `body` while the calling thread holds the lock: as that lock's own `withLock`.
    ///
    /// ```swift
    /// try condition.withLock {
    ///     try condition.waitFor { !jobs.isEmpty }
    ///     return jobs.removeFirst()
    /// }
    /// ```
    @discardableResult
    public func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        try lock.withLock(body)
    }
}

extension CountingSemaphore {
    /// Runs `body` with a permit.
    /// - Throws: `WaitInterrupted`, and then `body` has not run; what `body` throws.
    @discardableResult
    public func withPermit<Result>(_ body: () throws -> Result) throws -> Result {
        try acquire()
        return try releasing(body) { () throws(LockError) in try release() }
    }
}

private func releasing<Result>(
    _ body: () throws -> Result, _ release: () throws(LockError) -> Void
) throws -> Result {
    let result: Result
    do {
        result = try body()
    } catch {
        // The first error is the one to tell.
        try? release()
        throw error
    }
    try release()
    return result
}
