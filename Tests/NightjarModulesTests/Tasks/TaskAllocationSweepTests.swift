import Glibc
import NightjarLogging
import NightjarLua
import NightjarModules
import Synchronization
import Testing

/// Fails single allocations in the interpreters of a script and of its task: the schedule goes on or ends, and is never stuck.
@Suite struct TaskAllocationSweepTests {
    final class Probe: CrossesThreads {
        static let alive = Atomic(0)
        init() { Self.alive.add(1, ordering: .relaxed) }
        deinit { Self.alive.subtract(1, ordering: .relaxed) }
        static let luaType = LuaType("Probe", for: Probe.self) { $0.method("look") { (_: Probe) in } }
    }

    private static let script = """
        local tasks, threading = require "tasks", require "threading"
        threading.excepthook = function() end
        local p, count = probe(), 0
        local function work(task)
          count = count + 1
          p:look()
          local text = ("%d"):format(count) .. task.name
          if count == 2 then error({text}) end
        end
        local one = tasks.every(0.0005, work, {backoff = {initial = 0.0005}})
        local several = tasks.every(0.0005, work, {overlap = 2, args = {{name = "x"}}})
        for _, task in ipairs {one, several} do
          while task.runs < 3 and task:is_active() do task:join(0.0005) end
          task:cancel()
          task:join()
        end
        return one.runs >= 3 and several.runs >= 3 and one.last_error ~= nil
        """

    /// Whether the script came to its end, all tasks have ended, and what is left.
    private func run(_ fault: LuaState.FaultInjection, inInterpreter number: Int) -> (
        passed: Bool, ended: Bool, left: Int
    ) {
        var passed = false, ended = false
        do {
            let counter = Counter()
            let environment = ScriptEnvironment(
                options: LuaState.Options(libraries: .everything, allowsFinalizers: true), logging: LoggingSystem()
            ) { state in
                try state.set("probe") { () in Probe() }
                if counter.next() == number { state.injectFault(fault) }
            }
            passed = (try? result(environment)) == true
            ended = environment.stop(seconds: 60)
        }
        // The last thread lets go of its job after it has said that it ends.
        let patience = ContinuousClock.now + .seconds(10)
        while Probe.alive.load(ordering: .acquiring) > 0 && ContinuousClock.now < patience { sched_yield() }
        return (passed, ended, Probe.alive.load(ordering: .acquiring))
    }

    private final class Counter: Sendable {
        private let value = Atomic(0)
        func next() -> Int { value.add(1, ordering: .relaxed).newValue }
    }

    private func result(_ environment: ScriptEnvironment) throws -> Bool {
        let state = try environment.makeState()
        defer { state.close() }
        return try state.call(state.load(Self.script), returning: Bool.self)
    }

    @Test func anyAllocationMayFail() throws {
        let untouched = run(.init(after: .max), inInterpreter: 1)
        try #require(untouched == (true, true, 0))
        for (number, count, step) in [(1, 2, 3), (2, 2, 1), (2, 1_000_000, 2), (3, 2, 2), (4, 1_000_000, 3)]
            as [(Int, Int64, Int64)]
        {
            var failures = 0, passedInARow = 0, n: Int64 = 1
            while passedInARow < 60 && n < 10_000 {
                let outcome = run(.init(after: n, count: count), inInterpreter: number)
                try #require(
                    outcome.ended, "a task did not end after the failure of allocation \(n) of interpreter \(number)")
                try #require(outcome.left == 0, "objects leaked by allocation \(n) of interpreter \(number)")
                passedInARow = outcome.passed ? passedInARow + 1 : 0
                failures += outcome.passed ? 0 : 1
                n += step
            }
            #expect(number > 1 || failures > 0)
        }
    }
}
