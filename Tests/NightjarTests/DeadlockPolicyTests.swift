import Nightjar
import Testing

/// When an application's scripts are told of deadlocks: only if it says that it wakes nobody.
@Suite(.serialized) struct DeadlockPolicyTests {
    private let gate = Event()

    /// Scripts can wait for the gate, and do the application's work.
    private func runtime(_ policy: Policy) -> Runtime {
        Runtime(policy: policy) { [gate] lua in
            try lua.set("waitForGate") { () in try gate.wait() }
            try lua.set("work") { () in Self.work() }
        }
    }

    private static func work() {
        let end = Deadline(after: 0.15)
        while !end.hasPassed {}
    }

    @Test(arguments: [Policy.configuration, .trusted, .unrestricted]) func byDefaultTheApplicationMayWakeAScript(
        _ policy: Policy
    ) throws {
        let runtime = runtime(policy), ended = Completion<Bool>()
        _ = try NativeThread.start(name: "script") {
            ended.complete((try? runtime.run("assert(waitForGate())")) != nil)
        }
        Self.work()
        #expect(!ended.isComplete)
        gate.set()
        #expect(try ended.wait() == true)
        #expect(runtime.shutdown(seconds: 60))
    }

    @Test func whereItDoesNotAScriptThatWaitsAloneIsTold() throws {
        var policy = Policy.configuration
        policy.reportsDeadlocks = true
        let runtime = runtime(policy)
        try runtime.run(
            """
            local threading = require "threading"
            local ok, e = pcall(function() threading.Event():wait() end)
            assert(not ok and threading.DeadlockError:is(e), e)
            """)
        let error = #expect(throws: LuaError.self) { try runtime.run("waitForGate()") }
        #expect((error?.cause).flatMap { WaitInterrupted($0) }?.isDeadlock == true)
        #expect(runtime.shutdown(seconds: 60))
    }

    @Test func aThreadOfTheApplicationThatIsInsideAScriptRulesItOut() throws {
        var policy = Policy.configuration
        policy.reportsDeadlocks = true
        let runtime = runtime(policy), ended = Completion<Bool>()
        let state = try runtime.makeState()
        defer { state.close() }
        try state.run("function callback() started() work() end")
        // Starts the one that waits from within a call, and is at work there for longer than a report takes.
        try state.set("started") { () in
            _ = try NativeThread.start(name: "script") {
                ended.complete((try? runtime.run("assert(waitForGate())")) != nil)
            }
        }
        try state.run("callback()")
        // Outside again; now nobody is left.
        #expect(try ended.wait() == false)
        #expect(runtime.shutdown(seconds: 60))
    }
}
