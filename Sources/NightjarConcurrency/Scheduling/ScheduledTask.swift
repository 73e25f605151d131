/// Work that runs on a schedule, one run after the other unless its options say otherwise.
///
/// ```swift
/// let task = try ScheduledTask("cleanup", .every(60))
/// try task.start { _ in try removeOldFiles() }
/// ...
/// task.cancel()
/// ```
/// A run that fails is noted and the schedule goes on. What scripts make with `require "tasks"` is the same object. Thread-safe;
/// dropping it does not cancel.
public final class ScheduledTask: WaitTarget {
    /// Where a task is in its life.
    public enum Phase: String, Sendable {
        /// Until the next run.
        case waiting
        case running
        /// The only run is over, and has succeeded.
        case finished
        /// The only run is over, and has failed.
        case failed
        /// There will be no more runs; one may still be under way.
        case cancelled
    }

    private struct State {
        var timeline: TaskTimeline
        var lastError: (any Error)?
        /// The thread that drives the task, while it waits.
        var waiters = WaitQueue()
        var interrupt: (@Sendable () -> Void)?
    }

    public let name: String
    public let schedule: TaskSchedule
    private let state: Guarded<State>
    private let ended = Completion<Void>(operation: "Task.join")

    /// The schedule begins now.
    public init(_ name: String, _ schedule: TaskSchedule, _ options: TaskOptions = TaskOptions()) {
        self.name = name
        self.schedule = schedule
        state = Guarded(State(timeline: TaskTimeline(schedule, options, now: .now)))
    }

    // MARK: What it does

    public var phase: Phase {
        state.withLock { state in
            let timeline = state.timeline
            if timeline.isCancelled { return .cancelled }
            if timeline.running > 0 { return .running }
            if timeline.isActive { return .waiting }
            return timeline.failuresInARow > 0 ? .failed : .finished
        }
    }

    /// Whether runs are to come, or one is under way and nobody has cancelled.
    public var isActive: Bool { state.withLock { $0.timeline.isActive } }
    /// Runs under way.
    public var running: Int { state.withLock { $0.timeline.running } }
    /// When the next run is due, in seconds since 1970; nil if there is none to come.
    public var nextRun: Double? { state.withLock { $0.timeline.nextRun } }
    /// When the latest run began, in seconds since 1970.
    public var lastRun: Double? { state.withLock { $0.timeline.lastRun } }
    /// The error of the latest run that failed; later successes leave it.
    public var lastError: (any Error)? { state.withLock { $0.lastError } }
    /// How many runs have begun.
    public var runs: Int { state.withLock { $0.timeline.runs } }
    /// How many have failed.
    public var failures: Int { state.withLock { $0.timeline.failures } }
    /// How many have failed since the last one that succeeded.
    public var failuresInARow: Int { state.withLock { $0.timeline.failuresInARow } }

    // MARK: Steering

    /// Prevents further runs. A run under way goes on to its end, unless it is to be interrupted.
    /// - Parameter interrupting: makes the waits of a run under way throw `WaitInterrupted`; a script ends wherever it is.
    /// - Returns: false if there were none to prevent.
    @discardableResult
    public func cancel(interrupting: Bool = false) -> Bool {
        let (wasActive, list, interrupt) = state.withLock { state in
            let isRunning = state.timeline.running > 0
            return (state.timeline.cancel(), state.waiters.grantAll(), isRunning ? state.interrupt : nil)
        }
        list.wakeAll()
        if interrupting { interrupt?() }
        return wasActive
    }

    /// Asks for a run at once; for one right after the one that is under way, if there is. The schedule stays as it is, but a task that
    /// runs once will not run again.
    /// - Returns: false if the task runs no more.
    @discardableResult
    public func runNow() -> Bool {
        let (isActive, list) = state.withLock { ($0.timeline.request(), $0.waiters.grantAll()) }
        list.wakeAll()
        return isActive
    }

    /// Waits until the last run has ended.
    /// - Returns: false when the time was up first.
    public func join(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        try ended.wait(until: deadline) != nil
    }

    /// Calls back when the last run has ended.
    public func onEnd(_ callback: @escaping @Sendable () -> Void) { ended.onComplete(callback) }

    // What is waited for is the next run.
    public var kind: String? { nil }

    // MARK: Driving

    /// Runs `body` on the schedule, on a thread of the task's own. To be called once.
    public func start(_ body: @escaping @Sendable (ScheduledTask) throws -> Void) throws(ThreadStartError) {
        let thread = try NativeThread.start(name: name) { [self] in
            // Nobody but `cancel` interrupts the thread, and then the task is at its end.
            try? drive { try body(self) }
            finish()
        }
        onInterrupt { thread.waiter.interrupt() }
    }

    /// Says how runs under way are interrupted. For those who drive a task themselves.
    public func onInterrupt(_ interrupt: @escaping @Sendable () -> Void) {
        state.withLock { $0.interrupt = interrupt }
    }

    private func drive(_ body: () throws -> Void) throws(WaitInterrupted) {
        while try waitForRun() {
            do {
                try body()
                endRun()
            } catch {
                endRun(error)
            }
        }
    }

    /// Waits until a run is due. For the one thread that drives the task.
    /// - Returns: true when a run has begun, which is to be ended with ``endRun(_:)``; false when there are no more. Where several
    ///   runs may be under way at once, all have ended then.
    public func waitForRun() throws(WaitInterrupted) -> Bool {
        let waiter = Waiter.current
        ended.isTakenOn()
        while true {
            try waiter.checkInterrupt()
            let now = Moment.now
            let (step, deadline) = state.withLock { state -> (TaskTimeline.Step, Deadline?) in
                let step = state.timeline.step(now: now)
                guard case .wait(let deadline) = step else { return (step, nil) }
                waiter.begin(WaitReason("Task.wait", on: self, until: deadline, isIdle: true))
                state.waiters.append(waiter)
                return (step, deadline)
            }
            switch step {
            case .run: return true
            case .end: return false
            case .wait: _ = try waiter.wait(until: deadline) { state.withLock { $0.waiters.remove(waiter) } }
            }
        }
    }

    /// Notes that a run has ended, and with which error if it failed.
    public func endRun(_ error: (any Error)? = nil) {
        let now = Moment.now
        let (list, old) = state.withLock { state in
            state.timeline.ended(failed: error != nil, now: now)
            // Destroyed outside the lock.
            let old = error == nil ? nil : state.lastError
            if let error { state.lastError = error }
            return (state.waiters.grantAll(), old)
        }
        list.wakeAll()
        _ = old
    }

    /// Notes that nobody drives the task any more. If runs were to come, it counts as cancelled.
    public func finish() {
        let interrupt = state.withLock { state in
            _ = state.timeline.cancel()
            defer { state.interrupt = nil }
            return state.interrupt
        }
        _ = interrupt
        ended.complete(())
    }
}
