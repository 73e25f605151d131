import NightjarConcurrency
import NightjarLogging
import NightjarLua
import NightjarModules
import Synchronization
import Testing

/// Executors of scripts as a program in Swift uses them.
@Suite(.serialized) struct ScriptExecutorTests {
    /// Counts itself: interpreters that were not closed keep theirs.
    final class Probe: CrossesThreads {
        private static let count = Atomic(0)
        static var alive: Int { count.load(ordering: .acquiring) }
        init() { Self.count.add(1, ordering: .acquiringAndReleasing) }
        deinit { Self.count.subtract(1, ordering: .acquiringAndReleasing) }
        static let luaType = LuaType("Probe", for: Probe.self) { _ in }
    }

    private static let patience = 60.0

    private func environment() -> ScriptEnvironment {
        ScriptEnvironment(options: LuaState.Options(libraries: .everything), logging: LoggingSystem()) { state in
            try state.set("probe", Probe())
        }
    }

    /// Packs what the script returns: a function and its arguments.
    private func pack(_ script: String, in state: LuaState) throws -> PackedValues {
        let results = try state.run(state.load(script, name: "script"), arguments: [])
        return try state.withStack { stack throws(LuaError) in
            let first = stack.top + 1
            for result in results { try result.push(to: stack) }
            return Result { try PackedValues(from: first, of: stack) }
        }.get()
    }

    /// The texts of the values.
    private func unpack(_ values: PackedValues, in state: LuaState) throws -> [String] {
        try state.withStack { stack throws(LuaError) in
            let first = stack.top + 1
            try values.push(to: stack)
            var texts: [String] = []
            for index in first..<first + Int32(values.count) {
                try stack.pushToString(index)
                texts.append(stack.string(at: -1))
                stack.pop()
            }
            return texts
        }
    }

    private func end(_ environment: ScriptEnvironment) {
        #expect(environment.stop(seconds: Self.patience))
    }

    @Test func aProgramSubmitsAFunctionOfAScriptAndAwaitsItsResults() async throws {
        let environment = environment()
        let executor = ScriptExecutor(environment, maxWorkers: 2, namePrefix: "swift")
        let call: PackedValues
        do {
            let state = try environment.makeState()
            defer { state.close() }
            call = try pack(
                "return function(a, b) return a + b, require('threading').current_thread().name end, 3, 4", in: state)
        }
        let results = try await executor.submit(call).value
        #expect(results.count == 2)
        let state = try environment.makeState()
        defer { state.close() }
        #expect(try unpack(results, in: state) == ["7", "swift_0"])
        executor.close()
        #expect(try executor.wait(until: Deadline(after: Self.patience)))
        end(environment)
    }

    @Test func anErrorOfTheScriptIsThrownWithClassMessageAndTraceback() async throws {
        let environment = environment(), executor = ScriptExecutor(environment, maxWorkers: 1, namePrefix: "")
        let state = try environment.makeState()
        defer { state.close() }
        let call = try pack(
            "return function() error(require('exceptions').KeyError('k')) end", in: state)
        let error = await #expect(throws: CrossedError.self) { try await executor.submit(call).value }
        #expect(error?.className == "KeyError" && error?.message == "k")
        #expect(error?.traceback.contains("script:1: in function <script:1>") == true)
        end(environment)
    }

