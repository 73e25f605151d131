import Nightjar
import NightjarConcurrency
import Testing

/// Threads of the application that run scripts themselves.
@Suite(.serialized) struct ForeignThreadTests {
    /// Runs a script in an interpreter on a thread of its own.
    private func onAnotherThread(_ runtime: Runtime, _ source: String) throws {
        let outcome = Completion<Result<Void, any Error>>()
        _ = try NativeThread.start(name: "foreign") {
            outcome.complete(
                Result {
                    let state = try runtime.makeState()
                    defer { state.close() }
                    try state.run(source)
                })
        }
        try #require(try outcome.wait()).get()
    }

    @Test func theyAreDummiesThatNobodyCanJoin() throws {
        let runtime = Runtime(policy: .trusted)
        defer { runtime.shutdown() }
        let main = try runtime.makeState()
        defer { main.close() }
        try onAnotherThread(
            runtime,
            """
            local threading = require "threading"
            local me = threading.current_thread()
            assert(me == threading.current_thread() and me ~= threading.main_thread())
            assert(me.name:find("^Dummy%-%d+$"), me.name)
            assert(me.daemon and me:is_alive() and me.state == "running" and threading.Thread:is(me))
            assert(me.ident == threading.get_ident() and me.native_id == threading.get_native_id())
            assert(tostring(me) == "<_DummyThread(" .. me.name .. ", started daemon " .. me.ident .. ")>", tostring(me))
            assert(#threading.enumerate() == 2 and threading.enumerate()[2] == me)
            assert(threading.main_thread().ident ~= me.ident)
            local t = threading.Thread { target = function() return me:is_alive(), pcall(me.join, me) end, daemon = false }
            t:start()
            local alive, ok, problem = t:result()
            assert(alive and not ok and tostring(problem) == "cannot join a dummy thread", problem)
            ok, problem = pcall(me.cancel, me)
            assert(not ok and tostring(problem) == "cannot cancel a dummy thread", problem)
            assert(threading.Thread().daemon)
            """)
        // It goes with its thread.
        try main.run(
            """
            local threading = require "threading"
            assert(threading.current_thread() == threading.main_thread())
            while #threading.enumerate() > 1 do threading.Event():wait(0.001) end
            """)
    }

    @Test func aFilterThatRunsOnAThreadKnowsThatThread() throws {
        let runtime = Runtime(policy: .trusted)
        defer { runtime.shutdown() }
        try runtime.run(
            """
            local threading, logging, queue = require "threading", require "logging", require "queue"
            local seen = queue.Queue()
            local log = logging.getLogger("threads")
            log:setLevel("INFO")
            log:addHandler(logging.NullHandler())
            log:addFilter(function() seen:put(threading.current_thread().name) return true end)
            log:info("from main")
            local t = threading.Thread { name = "worker", target = function() log:info("from a thread") end }
            t:start()
            t:join()
            assert(seen:get() == "MainThread" and seen:get() == "worker")
            """)
    }

    @Test func aThreadWhoseInterpreterCannotBeMadeHasFailed() throws {
        struct Refused: Error {}
        let isOpen = Completion<Bool>()
        let runtime = Runtime(policy: .trusted) { _ in if isOpen.isComplete { throw Refused() } }
        defer { runtime.shutdown() }
        let state = try runtime.makeState()
        defer { state.close() }
        isOpen.complete(true)
        try state.run(
            """
            local threading = require "threading"
            local t = threading.Thread { target = function() end }
            t:start()
            t:join()
            assert(t.state == "failed" and not t:is_alive() and t.ident == nil)
            assert(not pcall(t.result, t))
            """)
    }
}
