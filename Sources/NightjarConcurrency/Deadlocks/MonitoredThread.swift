/// A thread as a `DeadlockMonitor` counts it. Thread-safe.
public final class MonitoredThread: Sendable {
    /// What becomes of the thread when all threads wait for ever.
    public enum Role: Sendable {
        /// Is told, if no other is or the others' reaction did not wake it: the main thread usually waits for what the others do.
        case main
        /// Is told.
        case ordinary
        /// Is told nothing: it waits for work, and may do so for ever. A daemon, an idle worker, a thread of a library.
        case background
        /// Waits for the end of other threads at the end of the program: is told if nobody else can be.
        case last
    }

    struct Description {
        let role: Role
        let name: @Sendable () -> String
    }

    private struct State {
        /// What was known when the thread was started, or what it has said of itself.
        var own: Description
        var isDescribed = false
        /// What it is for the time for which it was entered.
        var visiting: Description?

        var present: Description { isDescribed ? own : visiting ?? own }
    }

    let monitor: DeadlockMonitor
    let waiter: Waiter
    private let state: Guarded<State>
    // Guarded by the monitor's lock.
    nonisolated(unsafe) var place = 0
    // The rest is the thread's own.
    /// How often it was entered, or started, and not left.
    nonisolated(unsafe) private var depth = 1
    /// What counts it for another monitor, into which it was entered before.
    nonisolated(unsafe) var outer: MonitoredThread?

    init(monitor: DeadlockMonitor, waiter: Waiter, _ description: Description) {
        self.monitor = monitor
        self.waiter = waiter
        state = Guarded(State(own: description))
    }

    /// The one that counts the calling thread.
    public static var current: MonitoredThread? { Waiter.current.monitored }

    var role: Role { state.withLock { $0.present.role } }
    var name: String { state.withLock { $0.present.name }() }

    /// Says what the thread is, which is known only once it runs.
    public func describe(role: Role, name: @escaping @Sendable () -> String) {
        state.withLock {
            $0.own = Description(role: role, name: name)
            $0.isDescribed = true
        }
    }

    /// Enters a thread that is counted already.
    func enter(_ description: Description) {
        depth += 1
        if depth == 2 { state.withLock { $0.visiting = description } }
    }

    /// - Returns: whether it was entered, or started, so often.
    func leave() -> Bool {
        depth -= 1
        if depth == 1 { state.withLock { $0.visiting = nil } }
        return depth == 0
    }

    // In the world of two monitors at once no sleep counts: either may have what the other waits for.
    func noteSleep() { if outer == nil { monitor.noteSleep() } }
    func noteWakeUp() { if outer == nil { monitor.noteWakeUp() } }
}
