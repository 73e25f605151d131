import Foundation
import Testing

/// What scheduled tasks mean for the end of a program.
@Suite struct TaskProgramTests {
    @Test func aTaskKeepsTheProgramRunningUntilItEnds() throws {
        let program = try Program.script(
            """
            local tasks = require "tasks"
            tasks.every(0.01, function(task)
              print("run " .. task.runs)
              if task.runs == 3 then task:cancel() end
            end)
            tasks.after(0.02, function() print("later") end)
            """)
        #expect(program.output.split(separator: "\n").sorted() == ["later", "run 1", "run 2", "run 3"])
        #expect(program.exitCode == 0 && program.errors.isEmpty)
    }

    @Test func aDaemonTaskDoesNot() throws {
        let program = try Program.script(
            """
            local tasks, started = require "tasks", require "threading".Event()
            tasks.every(0.001, function() started:set() require "threading".Event():wait() end, {daemon = true})
            tasks.cron("* * * * *", print, {daemon = true})
            started:wait()
            print "the end"
            """)
        #expect(program.output == "the end\n" && program.exitCode == 0 && program.errors.isEmpty, "\(program.errors)")
    }

    @Test func aFailingRunIsReportedLikeAThread() throws {
        let folder = try Folder()
        try folder.write(
            "s.lua",
            """
            local function poll(task)
              if task.runs == 2 then task:cancel() end
              local row = nil
              return row.id
            end
            require("tasks").every(0.001, poll, {name = "poller"})
            """)
        let program = try Program.run("nightjar", ["run", "s.lua"], in: folder.url)
        let report = """
            Exception in thread poller:
            stack traceback:
            \ts.lua:4: in function <s.lua:1>
            RuntimeError: s.lua:4: attempt to index a nil value (local 'row')

            """
        #expect(program.errors == report + report)
        #expect(program.exitCode == 0)
    }

    @Test func controlCEndsTheTasks() throws {
        let folder = try Folder()
        try folder.write(
            "s.lua",
            """
            require("tasks").every(3600, print)
            require("tasks").every(0.001, function(task)
              if task.runs == 1 then print "ready" io.stdout:flush() end
              while true do end
            end)
            """)
        let program = try Program.run("nightjar", ["run", "s.lua"], in: folder.url) { process, output in
            _ = output.availableData
            kill(process.processIdentifier, SIGINT)
        }
        #expect(program.exitCode == 1 && program.errors.contains("interrupted!"), "\(program.errors)")
    }
}
