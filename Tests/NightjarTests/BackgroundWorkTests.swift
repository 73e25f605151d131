import Nightjar
import Testing

/// What a Swift program and its scripts hand each other: items of queues, calls on executors, threads and tasks.
@Suite struct BackgroundWorkTests {
    /// A runtime whose scripts have two queues of the program's.
    final class Program: Sendable {
        let jobs = ScriptQueue(maxsize: 100)
        let results = ScriptQueue()
        let runtime: Runtime

        init() {
            let (jobs, results) = (jobs, results)
            runtime = Runtime(policy: .trusted) { lua in
                try lua.set("jobs", jobs)
                try lua.set("results", results)
            }
        }

        deinit { runtime.shutdown(seconds: 60) }
    }

    let program = Program()

    @Test func aScriptWorksOnItemsThatSwiftPuts() throws {
        try program.runtime.run(
            """
            require("threading").Thread{target = function()
              for job in jobs:items() do results:put{id = job.id, sum = job.values[1] + job.values[2], tags = {"done"}} end
              results:shutdown()
            end}:start()
            """)
        for id in 1...3 { try program.jobs.put(["id": LuaData(id), "values": [1.5, LuaData(id)]]) }
        program.jobs.shutdown()
        for id in 1...3 {
            let result = try program.results.next()
            #expect(result["id"].integer == id)
            #expect(result["sum"] == .number(1.5 + Double(id)))
            #expect(result["tags"].elements == ["done"])
        }
        #expect(throws: QueueError.shutDown) { try program.results.next() }
    }

    @Test func valuesSurviveTheWayThereAndBack() throws {
        try program.runtime.run(
            """
            require("threading").Thread{target = function() while true do results:put(jobs:get()) end end, daemon = true}:start()
            """)
        let values: [LuaData] = [
            nil, true, false, 0, -1, 111, 112, -17, .integer(.min), .integer(.max), 0.5, .number(-0.0), "", "é",
            .string(String(repeating: "x", count: 100)),
            .bytes([0xFF, 0, 0xFE]), [1, "two", [3, [4]]], ["a": 1, 2: "b", true: nil, 2.5: [:]], [:], [1, nil, 3],
            .init(program.jobs),
            .array((0..<1000).map { .integer($0) }),
        ]
        for value in values {
            try program.jobs.put(value)
            let back = try program.results.next()
            switch value {
            case [1, nil, 3]: #expect(back == [1: 1, 3: 3])
            case ["a": 1, 2: "b", true: nil, 2.5: [:]]: #expect(back == ["a": 1, 2: "b", 2.5: [:]])
            default: #expect(back == value)
            }
        }
        #expect(LuaData(program.jobs).object(as: ScriptQueue.self) === program.jobs)
    }

