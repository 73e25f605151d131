internal import Synchronization

/// The place where one thread sleeps, and the bell that others ring.
///
/// Every blocking wait of this library parks on the waiter of its thread. Any thread may call
/// `interrupt()`: a thread that is blocked, or is about to block, throws `WaitInterrupted`; no
/// wake-up is lost, because flag and sleep meet under the waiter's own mutex. A waiter outlives its
/// thread as long as somebody holds it. Thread-safe.
public final class Waiter: Sendable {
    private enum Signal {
        static let interrupted: UInt32 = 1
        /// What the thread queued for is its own now.
        static let granted: UInt32 = 2
        /// The thread is in the sleeping room: whoever sets another signal has to wake it.
        static let sleeping: UInt32 = 4
        /// Interrupted, and not to wait for anything any more.
        static let insisted: UInt32 = 8
        /// The wait is ended, because it would never end by itself.
        static let stuck: UInt32 = 16
        /// The sleeping thread is to say where it is.
        static let asked: UInt32 = 32
    }

    /// What ends a wait before its time.
    enum Patience {
        /// Any interruption.
        case interruptible
        /// An interruption that is final. For waits that put things in order: the thread is about to end what it does.
        case untilInsisted
        /// Nothing.
        case endless

        fileprivate var wanted: UInt32 {
            switch self {
            case .interruptible: Signal.granted | Signal.stuck | Signal.interrupted
            case .untilInsisted: Signal.granted | Signal.stuck | Signal.insisted
            case .endless: Signal.granted
            }
        }

        fileprivate var interruption: UInt32 { wanted & (Signal.interrupted | Signal.insisted) }
    }

    /// What `ThreadIdentity` says of the thread.
    let number = Waiter.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    private static let numbers = Atomic<UInt>(0)

    private let signals = Atomic<UInt32>(0)
    private let room = SleepingRoom()
    private let pending = Guarded(Pending())

    private struct Pending {
        var serial: UInt64 = 0
        var reason: WaitReason?
        var patience = Patience.interruptible

        mutating func open(_ reason: WaitReason) {
            self = Pending(serial: serial &+ 1, reason: reason)
        }
    }

    // The links belong to the wait queue the waiter stands in and are guarded by that queue's lock.
    // A waiter stands in one queue at a time, since its thread waits for one thing at a time.
    nonisolated(unsafe) var links = WaitQueue.Links()
    // Written by the one who grants, before the signal that publishes it; read by the thread after it.
    nonisolated(unsafe) var grantCode = 0
    // Set before the thread runs, or by the thread itself; used by the thread itself.
    nonisolated(unsafe) var monitored: MonitoredThread?
    // Guarded by the room's mutex.
    nonisolated(unsafe) private var verdict: Verdict?
    nonisolated(unsafe) private var callSite: (wait: UInt64, text: String?)?

    init() {}

    /// The waiter of the calling thread, made at first use.
    public static var current: Waiter { ThreadWaiter.current }

    // MARK: Interruption

    /// Makes the present or next wait of the thread throw `WaitInterrupted`.
    /// - Parameter isFinal: ends also the wait in which `Condition.wait` takes its lock again.
    public func interrupt(isFinal: Bool = false) {
        let signal = isFinal ? Signal.interrupted | Signal.insisted : Signal.interrupted
        room.lock()
        signals.bitwiseOr(signal, ordering: .acquiringAndReleasing)
        room.unlock()
        room.wakeOne()
    }

    /// Takes the interruption back, so that the thread can wait again.
    /// - Returns: whether the flag was set.
    @discardableResult
    public func clearInterrupt() -> Bool {
        let both = Signal.interrupted | Signal.insisted
        let old = signals.bitwiseAnd(~both, ordering: .acquiringAndReleasing).oldValue
        return old & Signal.interrupted != 0
    }

    public var isInterrupted: Bool {
        signals.load(ordering: .acquiring) & Signal.interrupted != 0
    }

    /// Throws if the thread has been interrupted; for loops that work without waiting.
    public func checkInterrupt() throws(WaitInterrupted) {
        if isInterrupted { throw WaitInterrupted() }
    }

    /// What the thread is blocked on now; `nil` if it runs, or has been granted what it waits for.
    public var pendingWait: PendingWait? {
        let pending = pending.withLock { $0 }
        guard let reason = pending.reason, signals.load(ordering: .acquiring) & pending.patience.wanted == 0
        else { return nil }
        return PendingWait(serial: pending.serial, reason: reason, patience: pending.patience)
    }

    /// Does nothing until the deadline; `nil` sleeps until interrupted. For the thread itself only.
    public func sleep(until deadline: Deadline?) throws(WaitInterrupted) {
        begin(WaitReason("sleep", on: nil, until: deadline))
        _ = try wait(until: deadline) { true }
    }

    // MARK: Waiting, for the primitives

    /// Opens a wait. Called by the thread itself, before it enters a queue.
    func begin(_ reason: WaitReason) {
        signals.bitwiseAnd(~(Signal.granted | Signal.stuck), ordering: .relaxed)
        pending.withLock { $0.open(reason) }
    }

    /// Goes on with a wait that was closed while the waiter kept its place in the queue: what has been granted meanwhile counts.
    func goOn(_ reason: WaitReason) {
        pending.withLock { $0.open(reason) }
    }

    /// Closes a wait that did not come about.
    func abandon() { pending.withLock { $0.reason = nil } }

