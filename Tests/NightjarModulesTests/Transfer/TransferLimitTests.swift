import NightjarConcurrency
import NightjarLogging
import NightjarLua
@testable import NightjarModules
import Testing

/// Messages between interpreters that may do different things.
@Suite struct TransferLimitTests {
    /// An interpreter with the global `q`.
    private func makeState(
        _ queue: ScriptQueue, libraries: LuaLibraries = .scripting, memoryLimit: Int? = nil,
        allowsFinalizers: Bool = false
    ) throws -> LuaState {
        let options = LuaState.Options(
            libraries: libraries, memoryLimit: memoryLimit, allowsFinalizers: allowsFinalizers)
        let state = try ScriptEnvironment(options: options, logging: LoggingSystem()).makeState()
        try state.set("q", queue)
        return state
    }

    @Test(arguments: [
        "local t = {} for i = 1, 100000 do t[i] = {i} end q:put(t)", "q:put(('x'):rep(20 << 20))",
        "local t = {} for i = 1, 3000000 do t[i] = i end q:put(t)",
        "local f = function() end for i = 1, 30000 do local g = f f = function() return g end end q:put(f)",
    ])
    func whatDoesNotFitIsNotEnoughMemoryToTheReceiver(_ script: String) throws {
        let queue = ScriptQueue()
        let sender = try makeState(queue), receiver = try makeState(queue, memoryLimit: 4 << 20)
        try sender.run(script)
        try receiver.run("local ok, e = pcall(q.get, q) assert(not ok and e == 'not enough memory', e)")
        // Far less than the message takes was tried, and it is as good as new.
        #expect(receiver.peakMemory < 8 << 20)
        try sender.run("q:put {1, 2, 3}")
        try receiver.run("assert(#q:get() == 3)")
    }

    @Test func aSenderNeedsNoMemoryOfItsOwn() throws {
        let queue = ScriptQueue()
        let state = try makeState(queue, memoryLimit: 4 << 20)
        try state.run("local t = ('x'):rep(1 << 20) for i = 1, 20 do q:put({t}) end assert(q:qsize() == 20)")
    }

    @Test func anInterruptionEndsALongMessageOnBothSides() throws {
        let state = try makeState(ScriptQueue()), handle = state.interruptHandle
        let message = try state.withStack { stack throws(LuaError) in
            stack.newTable()
            for index in 1...100_000 {
                stack.newTable()
                stack.rawSet(-2, index)
            }
            return Result { try MessageEncoder.encode(stack, at: -1, as: .item) }
        }.get()
        // Ends each time inside the function, not by the hook after it.
        var hasReturned = false
        try state.set(
            "decode",
            raw: { call in
                handle.interrupt()
                try MessageDecoder.push(message, to: call.stack)
                hasReturned = true
                return 1
            })
        try state.set(
            "encode",
            raw: { call in
                try MessageDecoder.push(message, to: call.stack)
                handle.interrupt()
                _ = try MessageEncoder.encode(call.stack, at: -1, as: .item)
                hasReturned = true
                return 0
            })
        for script in ["decode()", "encode()"] {
            let error = #expect(throws: LuaError.self) { try state.run(script) }
            #expect(error?.kind == .interrupted)
            #expect(!hasReturned)
        }
        try state.run("local t = {{}} q:put(t) assert(#q:get() == 1)")
    }

    @Test func aFunctionThatTheReceiverMayNotHaveIsRefused() throws {
        let queue = ScriptQueue()
        let sender = try makeState(queue, libraries: .everything), receiver = try makeState(queue)
        try sender.run("q:put(os.execute) q:put({io.open}) q:put(function() return io.stdin end) q:put(string.rep)")
        for name in ["os.execute", "io.open"] {
            let message = "this interpreter has no '\(name)', which the sender's has"
            try receiver.run(
                "local ok, e = pcall(q.get, q) assert(not ok and tostring(e) == [[\(message)]], tostring(e))")
        }
        try receiver.run("assert(q:get()() == nil) assert(q:get() == string.rep)")
    }

    @Test func noMessageBringsAFinalizerWhereNoneIsAllowed() throws {
        let queue = ScriptQueue()
        let sender = try makeState(queue, allowsFinalizers: true), receiver = try makeState(queue)
        let script = "local m = {} m.__gc = function() ran = true end q:put({m, setmetatable({}, m)})"
        try sender.run(script)
        let survived =
            "local t = q:get() local same = getmetatable(t[2]) == t[1] and t[1].__gc ~= nil t = nil collectgarbage()"
        try receiver.run("\(survived) assert(same and ran == nil)")
        try sender.run(script)
        try sender.run("\(survived) assert(same and ran)")
    }
}
