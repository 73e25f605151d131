import Foundation
import Testing

/// What a program says on standard error about its threads, and how they and its end go together.
@Suite(.serialized) struct ThreadReportTests {
    private func run(_ text: String) throws -> Program {
        let folder = try Folder()
        try folder.write("s.lua", text)
        return try withExtendedLifetime(folder) { try Program.run("nightjar", ["run", "s.lua"], in: folder.url) }
    }

    @Test func anUncaughtErrorIsToldInPythonsWordsWithLuasTraceback() throws {
        let program = try run(
            """
            local threading, exceptions = require "threading", require "exceptions"
            local function fail(what) error(what) end
            local function run(what)
              local t = threading.Thread { target = fail, args = { what } }
              t:start()
              t:join()
            end
            run(exceptions.ValueError("run failed"))
            run(exceptions.ValueError())
            run("plain")
            run(exceptions.SystemExit(3))
            local BadRow = exceptions.ValueError:subclass("BadRow")
            run(BadRow("row 7"))
            """)
        let traceback = "stack traceback:\n\ts.lua:2: in function <s.lua:2>"
        #expect(
            program.errors == """
                Exception in thread Thread-1 (fail):
                \(traceback)
                ValueError: run failed
                Exception in thread Thread-2 (fail):
                \(traceback)
                ValueError
                Exception in thread Thread-3 (fail):
                \(traceback)
                RuntimeError: s.lua:2: plain
                Exception in thread Thread-5 (fail):
                \(traceback)
                BadRow: row 7

                """)
        #expect(program.exitCode == 0)
    }

    @Test func aFailingHookIsToldAfterTheErrorThatItWasFor() throws {
        let program = try run(
            """
            local threading, exceptions = require "threading", require "exceptions"
            threading.excepthook = function() error(exceptions.KeyError("hook failed")) end
            local t = threading.Thread { name = "worker", target = function() error(exceptions.ValueError("run failed")) end }
            t:start()
            t:join()
            """)
        #expect(
            program.errors == """
                Exception in thread worker:
                stack traceback:
                \ts.lua:3: in function <s.lua:3>
                ValueError: run failed
                Exception in threading.excepthook:
                stack traceback:
                \ts.lua:2: in function <s.lua:2>
                KeyError: hook failed

                """)
    }

    @Test func aHookThatFailsWithSystemExitBeforeItIsToldAlone() throws {
        let program = try run(
            """
            local threading, exceptions = require "threading", require "exceptions"
            threading.excepthook = function() error(exceptions.KeyError("hook failed")) end
            local t = threading.Thread { target = function() error(exceptions.SystemExit(3)) end }
            t:start()
            t:join()
            """)
        #expect(
            program.errors == """
                Exception in threading.excepthook:
                stack traceback:
                \ts.lua:2: in function <s.lua:2>
                KeyError: hook failed

                """)
        #expect(program.exitCode == 0)
    }

    @Test func theHookCanBeCalledByHand() throws {
        let program = try run(
            """
            local threading, exceptions = require "threading", require "exceptions"
            local Args = threading.ExceptHookArgs
            threading.excepthook(Args { exceptions.ValueError, exceptions.ValueError("bug"), nil, nil })
            threading.excepthook(Args { exceptions.SystemExit, exceptions.SystemExit(1) })
            threading.excepthook(Args { exc_value = "text", thread = threading.main_thread() })
            """)
        #expect(
            program.errors == """
                Exception in thread 1:
                ValueError: bug
                Exception in thread MainThread:
                RuntimeError: text

                """)
    }

    @Test func fieldsThatCannotComeBackAreToldOfAndTheOthersComeBack() throws {
        let program = try run(
            """
            local threading = require "threading"
            local Worker = threading.Thread:subclass("Worker")
            function Worker:run()
              self.ok, self.log, self.deep, self[1], self[2] = true, io.stdout, { a = { coroutine.create(print) } }, print, "two"
              self[coroutine.create(print)] = true
            end
            local worker = Worker { name = "worker" }
            worker:start()
            worker:join()
            print(worker.ok, worker.log, worker.deep, worker[1] == print, worker[2])
            local Cancelled = threading.Thread:subclass("Cancelled")
            function Cancelled:run() self.file = io.stdout while true do end end
            local c = Cancelled()
            c:start()
            while not c.ident do end
            c:cancel()
            c:join()
            """)
        #expect(program.output == "true\tnil\tnil\ttrue\ttwo\n")
        let lines = Set(program.errors.split(separator: "\n"))
        let start = "RuntimeWarning: thread 'worker' leaves a field behind: cannot pass to another thread: "
        #expect(
            lines == [
                "\(start)self.log: an open Lua file", "\(start)self.deep.a[1]: a coroutine",
                "\(start)a key of self: a coroutine",
            ])
    }

    @Test func theProgramWaitsForThreadsWhichMayWaitForItsMainThread() throws {
        let program = try run(
            """
            local threading = require "threading"
            local main = threading.main_thread()
            threading.Thread { target = function()
              main:join()
              print("main has ended", main:is_alive(), threading.current_thread():is_alive())
            end }:start()
            threading.Thread { target = function() require "queue".Queue():get() end, daemon = true }:start()
            print("main ends", main:is_alive())
            io.stdout:flush()
            threading.Timer(0.01, function() print("timer") end):start()
            """)
        #expect(program.output.hasPrefix("main ends\ttrue\n"))
        #expect(program.output.contains("main has ended\tfalse\ttrue\n"))
        #expect(program.output.contains("timer\n"))
        #expect(program.errors.isEmpty && program.exitCode == 0)
    }

    @Test func aThreadCanCancelTheMainOne() throws {
        let program = try run(
            """
            local threading = require "threading"
            local t = threading.Thread { target = function() threading.main_thread():cancel() end }
            local closed <close> = setmetatable({}, { __close = function() print("cleaned up") end })
            t:start()
            pcall(function() while true do end end)
            print("not reached")
            """)
        #expect(program.output == "cleaned up\n")
        #expect(program.errors.hasPrefix("nightjar: s.lua:5: cancelled\n") && program.exitCode == 1)
    }

    @Test func theEndWaitsForThreadsAfterAnErrorToo() throws {
        let program = try run(
            """
            local threading = require "threading"
            local gate = threading.Event()
            threading.Thread { target = function() gate:wait() print("woke up", threading.main_thread().name) end }:start()
            threading.Timer(0.01, function() gate:set() end):start()
            error(require "exceptions".SystemExit(3))
            """)
        #expect(program.output == "woke up\tMainThread\n")
        #expect(program.errors.isEmpty && program.exitCode == 3)
    }
}