    @Test func whatCannotCrossIsRefusedWhenItIsPacked() throws {
        let environment = environment(), state = try environment.makeState()
        defer { state.close() }
        let error = #expect(throws: (any Error).self) {
            try pack("return print, 1, coroutine.create(print)", in: state)
        }
        #expect("\(LuaError.wrapping(try #require(error)))" == "cannot pass to another thread: args[2]: a coroutine")
        end(environment)
    }

    @Test func aProgramUsesTheExecutorAndTheFutureOfAScript() async throws {
        let environment = environment(), state = try environment.makeState()
        try state.run(
            """
            futures = require "futures"
            ex = futures.ThreadPoolExecutor(1)
            gate = require("threading").Event()
            future = ex:submit(function() gate:wait() return "from the script" end)
            """)
        let future = try state.get("future", as: ScriptFuture.self)
        let executor = try state.get("ex", as: ScriptExecutor.self)
        let second = try executor.submit(pack("return function() return 2 end", in: state))
        #expect(second.cancel())
        #expect(!future.isDone)
        try state.run("gate:set()")
        let values = try await future.value
        #expect(try unpack(values, in: state) == ["from the script"])
        state.close()
        end(environment)
    }

    /// Swift's thread has no interpreter: the callback of the script runs on one of its own.
    @Test func cancellingInSwiftRunsTheCallbacksOfTheScript() throws {
        let environment = environment(), state = try environment.makeState()
        try state.run(
            """
            future = require("futures").Future()
            answers = require("queue").Queue()
            future:add_done_callback(function(f)
                answers:put(f == future and f:cancelled() and require("threading").current_thread().name)
            end)
            """)
        #expect(try state.get("future", as: ScriptFuture.self).cancel())
        try state.run("assert(answers:get(true, 60) == 'FutureCallbacks_0')")
        state.close()
        end(environment)
    }

    // MARK: The end

    @Test func stoppingCancelsWhatIsPendingAndInterruptsWhatRuns() throws {
        let environment = environment(), state = try environment.makeState()
        let alive = Probe.alive
        try state.run(
            """
            local futures = require "futures"
            local began = require("queue").Queue()
            ex = futures.ThreadPoolExecutor(2)
            busy = ex:submit(function() began:put(1) while true do end end)
            waiting = ex:submit(function() began:put(1) require("threading").Event():wait() end)
            pending = ex:submit(print)
            for _ = 1, 2 do began:get() end
            """)
        let futures = try ["busy", "waiting", "pending"].map { try state.get($0, as: ScriptFuture.self) }
        end(environment)
        for future in futures { #expect(future.isDone) }
        #expect(futures[2].isCancelled)
        #expect(throws: CrossedError.self) { try futures[0].result(until: .passed) }
        try state.run("local ok, e = pcall(ex.submit, ex, print) assert(not ok)")
        #expect(Probe.alive == alive)
        state.close()
    }

    @Test func waitingForTheThreadsIsTheEndOfTheWorkAndNotOfTheProgram() throws {
        let environment = environment(), state = try environment.makeState()
        let script = """
            local ex = require("futures").ThreadPoolExecutor(2)
            results = require("queue").Queue()
            for i = 1, 20 do ex:submit(function(i) results:put(i) end, i) end
            kept = ex
            """
        for _ in 0..<2 {
            try state.run(script)
            #expect(try environment.joinThreads())
            try state.run("assert(results:qsize() == 20)")
            try state.run(
                "local ok, e = pcall(kept.submit, kept, print) assert(tostring(e):find('interpreter shutdown'), e)")
        }
        state.close()
        end(environment)
    }

    @Test func theEndOfScriptsMeansNothingToAnExecutorOfTheProgram() throws {
        let environment = environment(), executor = ScriptExecutor(environment, maxWorkers: 1, namePrefix: "program")
        let state = try environment.makeState()
        defer { state.close() }
        for number in 1...3 {
            let results = try executor.submit(pack("return math.abs, -\(number)", in: state)).result()
            #expect(try unpack(results, in: state) == ["\(number)"])
            #expect(try environment.joinThreads())
        }
        end(environment)
    }

    @Test func aForgottenExecutorEndsAfterItsWork() throws {
        let environment = environment(), state = try environment.makeState()
        try state.run(
            """
            local futures = require "futures"
            fs = {}
            do
                local ex = futures.ThreadPoolExecutor(2)
                -- The jobs hold their executor, and so do the interpreters that have seen it.
                for i = 1, 10 do fs[i] = ex:submit(function(ex, i) return ex and i end, ex, i) end
            end
            workers = require("threading").enumerate()
            collectgarbage() collectgarbage()
            for i = 2, #workers do workers[i]:join(60) assert(not workers[i]:is_alive()) end
            for i, f in ipairs(fs) do assert(f:result(0) == i) end
            """)
        state.close()
        end(environment)
    }

    @Test func nothingIsLeftBehind() throws {
        let alive = Probe.alive
        for round in 0..<30 {
            let environment = environment(), state = try environment.makeState()
            try state.run(
                """
                local futures, round = require "futures", ...
                local ex = futures.ThreadPoolExecutor(3)
                local own = futures.Future()
                -- Callbacks that hold their future and their executor, of futures that are never done.
                own:add_done_callback(function() return own, ex end)
                local fs = {}
                for i = 1, 20 do
                    fs[i] = ex:submit(function(p, i) if i % 5 == 0 then error{p} end return {p, i} end, probe, i)
                    fs[i]:add_done_callback(function(f) return f, ex, probe end)
                end
                if round % 3 == 0 then ex:shutdown(true, {cancel_futures = true}) end
                if round % 3 == 1 then for f in futures.as_completed(fs) do pcall(f.result, f) end end
                """, arguments: ["\(round)"])
            state.close()
            end(environment)
        }
        #expect(Probe.alive == alive)
    }
}

extension LuaState {
    fileprivate func run(_ script: String, arguments: [String] = []) throws {
        _ = try run(load(script, name: "script"), arguments: arguments)
    }
}