    @Test func whatIsNoDataIsAnErrorThatSaysWhat() throws {
        try program.runtime.run(
            """
            local shared, cycle = {1}, {}
            cycle.self = cycle
            local deep = {}
            for _ = 1, 200 do deep = {deep} end
            for _, value in ipairs{function() end, print, setmetatable({}, {}), cycle, deep} do results:put(value) end
            results:put{shared, shared, {shared}}
            """)
        for expected in [
            LuaDataError.notData("a function"), .notData("a function"), .notData("a table with a metatable"), .cycle,
            .tooDeep(limit: 128),
        ] { #expect(throws: expected) { try program.results.next() } }
        #expect(try program.results.next() == [[1], [1], [[1]]])
        let deep = (0..<200).reduce(LuaData.integer(1)) { value, _ in [value] }
        #expect(throws: LuaDataError.tooDeep(limit: 128)) { try program.jobs.put(deep) }
    }

    @Test func priorityQueuesOrderWhatSwiftPuts() throws {
        let byKey = ScriptQueue(.priority, key: .name("rank"))
        for rank in [3, 1, 2] { try byKey.put(["rank": LuaData(rank), "other": "x"]) }
        #expect(try (0..<3).map { _ in try byKey.next()["rank"].integer } == [1, 2, 3])
        let plain = ScriptQueue(.priority)
        for item: LuaData in [[2, "a"], [1, "b"], [1, "a"]] { try plain.put(item) }
        #expect(try plain.next() == [1, "a"])
        #expect(throws: QueueError.self) { try plain.put("no list") }
        #expect(throws: QueueError.self) { try plain.put(["no": "order"]) }
    }

    @Test func swiftTasksIterateOverAQueue() async throws {
        let sum = Task { [results = program.results] in
            var sum = 0
            for try await item in results.items { sum += item.integer ?? 0 }
            return sum
        }
        try program.runtime.run("for i = 1, 100 do results:put(i) end results:shutdown()")
        #expect(try await sum.value == 5050)
    }

    @Test func aCancelledTaskTakesNoItem() async throws {
        let task = Task { [results = program.results] in
            var iterator = results.items.makeAsyncIterator()
            return try await iterator.next()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try program.results.put(7)
        #expect(try program.results.next() == 7)
    }

    @Test func aTaskAwaitsWhatALuaFunctionReturns() async throws {
        let executor = program.runtime.makeExecutor(maxWorkers: 2)
        let future = try submit(
            executor, "local base = 100 return function(a, b) return base + a * b, {a, b} end", 6, 7)
        #expect(try await future.values == [142, [6, 7]])
        let source = try executor.submit(source: "local a, b = ... return a .. b, select('#', ...)", "x", "y")
        #expect(try await source.values == ["xy", 2])
        #expect(try source.waitForValues() == ["xy", 2])
        executor.close()
        #expect(throws: ExecutorError.self) { try executor.submit(source: "return 1") }
    }

    @Test func errorsOfACallKeepClassMessageAndTraceback() async throws {
        let executor = program.runtime.makeExecutor()
        let future = try executor.submit(source: "error(require('exceptions').ValueError('bad row'))", name: "job.lua")
        let error = await #expect(throws: CrossedError.self) { try await future.values }
        #expect(error?.className == "ValueError" && error?.message == "bad row")
        #expect(error?.traceback.contains("job.lua:1") == true)
        let wrong = try executor.submit(source: "this is no Lua")
        await #expect(throws: CrossedError.self) { try await wrong.values }
        let refused = #expect(throws: TransferError.self) {
            try submit(executor, "local co = coroutine.create(print) return function() return co end")
        }
        #expect(refused?.description == "cannot pass to another thread: target.upvalue 'co': a coroutine")
    }

    /// What a script returns as a function, on an executor.
    private func submit(_ executor: ScriptExecutor, _ source: String, _ arguments: LuaData...) throws -> ScriptFuture {
        let lua = try program.runtime.makeState()
        defer { lua.close() }
        guard case .function(let function)? = try lua.run(source).first else { throw LuaError(.usage, "no function") }
        return try executor.submit(function, of: lua, arguments: arguments)
    }

    @Test func pendingCallsCanBeCancelledAndRunningThreadsStopped() async throws {
        let executor = program.runtime.makeExecutor(maxWorkers: 1, namePrefix: "busy")
        let endless = try executor.submit(source: "require('queue') results:put('begun') while true do end")
        let pending = try executor.submit(source: "return 1")
        #expect(try program.results.next() == "begun")
        #expect(pending.cancel())
        await #expect(throws: FutureError.cancelled) { try await pending.values }
        #expect(!endless.cancel())
        let thread = try #require(program.runtime.threads.first)
        #expect(thread.threadName == "busy_0" && thread.isRunning)
        #expect(thread.stop())
        await #expect(throws: CrossedError.self) { try await endless.values }
        #expect(try thread.waitForEnd())
        #expect(!thread.isRunning && !thread.stop())
    }

    @Test func scriptsAndSwiftShareLocksAndEvents() throws {
        let lock = Lock(), event = Event()
        let runtime = Runtime(policy: .trusted) { lua in
            try lua.set("lock", lock)
            try lua.set("event", event)
        }
        defer { runtime.shutdown(seconds: 60) }
        try lock.acquire()
        try runtime.run(
            """
            require("threading").Thread{target = function()
              local held <close> = lock:hold()
              event:set()
            end}:start()
            """)
        #expect(!event.isSet)
        try lock.release()
        #expect(try event.wait())
    }
}
