import Glibc
import NightjarLua
import Synchronization
import Testing

/// How an interruption reaches its thread, and that nothing else of that thread is disturbed.
@Suite struct InterruptBoxTests {
    /// Two ends of a pipe to which nobody writes.
    private final class SilentPipe {
        private var ends: [Int32] = [0, 0]
        init() { #expect(pipe(&ends) == 0) }
        deinit { for end in ends { close(end) } }

        /// Waits in a system call; the error number when that ends.
        func read() -> Int32 {
            var byte: UInt8 = 0
            return Glibc.read(ends[0], &byte, 1) < 0 ? errno : 0
        }

        /// The same, for so many milliseconds; 0 if nothing has happened.
        func poll(milliseconds: Int32) -> Int32 {
            var place = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
            return Glibc.poll(&place, 1, milliseconds) < 0 ? errno : 0
        }
    }

    /// Notes what an interruption does to its thread.
    private final class Sleeper: LuaSleeper {
        private let state = Atomic(0)
        private static let final = 2
        func wake(isFinal: Bool) { state.bitwiseOr(isFinal ? 1 | Sleeper.final : 1, ordering: .sequentiallyConsistent) }
        func calm() { state.store(0, ordering: .sequentiallyConsistent) }
        var isAwake: Bool { state.load(ordering: .sequentiallyConsistent) != 0 }
        var isAwakeForGood: Bool { state.load(ordering: .sequentiallyConsistent) & Sleeper.final != 0 }
    }

    @Test func aCallThatBlocksAfterTheSignalHasComeIsReached() throws {
        let lua = try LuaState(), pipe = SilentPipe(), handle = lua.interruptHandle
        try lua.set("block") { () -> Int in
            // The signal comes here, where it interrupts nothing.
            handle.interrupt()
            return Int(pipe.read())
        }
        let error = #expect(throws: LuaError.self) { try lua.run("block() error('not reached')") }
        #expect(error?.interruption == .cancelled)
    }

    @Test func aCallInACloseHandlerIsReachedWhenTheGraceIsOver() throws {
        let lua = try LuaState(), pipe = SilentPipe(), handle = lua.interruptHandle
        try lua.set("cancel") { () in handle.interrupt(grace: 0.03) }
        try lua.set("block") { () -> Int in Int(pipe.read()) }
        let script = """
            local y <close> = setmetatable({}, {__close = function() closed = true end})
            local x <close> = setmetatable({}, {__close = function() code = block() closed = true end})
            cancel()
            while true do end
            """
        #expect(throws: LuaError.self) { try lua.run(script) }
        #expect(try lua.get("closed", as: Bool?.self) == nil)
    }

    @Test func whatHasBeenMetDisturbsNoCallAnyMore() throws {
        let lua = try LuaState(), pipe = SilentPipe(), handle = lua.interruptHandle, sleeper = Sleeper()
        lua.onInterrupt { sleeper }
        let results = Mutex<[Int32]>([])
        try lua.set("cancel") { () in handle.interrupt(grace: 60) }
        try lua.set("look") { () in
            results.withLock { $0.append(pipe.poll(milliseconds: 40)) }
            #expect(!sleeper.isAwake)
        }
        let script = """
            local x <close> = setmetatable({}, {__close = function() look() closed = true end})
            cancel()
            while true do end
            """
        for _ in 0..<5 {
            #expect(throws: LuaError.self) { try lua.run(script) }
            #expect(try lua.get("closed") == true)
            // Outside, where the thread goes about other things.
            results.withLock { $0.append(pipe.poll(milliseconds: 15)) }
            #expect(!sleeper.isAwake)
        }
        #expect(results.withLock { $0 } == Array(repeating: 0, count: 10))
    }

    @Test func aSleeperIsWokenUntilTheScriptKnowsAndForGoodAfterTheGrace() throws {
        let lua = try LuaState(), handle = lua.interruptHandle, sleeper = Sleeper()
        lua.onInterrupt { sleeper }
        try lua.set("wait") { (isFinal: Bool) in
            handle.interrupt(grace: isFinal ? 0.03 : 60)
            while !(isFinal ? sleeper.isAwakeForGood : sleeper.isAwake) {}
        }
        #expect(throws: LuaError.self) { try lua.run("wait(false)") }
        #expect(!sleeper.isAwake)
        #expect(throws: LuaError.self) { try lua.run("wait(true)") }
        #expect(!sleeper.isAwake)
    }