    /// Sleeps until granted, interrupted or out of time, and closes the wait.
    /// - Parameter withdraw: takes the waiter out of its queue under the queue's lock, and returns
    ///   false if it was not there any more. Then the grant came first and counts.
    /// - Returns: whether the wait was granted; false means the time is up.
    func wait(
        until deadline: Deadline?, patience: Patience = .interruptible, spinning budget: Spin.Budget = .handOff,
        withdraw: () -> Bool
    ) throws(WaitInterrupted) -> Bool {
        if patience != .interruptible { pending.withLock { $0.patience = patience } }
        defer { pending.withLock { $0.reason = nil } }
        let seen = park(until: deadline, for: patience.wanted, spinning: budget)
        let isGranted = seen & Signal.granted != 0 || !withdraw()
        let isInterrupted = seen & patience.interruption != 0
        if seen & Signal.stuck != 0 {
            if !isGranted && !isInterrupted { try throwDeadlock() }
            takeVerdict()?.excuse()
        }
        if isGranted { return true }
        if isInterrupted { throw WaitInterrupted() }
        return false
    }

    /// Gives the thread what it waits for. Called under the lock of the queue that it stood in.
    /// - Returns: whether `wake()` must follow, best after that lock is released.
    func grant(_ code: Int = 0) -> Bool {
        grantCode = code
        let old = signals.bitwiseOr(Signal.granted, ordering: .acquiringAndReleasing).oldValue
        return old & Signal.sleeping != 0
    }

    /// Whether the thread has gone to sleep, so that reaching it costs a wake-up.
    var isAsleep: Bool { signals.load(ordering: .relaxed) & Signal.sleeping != 0 }

    /// Rouses the thread after `grant`. Too late a call does no harm.
    func wake() {
        room.lock()
        room.unlock()
        room.wakeOne()
    }

    private func park(until deadline: Deadline?, for wanted: UInt32, spinning budget: Spin.Budget) -> UInt32 {
        var seen = signals.load(ordering: .acquiring)
        var spin = Spin(budget)
        while seen & wanted == 0, spin.next() {
            seen = signals.load(ordering: .acquiring)
        }
        return seen & wanted != 0 ? seen : sleep(until: deadline, for: wanted)
    }

    private func sleep(until deadline: Deadline?, for wanted: UInt32) -> UInt32 {
        // A wait with a deadline is no reason to report anything: it ends.
        let monitored = deadline == nil ? self.monitored : nil
        monitored?.noteSleep()
        defer { monitored?.noteWakeUp() }
        room.lock()
        defer { room.unlock() }
        signals.bitwiseOr(Signal.sleeping, ordering: .acquiringAndReleasing)
        var inTime = true
        while inTime, signals.load(ordering: .acquiring) & wanted == 0 {
            if let monitored, signals.load(ordering: .relaxed) & Signal.asked != 0 {
                noteCallSite(monitored)
            } else {
                inTime = room.sleep(until: deadline)
            }
        }
        return signals.bitwiseAnd(~Signal.sleeping, ordering: .acquiringAndReleasing).oldValue
    }

    // MARK: Waits that would never end

    /// Has the thread counted, which has not begun.
    func isMonitored(by monitor: DeadlockMonitor?, name: String) {
        monitored = monitor?.add(self, MonitoredThread.Description(role: .background) { name })
    }

    /// On the thread at its end, or in place of one that could not be started.
    func endMonitoring() {
        guard let monitored else { return }
        self.monitored = nil
        monitored.monitor.remove(monitored)
    }

    /// The wait without a deadline that the thread is asleep in; `nil` if it is not, or will leave it by itself.
    var endlessWait: PendingWait? {
        let pending = pending.withLock { $0 }
        guard let reason = pending.reason, reason.deadline == nil else { return nil }
        // After the look at the wait: if there is the same wait at the next look, the signals belong to it.
        let seen = signals.load(ordering: .acquiring)
        guard seen & Signal.sleeping != 0, seen & pending.patience.wanted == 0 else { return nil }
        // One that was interrupted and puts things in order is told that time is up, if that takes too long.
        guard seen & Signal.interrupted == 0 else { return nil }
        return PendingWait(serial: pending.serial, reason: reason, patience: pending.patience)
    }

    /// Makes the sleeping thread note where its code is.
    func askForCallSite() {
        room.lock()
        signals.bitwiseOr(Signal.asked, ordering: .relaxed)
        room.unlock()
        room.wakeOne()
    }

    /// Where the thread's code is, nil inside if it does not know; nil if it has not answered in this wait.
    func callSite(in wait: UInt64) -> String?? {
        room.lock()
        defer { room.unlock() }
        return callSite.flatMap { $0.wait == wait ? .some($0.text) : nil }
    }

    /// On the thread itself, with the room's mutex held.
    private func noteCallSite(_ monitored: MonitoredThread) {
        signals.bitwiseAnd(~Signal.asked, ordering: .relaxed)
        room.unlock()
        let site = (pending.withLock { $0.serial }, monitored.monitor.currentCallSite())
        room.lock()
        callSite = site
    }

    /// Makes the wait throw, unless it ends in another way first.
    func endWait(_ serial: UInt64, with verdict: Verdict) {
        room.lock()
        let isInTime = endlessWait?.serial == serial
        if isInTime {
            self.verdict = verdict
            signals.bitwiseOr(Signal.stuck, ordering: .acquiringAndReleasing)
        }
        room.unlock()
        if isInTime { room.wakeOne() } else { verdict.excuse() }
    }

    private func throwDeadlock() throws(WaitInterrupted) {
        room.lock()
        let verdict = self.verdict
        room.unlock()
        verdict?.arrive()
        throw .deadlock
    }

    private func takeVerdict() -> Verdict? {
        room.lock()
        defer { room.unlock() }
        defer { verdict = nil }
        return verdict
    }

    /// The report that the last wait of the thread was ended with; nil if it was taken before. For the thread that has caught an
    /// error which says that it is a deadlock.
    public func takeDeadlock() -> DeadlockReport? { takeVerdict()?.report }
}
