/// Runs short actions at given times, on one thread that exists only while something is scheduled
/// (and a few seconds longer).
///
/// For deadlines and watchdogs. Actions run one after the other: one that takes long delays the
/// rest. Letting go of the queue cancels what is scheduled. Thread-safe.
public final class TimerQueue: Sendable {
    private let core: TimerCore

    /// - Parameters:
    ///   - name: of the thread.
    ///   - idleTimeout: seconds for which the thread outlives the last action.
    public init(name: String = "timers", idleTimeout: Double = 5) {
        core = TimerCore(name: name, idleTimeout: idleTimeout)
    }

    deinit {
        core.close()
    }

    /// Runs an action at a time; at once, if that has passed. Actions for the same time run in the
    /// order in which they were scheduled.
    /// - Parameter monitor: counts the action, which may wake who waits; that of the calling thread, if not told otherwise.
    /// - Throws: `ThreadStartError` if there is no thread and none can be started.
    @discardableResult
    public func schedule(
        at deadline: Deadline, monitor: DeadlockMonitor? = .current, _ action: @escaping @Sendable () -> Void
    ) throws(ThreadStartError) -> TimerHandle {
        // Goes with the action, when that has run or will not run any more.
        let activity = monitor?.activity()
        let handle = TimerHandle(core: core) { withExtendedLifetime(activity, action) }
        try core.add(handle, at: deadline)
        return handle
    }

    /// Actions that wait for their time.
    public var count: Int { core.count }
}

/// A scheduled action. Thread-safe; dropping the handle does not cancel.
public final class TimerHandle: Sendable {
    private let action: Guarded<(@Sendable () -> Void)?>
    private let core: TimerCore

    init(core: TimerCore, action: @escaping @Sendable () -> Void) {
        self.core = core
        self.action = Guarded(action)
    }

    /// Prevents the action, and lets go of what it holds.
    /// - Returns: false if it has begun, or was cancelled before.
    @discardableResult
    public func cancel() -> Bool {
        guard take() != nil else { return false }
        core.noteCancelled()
        return true
    }

    public var isPending: Bool { action.withLock { $0 != nil } }

    /// Whoever gets the action decides what becomes of it; there is only one.
    func take() -> (@Sendable () -> Void)? {
        action.withLock { action in
            defer { action = nil }
            return action
        }
    }
}

/// What the timer thread and the handles share.
final class TimerCore: Sendable {
    private struct Entry: Sendable {
        let deadline: Deadline
        let serial: UInt64
        let handle: TimerHandle
    }

    private struct State {
        var heap = BinaryHeap<Entry> { ($0.deadline, $0.serial) < ($1.deadline, $1.serial) }
        var serial: UInt64 = 0
        /// Entries in the heap whose action is gone.
        var cancelled = 0
        var hasThread = false
        var isClosed = false
        /// The thread sleeps: its waiter stands here, alone, until it is needed earlier.
        var sleeper = WaitQueue()
    }

    private let name: String
    private let idleTimeout: Double
    private let state = Guarded(State())
    private let waiter = Waiter()

    init(name: String, idleTimeout: Double) {
        self.name = name
        self.idleTimeout = idleTimeout
    }

    var count: Int { state.withLock { $0.heap.count - $0.cancelled } }

    func add(_ handle: TimerHandle, at deadline: Deadline) throws(ThreadStartError) {
        let (list, needsThread) = state.withLock { state in
            state.serial += 1
            let isEarliest = state.heap.first.map { deadline < $0.deadline } ?? true
            state.heap.insert(Entry(deadline: deadline, serial: state.serial, handle: handle))
            let needsThread = !state.hasThread
            state.hasThread = true
            return (isEarliest ? state.sleeper.grantFirst() : WakeList(), needsThread)
        }
        list.wakeAll()
        guard needsThread else { return }
        do {
            // Its actions are counted, each by itself.
            _ = try NativeThread.start(name: name, monitor: nil) { [self] in run() }
        } catch {
            _ = handle.take()
            state.withLock { state in
                state.hasThread = false
                state.heap.removeAll { $0.handle === handle }
            }
            throw error
        }
    }

    /// Cleans up when most of the heap is dead, so that deadlines that are always cancelled in time
    /// do not pile up.
    func noteCancelled() {
        // Destroyed after the lock is released.
        let dead = state.withLock { state -> [Entry] in
            state.cancelled += 1
            guard state.cancelled > 32, state.cancelled > state.heap.count / 2 else { return [] }
            var dead: [Entry] = []
            state.heap.removeAll { entry in
                if entry.handle.isPending { return false }
                dead.append(entry)
                return true
            }
            state.cancelled -= dead.count
            return dead
        }
        _ = dead
    }

    func close() {
        let list = state.withLock { state in
            state.isClosed = true
            return state.sleeper.grantFirst()
        }
        list.wakeAll()
    }

    private enum Step {
        /// The entries are destroyed outside the lock.
        case end([Entry])
        case run(@Sendable () -> Void)
        case sleep(until: Deadline)
    }

    private func run() {
        var idleEnd: Deadline?
        while true {
            switch state.withLock({ nextStep(&$0, idleEnd: &idleEnd) }) {
            case .end:
                return
            case .run(let action):
                action()
            case .sleep(let deadline):
                // Nobody interrupts this waiter, and it is told so.
                _ = try? waiter.wait(until: deadline, patience: .endless) {
                    state.withLock { $0.sleeper.remove(waiter) }
                }
            }
        }
    }

    private func nextStep(_ state: inout State, idleEnd: inout Deadline?) -> Step {
        if state.isClosed {
            let dead = state.heap.elements
            state.heap.removeAll()
            return .end(dead)
        }
        let now = Deadline.now
        let wakeUp: Deadline
        if let first = state.heap.first {
            idleEnd = nil
            if first.deadline <= now {
                if let action = state.heap.removeFirst().handle.take() { return .run(action) }
                state.cancelled -= 1
                return .run {}
            }
            wakeUp = first.deadline
        } else {
            wakeUp = idleEnd ?? Deadline(after: idleTimeout)
            idleEnd = wakeUp
            if wakeUp <= now {
                state.hasThread = false
                return .end([])
            }
        }
        waiter.begin(WaitReason("timers", on: nil, until: wakeUp))
        state.sleeper.append(waiter)
        return .sleep(until: wakeUp)
    }
}
