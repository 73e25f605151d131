import NightjarConcurrency
import Testing

/// Threads of one monitor, each of which is told of a deadlock.
private struct World {
    let monitor = DeadlockMonitor(pause: 0.005, callSite: { "here:1" })

    /// What a thread was told, or that it came through.
    enum Outcome: Equatable {
        case passed, timedOut, other(String)
        case deadlock(DeadlockReport)

        var report: DeadlockReport? { if case .deadlock(let report) = self { report } else { nil } }
    }

    /// Starts a thread.
    func run(
        _ name: String, _ role: MonitoredThread.Role = .ordinary, _ body: @escaping @Sendable () throws -> Bool
    ) throws -> Running<Outcome> {
        let monitor = monitor
        return try Running {
            monitor.enter(role) { name }
            defer { monitor.leave() }
            return World.outcome(body)
        }
    }

    static func outcome(_ body: () throws -> Bool) -> Outcome {
        do {
            return try body() ? .passed : .timedOut
        } catch {
            guard WaitInterrupted(error)?.isDeadlock == true else { return .other("\(error)") }
            return Waiter.current.takeDeadlock().map(Outcome.deadlock) ?? .other("no report")
        }
    }
}

@Suite struct DeadlockMonitorTests {
    private let world = World()

    @Test(arguments: BlockingCall.allCases) func aThreadAloneIsTold(_ blocking: BlockingCall) throws {
        // Made outside: a thread that the call needs is no waker in this world.
        let call = try blocking.make()
        let thread = try world.run("A") { try call(nil) }
        let report = try #require(try thread.value().report)
        #expect(report.summary == "deadlock: A waits, and there is no other thread to wake it")
        #expect(report.waits.map(\.place) == ["here:1"])
    }
}