    @Test func theSleeperIsTheOneOfTheThreadThatUsesTheInterpreter() throws {
        // Used by one thread after the other.
        struct Moved: @unchecked Sendable { let lua: LuaState }
        let moved = Moved(lua: try LuaState()), handle = moved.lua.interruptHandle
        let made = Mutex<[(thread: pthread_t, sleeper: Sleeper)]>([])
        moved.lua.onInterrupt {
            let sleeper = Sleeper()
            made.withLock { $0.append((pthread_self(), sleeper)) }
            return sleeper
        }
        try moved.lua.set("wait") { () in
            handle.interrupt(grace: 60)
            let mine = made.withLock { $0.last }
            #expect(mine?.thread == pthread_self())
            while mine?.sleeper.isAwake != true {}
        }
        for _ in 0..<3 {
            onAnotherThread { _ = #expect(throws: LuaError.self) { try moved.lua.run("wait()") } }
        }
        #expect(made.withLock { $0.allSatisfy { !$0.sleeper.isAwake } })
    }

    @Test func anInterruptionOfAnIdleInterpreterWaitsForTheNextScriptWithAllItsGrace() throws {
        let lua = try LuaState()
        lua.interruptHandle.interrupt(grace: 60)
        #expect(lua.isInterrupted)
        let script = "local x <close> = setmetatable({}, {__close = function() closed = true end}) while true do end"
        let error = #expect(throws: LuaError.self) { try lua.run(script) }
        #expect(error?.kind == .interrupted)
        // The very first instruction raised.
        #expect(try lua.get("closed", as: Bool?.self) == nil)
        #expect(!lua.isInterrupted)
    }

    @Test func whoRunsNothingIsNotInterruptedOnRequest() throws {
        let lua = try LuaState(), handle = lua.interruptHandle
        #expect(!handle.interruptIfRunning())
        #expect(try lua.run("return 1").count == 1)
        try lua.set("cancel") { () in handle.interruptIfRunning() }
        #expect(throws: LuaError.self) { try lua.run("ok = cancel() while true do end") }
    }

    @Test func theFirstReasonIsToldAndTheShortestGraceCounts() throws {
        let lua = try LuaState(), handle = lua.interruptHandle
        try lua.set("cancel") { () in
            handle.interrupt(.keyboard, grace: 1_000)
            handle.interrupt(.cancelled, grace: 0.02)
            handle.interrupt(.cancelled, grace: 1_000)
        }
        let script =
            "local x <close> = setmetatable({}, {__close = function() while true do end end}) cancel() while true do end"
        let error = #expect(throws: LuaError.self) { try lua.run(script) }
        #expect(error?.interruption == .keyboard)
    }

    @Test func aDeadlineThatFiresAsItsScriptEndsDoesNotHitTheNext() throws {
        let lua = try LuaState()
        for round in 0..<300 {
            // Whether it comes in time is the machine's affair.
            _ = try? lua.withDeadline(seconds: Double(round % 50) * 2e-6) { try lua.run("for i = 1, 200 do end") }
            #expect(try lua.run("for i = 1, 100 do end return 1").count == 1)
            #expect(!lua.isInterrupted)
        }
    }

    @Test func nestedDeadlinesEndTheirOwnBodies() throws {
        let lua = try LuaState()
        try lua.set(
            "inner",
            lua.function(
                "inner",
                raw: { call in
                    let error = #expect(throws: LuaError.self) {
                        try call.state.withDeadline(seconds: 0.01) { try call.state.run("while true do end") }
                    }
                    #expect(error?.interruption == .deadline(seconds: 0.01))
                    return 0
                }))
        // It is over with the inner one.
        _ = try lua.withDeadline(seconds: 60) { try lua.run("inner() done = true") }
        #expect(try lua.get("done") == true)
    }

    @Test func coroutinesCloseWhatTheyLeaveAlsoAtADeadline() throws {
        let lua = try LuaState()
        let script = """
            log = {}
            local function closing(name) return setmetatable({}, {__close = function() log[#log + 1] = name end}) end
            local x <close> = closing 'main'
            coroutine.wrap(function()
                local y <close> = closing 'outer'
                coroutine.resume(coroutine.create(function()
                    local z <close> = closing 'inner'
                    while true do pcall(function() while true do end end) end
                end))
            end)()
            """
        #expect(throws: LuaError.self) { try lua.withDeadline(seconds: 0.01) { try lua.run(script) } }
        try lua.run("text = table.concat(log, ' ')")
        #expect(try lua.get("text") == "inner outer main")
    }

    @Test func aBudgetHoldsInACloseHandlerToo() throws {
        let lua = try LuaState(), handle = lua.interruptHandle
        try lua.set("cancel") { () in handle.interrupt(grace: 60) }
        let script =
            "local x <close> = setmetatable({}, {__close = function() while true do end end}) cancel() while true do end"
        #expect(throws: LuaError.self) { try lua.withInstructionBudget(100_000) { try lua.run(script) } }
        #expect(try lua.run("return 1").count == 1)
    }

    private func onAnotherThread(_ body: () -> Void) {
        withoutActuallyEscaping(body) { body in
            // The thread is joined before this returns.
            let box = Unmanaged.passRetained(Body(body))
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { argument in
                    Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().body()
                    return nil
                }, box.toOpaque())
            #expect(code == 0)
            pthread_join(thread, nil)
        }
    }

    private final class Body {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
}
