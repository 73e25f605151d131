import Nightjar
import Testing

/// Tasks of scripts, as the Swift program around them sees them.
@Suite(.serialized) struct ScheduledTaskRuntimeTests {
    /// Hands what a script passes to `give` to the test.
    private final class Given: Sendable {
        private let queue = FIFOQueue<ScheduledTask>()
        func give(_ task: ScheduledTask) throws { try queue.put(task) }
        func take() throws -> ScheduledTask { try queue.get(until: Deadline(after: 60)) }
    }

    private func withRuntime(_ body: (Runtime, Given) throws -> Void) throws {
        let given = Given()
        let runtime = Runtime(policy: .configuration) { lua in
            try lua.set("give") { (task: ScheduledTask) in try given.give(task) }
        }
        defer { #expect(runtime.shutdown(seconds: 60)) }
        try body(runtime, given)
    }

    @Test func theProgramHoldsAndCancelsATask() throws {
        try withRuntime { runtime, given in
            try runtime.run(
                """
                local tasks = require "tasks"
                give(tasks.cron("*/5 * * * *", function() end, {name = "rotate"}))
                """)
            let task = try given.take()
            #expect(task.name == "rotate" && task.phase == .waiting && task.nextRun != nil)
            #expect(task.schedule.description == "cron '*/5 * * * *'")
            #expect(task.runNow() && task.cancel())
            #expect(try task.join(until: Deadline(after: 60)))
            #expect(task.phase == .cancelled && task.nextRun == nil)
        }
    }

    @Test func theErrorOfAScriptsRunComesWithItsClass() throws {
        try withRuntime { runtime, given in
            try runtime.run(
                """
                require("threading").excepthook = function() end
                give(require("tasks").after(0, function()
                  error(require("exceptions").ValueError("no such file"))
                end))
                """)
            let task = try given.take()
            #expect(try task.join(until: Deadline(after: 60)))
            let error = try #require(task.lastError)
            #expect("\(error)" == "ValueError: no such file" && task.failures == 1)
        }
    }

    @Test func shutdownEndsTasksThatWaitAndThatRun() throws {
        let given = Given()
        let runtime = Runtime(policy: .trusted) { lua in
            try lua.set("give") { (task: ScheduledTask) in try given.give(task) }
        }
        try runtime.run(
            """
            local tasks = require "tasks"
            give(tasks.every(3600, function() end))
            tasks.every(0.001, function(task) give(task) while true do end end)
            tasks.every(0.001, function(task) give(task) require("threading").Event():wait() end, {overlap = 2})
            """)
        let tasks = [try given.take(), try given.take(), try given.take(), try given.take()]
        #expect(runtime.shutdown(seconds: 60))
        for task in tasks {
            #expect(try task.join(until: Deadline(after: 60)))
            #expect(task.phase == .cancelled && task.running == 0)
        }
    }

    @Test func aDroppedRuntimeCancelsItsTasksAndLetsGoOfThem() throws {
        let given = Given()
        weak var dropped: ScheduledTask?
        do {
            let runtime = Runtime(policy: .configuration) { lua in
                try lua.set("give") { (task: ScheduledTask) in try given.give(task) }
            }
            try runtime.run("give(require('tasks').every(3600, function() end))")
            let task = try given.take()
            dropped = task
            #expect(task.isActive)
        }
        if let task = dropped { #expect(try task.join(until: Deadline(after: 60))) }
        // The thread that lets go of it last may still be on its way out.
        let end = Deadline(after: 60)
        while dropped != nil, !end.hasPassed { try Waiter.current.sleep(until: Deadline(after: 0.001)) }
        #expect(dropped == nil)
    }
}
