import Testing

/// Executors at the end of a program.
@Suite struct FutureProgramTests {
    @Test func workThatIsPendingAtTheEndIsDone() throws {
        let program = try Program.script(
            """
            local ex = require("futures").ThreadPoolExecutor(2)
            local gate = require("threading").Event()
            for i = 1, 5 do ex:submit(function(i) gate:wait() io.write("apple" .. i .. "\\n") end, i) end
            ex:submit(function() end)
            gate:set()
            """)
        #expect(program.output.split(separator: "\n").sorted() == (1...5).map { "apple\($0)" })
        #expect(program.exitCode == 0 && program.errors.isEmpty, "\(program.errors)")
    }

    @Test func soItIsAfterAShutdownWithoutWaiting() throws {
        let program = try Program.script(
            """
            local ex = require("futures").ThreadPoolExecutor(3)
            local gate = require("threading").Event()
            ex:submit(function() gate:wait() print("apple") end)
            ex:shutdown(false)
            gate:set()
            """)
        #expect(program.output == "apple\n" && program.exitCode == 0)
    }

    @Test func soItIsWhenTheScriptFails() throws {
        let program = try Program.script(
            """
            local ex = require("futures").ThreadPoolExecutor(1)
            for i = 1, 3 do ex:submit(print, i) end
            error("main failed")
            """)
        #expect(program.output == "1\n2\n3\n" && program.exitCode == 1)
        #expect(program.errors.contains("main failed"))
    }

    @Test func pendingFuturesCanBeCancelledAtTheEnd() throws {
        let program = try Program.script(
            """
            local ex = require("futures").ThreadPoolExecutor(1)
            local gate, began = require("threading").Event(), require("threading").Event()
            ex:submit(function() began:set() gate:wait() print("first") end)
            for i = 1, 20 do ex:submit(print, i) end
            began:wait()
            ex:shutdown(false, {cancel_futures = true})
            gate:set()
            """)
        #expect(program.output == "first\n" && program.exitCode == 0)
    }

    /// The job goes on submitting until the main script is over.
    @Test func nothingCanBeSubmittedOnceTheScriptIsOver() throws {
        let program = try Program.script(
            """
            local futures = require "futures"
            local ex = futures.ThreadPoolExecutor(2)
            ex:submit(function(ex)
                local ok, e
                repeat
                    ok, e = pcall(ex.submit, ex, function() end)
                    if ok then e:result() end
                until not ok
                print(e.class, e)
                local other = futures.ThreadPoolExecutor(1)
                print(pcall(other.submit, other, print))
            end, ex)
            """)
        let line = "cannot schedule new futures after interpreter shutdown"
        #expect(program.output == "<class 'RuntimeError'>\t\(line)\nfalse\t\(line)\n", "\(program.errors)")
    }

    @Test func whatPythonLogsGoesToStandardError() throws {
        let program = try Program.script(
            """
            local futures = require "futures"
            local f = futures.Future()
            f:set_result(5)
            f:add_done_callback(function() error("doh!") end)
            local ex = futures.ThreadPoolExecutor{initializer = function() error("not ready") end}
            ex:submit(print)
            """)
        #expect(program.errors.contains("exception calling callback for <Future at 0x"))
        #expect(program.errors.contains("RuntimeError: stdin:4: doh!"))
        #expect(program.errors.contains("Exception in initializer:\nstack traceback:"))
        #expect(program.errors.contains("RuntimeError: stdin:5: not ready"))
        #expect(program.exitCode == 0)
    }

    @Test func jobsThatWaitForEachOtherAreADeadlock() throws {
        let program = try Program.script(
            """
            local futures, queue = require "futures", require "queue"
            local ex = futures.ThreadPoolExecutor(2)
            local first, second = queue.Queue(), queue.Queue()
            local function wait_on(q) return q:get():result() end
            local a, b = ex:submit(wait_on, first), ex:submit(wait_on, second)
            first:put(b)
            second:put(a)
            local e = a:exception()
            print(e.class)
            local one = futures.ThreadPoolExecutor(1)
            print(one:submit(function(one) return one:submit(math.abs, 1):result() end, one):exception().class)
            """)
        #expect(
            program.output == "<class 'threading.DeadlockError'>\n<class 'threading.DeadlockError'>\n",
            "\(program.errors)")
    }

    @Test func oneThatNobodyAsksForIsReported() throws {
        let program = try Program.script(
            """
            local futures = require "futures"
            local ex = futures.ThreadPoolExecutor(1)
            ex:submit(function() return futures.Future():result() end)
            """)
        #expect(program.errors.contains("Exception in thread ThreadPoolExecutor-0_0:"), "\(program.errors)")
        #expect(program.errors.contains("threading.DeadlockError: deadlock: "))
        #expect(program.exitCode == 1)
    }
}
