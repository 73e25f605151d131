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
        var role: Role
        var name: @Sendable () -> String
    }

    let monitor: DeadlockMonitor
    let waiter: Waiter
    private let description: Guarded<Description>
    // Guarded by the monitor's lock.
    nonisolated(unsafe) var place = 0
    // The rest is the thread's own.
    /// How often it was entered and not left.
    nonisolated(unsafe) var depth = 1
    /// What counts it for another monitor, into which it was entered before.
    nonisolated(unsafe) var outer: MonitoredThread?

    init(monitor: DeadlockMonitor, waiter: Waiter, role: Role, name: @escaping @Sendable () -> String) {
        self.monitor = monitor
        self.waiter = waiter
        description = Guarded(Description(role: role, name: name))
    }

    /// The one that counts the calling thread.
    public static var current: MonitoredThread? { Waiter.current.monitored }

    public var role: Role {
        get { description.withLock { $0.role } }
        set { description.withLock { $0.role = newValue } }
    }

    // In the world of two monitors at once no sleep counts: either may have what the other waits for.
    func noteSleep() { if outer == nil { monitor.noteSleep() } }
    func noteWakeUp() { if outer == nil { monitor.noteWakeUp() } }

    var name: String { description.withLock { $0.name }() }

    /// Says what the thread is, which is known only once it runs.
    public func describe(role: Role, name: @escaping @Sendable () -> String) {
        description.withLock { $0 = Description(role: role, name: name) }
    }
}
