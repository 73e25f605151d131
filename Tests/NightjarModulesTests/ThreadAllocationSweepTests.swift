import Glibc
import NightjarConcurrency
import NightjarLogging
import NightjarLua
import NightjarModules
import Synchronization
import Testing

/// Fails single allocations of a script that uses callbacks, coroutines, classes and threads: in the interpreter of the script
/// or in that of one of its threads.
@Suite struct ThreadAllocationSweepTests {
    /// Counts what the sweep must give back.
    final class Ledger: Sendable {
        let alive = Atomic(0)
        /// Interpreters opened so far; the script's is the first.
        let opened = Atomic(0)
    }

    final class Probe: CrossesThreads {
        let ledger: Ledger
        init(_ ledger: Ledger) {
            self.ledger = ledger
            ledger.alive.add(1, ordering: .relaxed)
        }
        deinit { ledger.alive.subtract(1, ordering: .relaxed) }

        static let luaType = LuaType("Probe", for: Probe.self) {
            $0.method("twice") { (_: Probe, n: Int) in n * 2 }
            $0.closable { _ in }
        }
    }

    static let script = """
        local threading, queue, weakref = require "threading", require "queue", require "weakref"
        local q, results = queue.Queue(), {}
        threading.excepthook = function() end
        local Error = require("exceptions").ValueError:subclass("Error")
        local Worker = threading.Thread:subclass("Worker")
        function Worker:init(n, probe) Worker.super.init(self) self.n, self.probe = n, probe end
        function Worker:run()
          local co = coroutine.wrap(function(a) for i = 1, 3 do a = coroutine.yield(a .. i) end return each(function(n) return n end, 2) end)
          for i = 1, 2 do q:put({co("x"), self.n, probe()}) end
          local ok, e = pcall(function() local held <close> = probe() error(Error("no")) end)
          assert(not ok)
          self.size = self.probe:twice(self.n)
          weakref.finalize({}, function() end)
          return self.size, {e.class == Error}
        end
        local workers = {Worker(1, probe()), Worker(2, probe())}
        for _, worker in ipairs(workers) do worker:start() end
        local plain = threading.Thread{target = function(p, n) q:put(n) return each(function(n) return n end, n), p end, args = {probe(), 5}}
        plain:start()
        for _, worker in ipairs(workers) do worker:join() results[#results + 1] = worker.size end
        local sum, p = plain:result()
        q:shutdown()
        local items = 0
        for item in q:items() do items = items + 1 end
        assert(sum == 10 and p:twice(1) == 2)
        return table.concat(results, ",") .. "," .. items
        """

    private struct Outcome: Equatable {
        var result: String?
        var liveObjects: Int
        var hasEnded: Bool
    }

    /// One run of the script with a failure in the interpreter that is opened as the `number`-th; 1 is the script's.
    private func run(_ fault: LuaState.FaultInjection, inInterpreter number: Int) -> Outcome {
        let ledger = Ledger(), output = MemorySink()
        var outcome = Outcome(liveObjects: 0, hasEnded: false)
        do {
            let environment = ScriptEnvironment(
                options: LuaState.Options(libraries: .everything, allowsFinalizers: true),
                logging: LoggingSystem(standardOutput: output, standardError: output)
            ) { state in
                try state.set("probe") { () in Probe(ledger) }
                let each = try state.function(
                    "each",
                    raw: { call in
                        let function: LuaFunction = try call.argument(1), count: Int = try call.argument(2)
                        return try call.results(
                            (0..<count).reduce(0) { try $0 + call.state.call(function, $1, returning: Int.self) })
                    })
                try state.set("each", each)
                if ledger.opened.add(1, ordering: .relaxed).newValue == number { state.injectFault(fault) }
            }
            do { outcome.result = try result(environment) } catch { outcome.result = LuaError.wrapping(error).report }
            outcome.hasEnded = environment.stop(seconds: 60)
        }
        // The last thread lets go of its job after it has said that it ends.
        let patience = ContinuousClock.now + .seconds(10)
        while ledger.alive.load(ordering: .acquiring) > 0 && ContinuousClock.now < patience { sched_yield() }
        outcome.liveObjects = ledger.alive.load(ordering: .acquiring)
        return outcome
    }

    private func result(_ environment: ScriptEnvironment) throws -> String {
        let state = try environment.makeState()
        defer { state.close() }
        let chunk = try state.load(Self.script)
        return try state.call(chunk, returning: String.self)
    }

    @Test func withoutAFailureTheScriptPasses() {
        #expect(run(.init(after: .max), inInterpreter: 1) == Self.untouched)
    }

    private static let untouched = Outcome(result: "2,4,5", liveObjects: 0, hasEnded: true)

    /// Every `step`-th allocation, until failures have stopped making a difference.
    private func sweep(interpreter number: Int, count: Int64, step: Int64) throws {
        let untouched = Self.untouched
        try #require(run(.init(after: .max), inInterpreter: number) == untouched)
        var n = Int64(number) % step, failures = 0, passedInARow = 0
        while passedInARow < 40 {
            let outcome = run(.init(after: n, count: count), inInterpreter: number)
            try #require(outcome.liveObjects == 0, "objects leaked by allocation \(n)")
            try #require(outcome.hasEnded, "a thread did not end after the failure of allocation \(n)")
            passedInARow = outcome == untouched ? passedInARow + 1 : 0
            failures += outcome == untouched ? 0 : 1
            n += step
            try #require(n < 20_000, "the sweep does not end")
        }
        // Those after the second may be opened for nobody: a thread that has ended leaves its interpreter to the next.
        #expect(failures > 0 || number > 2)
    }

    @Test(arguments: 1...4) func oneAllocationOfAnInterpreterMayFail(_ number: Int) throws {
        try sweep(interpreter: number, count: 2, step: 3)
    }

    @Test(arguments: 1...4) func allAllocationsOfAnInterpreterFromOneOnMayFail(_ number: Int) throws {
        try sweep(interpreter: number, count: 1_000_000, step: 7)
    }
}
