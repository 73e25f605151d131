internal import Synchronization

/// Notices when the threads of a program wait for each other for ever, and ends the waits of those who can do something about it.
///
/// It counts the threads that were entered, and how many of them sleep in a wait without a deadline. When all do, nobody is left to
/// wake one, unless somebody outside does: whoever enters a thread declares that nothing but entered threads and `Activity`s does.
/// The wait of a chosen few then throws `WaitInterrupted`, and `Waiter.takeDeadlock()` tells them why.
///
/// While threads run this costs nothing; a sleep without a deadline costs two counts more. There is no thread that watches: the
/// last one to fall asleep has two looks taken, some time apart. At both every thread must be asleep in the same wait, with nothing
/// granted to it: then none has run in between. Thread-safe.
public final class DeadlockMonitor: Sendable {
    /// How many act, in the upper half, and how many of them sleep, in the lower one: changed together, so that exactly one change
    /// makes them equal.
    private let counts = Atomic<UInt64>(0)
    private static let one: UInt64 = 1 << 32
    /// How often the two became equal.
    private let alarms = Atomic<UInt64>(0)
    private let isLooking = Atomic<Bool>(false)
    private let state = Guarded(State())
    /// Seconds before the first look, and between two.
    private let pause: Double
    private let callSite: @Sendable () -> String?

    private struct State {
        var threads: [MonitoredThread] = []
        /// What the last look saw, if it was a stand-still.
        var lastStands: [Stand] = []
    }

    /// A thread in a wait. Thread numbers and the numbers of a thread's waits are never used twice.
    private struct Stand: Equatable {
        let thread: UInt
        let wait: UInt64
    }

    /// Shared by all monitors; its thread is there only while one of them looks.
    private static let clock = TimerQueue(name: "nightjar-deadlock", idleTimeout: 1)

    /// - Parameters:
    ///   - pause: seconds between two looks.
    ///   - callSite: tells where the calling thread's code waits, as `file:line`. Called on a sleeping thread when a report is near.
    public init(pause: Double = 0.025, callSite: @escaping @Sendable () -> String? = { nil }) {
        self.pause = pause
        self.callSite = callSite
    }

    /// The one that counts the calling thread.
    public static var current: DeadlockMonitor? { Waiter.current.monitored?.monitor }

    // MARK: Who acts

    /// Something that acts later without being a thread now, such as a timer: while it exists nobody is reported.
    public final class Activity: Sendable {
        private let monitor: DeadlockMonitor
        fileprivate init(_ monitor: DeadlockMonitor) { self.monitor = monitor }
        deinit { monitor.change(adding: 0 &- DeadlockMonitor.one) }
    }

    public func activity() -> Activity {
        change(adding: DeadlockMonitor.one)
        return Activity(self)
    }

    /// Counts the calling thread until it leaves as often as it has entered.
    public func enter(_ role: MonitoredThread.Role, name: @escaping @Sendable () -> String) {
        let waiter = Waiter.current, current = waiter.monitored
        let description = MonitoredThread.Description(role: role, name: name)
        if let current, current.monitor === self { return current.enter(description) }
        let thread = add(waiter, description)
        thread.outer = current
        waiter.monitored = thread
    }

    /// Undoes one `enter` of the calling thread.
    public func leave() {
        let waiter = Waiter.current
        guard let current = waiter.monitored, current.monitor === self else {
            preconditionFailure("the thread left a monitor that it is not in")
        }
        guard current.leave() else { return }
        waiter.monitored = current.outer
        remove(current)
    }

    /// Counts a thread that sleeps on `waiter`, until it is removed.
    func add(_ waiter: Waiter, _ description: MonitoredThread.Description) -> MonitoredThread {
        let thread = MonitoredThread(monitor: self, waiter: waiter, description)
        state.withLock { state in
            thread.place = state.threads.count
            state.threads.append(thread)
        }
        change(adding: DeadlockMonitor.one)
        return thread
    }

    func remove(_ thread: MonitoredThread) {
        state.withLock { state in
            let last = state.threads.removeLast()
            if last === thread { return }
            state.threads[thread.place] = last
            last.place = thread.place
        }
        change(adding: 0 &- DeadlockMonitor.one)
    }

    func noteSleep() { change(adding: 1) }
    func noteWakeUp() { counts.wrappingSubtract(1, ordering: .sequentiallyConsistent) }

    private func change(adding amount: UInt64) {
        let counts = counts.wrappingAdd(amount, ordering: .sequentiallyConsistent).newValue
        if DeadlockMonitor.isStandStill(counts) { alarm() }
    }

    private static func isStandStill(_ counts: UInt64) -> Bool {
        counts >> 32 == counts & (one - 1) && counts != 0
    }

    // MARK: Looking

    private func alarm() {
        alarms.wrappingAdd(1, ordering: .sequentiallyConsistent)
        if !isLooking.exchange(true, ordering: .sequentiallyConsistent) { scheduleLook() }
    }

    private func scheduleLook() {
        do {
            try DeadlockMonitor.clock.schedule(at: Deadline(after: pause), monitor: nil) { [self] in
                let seen = alarms.load(ordering: .sequentiallyConsistent)
                if look() { return scheduleLook() }
                isLooking.store(false, ordering: .sequentiallyConsistent)
                // Who raised an alarm since has found a look under way.
                let isNew = alarms.load(ordering: .sequentiallyConsistent) != seen
                if isNew, !isLooking.exchange(true, ordering: .sequentiallyConsistent) { scheduleLook() }
            }
        } catch {
            // No thread to be had: no report now, perhaps with the next alarm.
            isLooking.store(false, ordering: .sequentiallyConsistent)
        }
    }

    /// - Returns: whether another look is needed.
    private func look() -> Bool {
        let (listed, lastStands) = state.withLock { state in
            defer { state.lastStands = [] }
            return (state.threads, state.lastStands)
        }
        guard DeadlockMonitor.isStandStill(counts.load(ordering: .sequentiallyConsistent)) else { return false }
        // In the order of their beginnings, as people know them.
        let threads = listed.sorted { $0.waiter.number < $1.waiter.number }
        var waits: [PendingWait] = []
        for thread in threads {
            // None: it is on its way into its sleep or out of it, and will have changed the count.
            guard let wait = thread.waiter.endlessWait else { return true }
            waits.append(wait)
        }
        let standstill = Standstill(threads: threads, waits: waits)
        if standstill.choice.positions.isEmpty { return false }
        let stands = zip(threads, waits).map { Stand(thread: $0.waiter.number, wait: $1.serial) }
        guard stands == lastStands else {
            for thread in threads { thread.waiter.askForCallSite() }
            state.withLock { $0.lastStands = stands }
            return true
        }
        guard let report = standstill.report() else {
            state.withLock { $0.lastStands = stands }
            return true
        }
        let told = standstill.choice.positions, verdict = Verdict(report, for: told.count)
        // One that was interrupted from outside meanwhile goes its way.
        for index in told { threads[index].waiter.endWait(waits[index].serial, with: verdict) }
        return false
    }

    /// Where the calling thread's code is.
    func currentCallSite() -> String? { callSite() }
}
