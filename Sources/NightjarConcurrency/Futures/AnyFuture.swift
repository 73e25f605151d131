/// What all futures have in common, whatever their results are: their life, and those who wait for its end.
///
/// Thread-safe. `Future` is the only kind.
// Sendable although it can be subclassed, here alone: `Future` adds nothing that is not guarded by `life`.
public class AnyFuture: WaitTarget, @unchecked Sendable {
    @usableFromInline typealias Callback = @Sendable (AnyFuture) -> Void

    private let life = Guarded(FutureLife())

    @usableFromInline
    init() {}

    public final var status: FutureStatus { life.withLock { $0.status } }
    /// Whether there is a result, an error, or a cancellation.
    public final var isDone: Bool { life.withLock { $0.isDone } }
    public final var isRunning: Bool { status == .running }
    public final var isCancelled: Bool { status.isCancelled }

    /// The thread that does the work, for reports about stuck threads.
    public final var holder: ThreadIdentity? { life.withLock { $0.worker } }

    public final var kind: String? { "Future" }

    public final func remark(on operation: String, holder: String?) -> String? {
        holder.map { "which \($0) works on" } ?? "which nobody works on"
    }

    /// Waits until the future is done.
    /// - Returns: false when the time was up first.
    public final func waitForEnd(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        if isDone { return true }
        if deadline == .passed { return false }
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        let isDone = life.withLock { life in
            if life.isDone { return true }
            waiter.begin(WaitReason("Future.result", on: self, until: deadline))
            life.enter(waiter)
            return false
        }
        if isDone { return true }
        return try waiter.wait(until: deadline) { life.withLock { $0.withdraw(waiter) } }
    }

    /// Calls back when the future is done, however it ends.
    @usableFromInline
    final func onEnd(_ callback: @escaping Callback) {
        if !life.withLock({ $0.add(callback) }) { callback(self) }
    }

    // MARK: Steps

    /// Cancels work that has not begun.
    /// - Returns: whether the future is cancelled now; false if the work is being done, or is done.
    @discardableResult
    public final func cancel() -> Bool {
        let (status, release) = life.withLock { life in
            let release = life.cancel()
            return (life.status, release)
        }
        if let release { carryOut(release) }
        return status.isCancelled
    }

    /// To be called before the work is done, on the thread that does it.
    /// - Returns: false if the future was cancelled: then the work is not to be done.
    /// - Throws: `FutureError.unexpectedState` if the work was begun before, or is done.
    public final func begin() throws(FutureError) -> Bool {
        let release = try life.withLock { life throws(FutureError) in try life.begin(on: .current) }
        release?.wake()
        return release == nil
    }

    /// Ends the future without carrying out what follows.
    /// - Parameter store: keeps the outcome; called under the lock, and only if the future takes one.
    @usableFromInline
    final func end(isFailure: Bool, _ store: () -> Void) throws(FutureError) -> FutureRelease {
        try life.withLock { life throws(FutureError) in
            let release = try life.finish(isFailure: isFailure)
            store()
            return release
        }
    }

    @usableFromInline
    final func carryOut(_ release: FutureRelease) {
        release.wake()
        runCallbacks(of: release)
    }

    final func runCallbacks(of release: FutureRelease) {
        for callback in release.callbacks { callback(self) }
    }

    /// Ends the future with an error, if it takes one.
    @usableFromInline
    func fail(_ error: any Error) {}

    // MARK: Observers

    /// - Returns: nil if the observer will hear of the end; else whether the future failed.
    final func observe(_ observation: FutureObservation) -> Bool? { life.withLock { $0.add(observation) } }

    final func stopObserving(_ observer: any FutureObserver) { life.withLock { $0.remove(observer) } }
}
