/// The life of a future, and who is to hear of it. No locks, no threads; the result itself is not here.
///
/// Each step gives a `FutureRelease`: what has to be done once the lock is released.
struct FutureLife {
    private(set) var status = FutureStatus.pending
    /// The thread that does the work, while it does.
    private(set) var worker: ThreadIdentity?
    private var hasFailed = false
    /// Threads that wait for the end.
    private var waiters = WaitQueue()
    private var observations: [FutureObservation] = []
    private var callbacks: [AnyFuture.Callback] = []

    var isDone: Bool { status != .pending && status != .running }

    // MARK: Steps

    /// - Returns: what follows, if it was this call that cancelled.
    mutating func cancel() -> FutureRelease? {
        guard status == .pending else { return nil }
        status = .cancelled
        return release(observers: false)
    }

    /// - Returns: nil if the work is to be done; else the future was cancelled, and what follows from that.
    mutating func begin(on thread: ThreadIdentity) throws(FutureError) -> FutureRelease? {
        switch status {
        case .pending:
            status = .running
            worker = thread
            return nil
        case .cancelled:
            status = .cancelledAndNotified
            return release(observers: true)
        default:
            throw .unexpectedState(status)
        }
    }

    mutating func finish(isFailure: Bool) throws(FutureError) -> FutureRelease {
        if isDone { throw .invalidState(status) }
        status = .finished
        worker = nil
        hasFailed = isFailure
        return release(observers: true)
    }

    private mutating func release(observers: Bool) -> FutureRelease {
        var release = FutureRelease(wakes: waiters.grantAll(), callbacks: callbacks, isFailure: hasFailed)
        callbacks = []
        if observers {
            release.observations = observations
            observations = []
        }
        return release
    }

    // MARK: Those who wait

    mutating func enter(_ waiter: Waiter) { waiters.append(waiter) }
    mutating func withdraw(_ waiter: Waiter) -> Bool { waiters.remove(waiter) }

    /// - Returns: false if the future is done and the callback is the caller's to run.
    mutating func add(_ callback: @escaping AnyFuture.Callback) -> Bool {
        if !isDone { callbacks.append(callback) }
        return !isDone
    }

    /// - Returns: nil if the observer will hear; else whether the future failed.
    mutating func add(_ observation: FutureObservation) -> Bool? {
        if status == .cancelledAndNotified || status == .finished { return hasFailed }
        observations.append(observation)
        return nil
    }

    mutating func remove(_ observer: any FutureObserver) {
        observations.removeAll { $0.observer === observer }
    }
}

/// Hears, once, that a future is over: finished, or cancelled and noticed.
protocol FutureObserver: AnyObject, Sendable {
    /// - Parameter position: which one of the futures that it observes.
    func futureEnded(_ position: Int, isFailure: Bool)
}

struct FutureObservation: Sendable {
    let observer: any FutureObserver
    let position: Int
}

/// What a step of a future's life sets free, to be carried out without the lock.
@usableFromInline
struct FutureRelease {
    let wakes: WakeList
    let callbacks: [AnyFuture.Callback]
    let isFailure: Bool
    var observations: [FutureObservation] = []

    /// Wakes those who wait. The callbacks are left to the caller.
    func wake() {
        wakes.wakeAll()
        for observation in observations { observation.observer.futureEnded(observation.position, isFailure: isFailure) }
    }
}
