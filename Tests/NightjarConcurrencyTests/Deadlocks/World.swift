import NightjarConcurrency

/// Threads that one monitor counts.
struct World: Sendable {
    let monitor: DeadlockMonitor

    /// - Parameter pause: seconds between two looks.
    init(pause: Double = 0.005) { monitor = DeadlockMonitor(pause: pause, callSite: { "here:1" }) }

    /// What a thread came to.
    enum Outcome: Equatable {
        case passed, timedOut, interrupted
        case deadlock(DeadlockReport)
        case other(String)

        var report: DeadlockReport? { if case .deadlock(let report) = self { report } else { nil } }

        /// - Parameter body: gives false when its time was up.
        init(_ body: () throws -> Bool) {
            do {
                self = try body() ? .passed : .timedOut
            } catch {
                guard let interruption = WaitInterrupted(error) else {
                    self = .other("\(error)")
                    return
                }
                let report = interruption.isDeadlock ? Waiter.current.takeDeadlock() : nil
                self = report.map(Outcome.deadlock) ?? .interrupted
            }
        }
    }

    /// Starts a thread that is counted from before it begins.
    func run(
        _ name: String, _ role: MonitoredThread.Role = .ordinary, _ body: @escaping @Sendable () throws -> Bool
    ) throws -> Running<Outcome> {
        try Running(monitor: monitor) {
            MonitoredThread.current?.describe(role: role) { name }
            return Outcome(body)
        }
    }

    /// Counts the calling thread, which is at work, while it starts threads that wait for each other.
    func start<Result>(_ body: () throws -> Result) rethrows -> Result {
        monitor.enter(.background) { "test" }
        defer { monitor.leave() }
        return try body()
    }

    /// Does as if the calling thread had been at work for several times as long as a report takes.
    static func work() {
        let end = Deadline(after: 0.06)
        while !end.hasPassed {}
    }
}
