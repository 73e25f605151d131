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
            case .interruptible: Signal.granted | Signal.interrupted
            case .untilInsisted: Signal.granted | Signal.insisted
            case .endless: Signal.granted
            }
        }
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
        return PendingWait(serial: pending.serial, reason: reason)
    }

    /// Does nothing until the deadline; `nil` sleeps until interrupted. For the thread itself only.
    public func sleep(until deadline: Deadline?) throws(WaitInterrupted) {
        begin(WaitReason("sleep", on: nil, until: deadline))
        _ = try wait(until: deadline) { true }
    }

    // MARK: Waiting, for the primitives

    /// Opens a wait. Called by the thread itself, before it enters a queue.
    func begin(_ reason: WaitReason) {
        signals.bitwiseAnd(~Signal.granted, ordering: .relaxed)
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
        if seen & Signal.granted != 0 || !withdraw() { return true }
        if seen & patience.wanted != 0 { throw WaitInterrupted() }
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
        room.lock()
        defer { room.unlock() }
        signals.bitwiseOr(Signal.sleeping, ordering: .acquiringAndReleasing)
        var inTime = true
        while inTime, signals.load(ordering: .acquiring) & wanted == 0 {
            inTime = room.sleep(until: deadline)
        }
        return signals.bitwiseAnd(~Signal.sleeping, ordering: .acquiringAndReleasing).oldValue
    }
}
