import NightjarLua
import Testing

@Suite struct InterruptionTests {
    static let escapes: [String] = [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return f() end f()",
        "coroutine.wrap(function() while true do end end)()",
        "while true do coroutine.resume(coroutine.create(function() while true do pcall(error) end end)) end",
        "local t <close> = setmetatable({}, {__close = function() while true do end end}) while true do end",
        "while true do pcall(function() local t <close> = setmetatable({}, {__close = function() error('x') end}) while true do end end) end",
        "while true do xpcall(function() while true do end end, function() while true do end end) end",
        "while true do load(function() while true do end end) end",
        "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "while true do local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) coroutine.yield() end) coroutine.resume(co) coroutine.close(co) end",
        "string.gsub(('x'):rep(100), '.', function() while true do pcall(string.rep, 'x', 10) end end)",
        "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x",
    ]

    @Test(arguments: escapes) func aDeadlineEndsEveryLoop(_ script: String) throws {
        let lua = try LuaState()
        let error = #expect(throws: LuaError.self) {
            try lua.withDeadline(seconds: 0.02, grace: 0.02) { try lua.run(script) }
        }
        #expect(error?.kind == .interrupted)
        #expect(error?.interruption == .deadline(seconds: 0.02))
        // The interpreter is as good as new.
        #expect(try lua.run("return 1").count == 1)
    }

    @Test func toBeClosedVariablesRunWhenAsked() throws {
        let lua = try LuaState()
        _ = try? lua.withDeadline(seconds: 0.02) {
            try lua.run(
                "local x <close> = setmetatable({}, {__close = function() closed = true end}) while true do end")
        }
        #expect(try lua.get("closed") == true)
    }

    @Test func aBudgetEndsALoopAfterSoManyInstructions() throws {
        let lua = try LuaState()
        let error = #expect(throws: LuaError.self) {
            try lua.withInstructionBudget(10_000) { try lua.run("n = 0 while true do n = n + 1 end") }
        }
        #expect(error?.interruption == .budget(instructions: 10_000))
        let turns: Int = try lua.get("n")
        #expect((2_000...5_000).contains(turns))
        try lua.withInstructionBudget(1_000_000) { _ = try lua.run("for i = 1, 1000 do end") }
    }

    @Test func aBudgetCountsCoroutines() throws {
        let lua = try LuaState()
        let error = #expect(throws: LuaError.self) {
            try lua.withInstructionBudget(100_000) {
                try lua.run("while true do local co = coroutine.wrap(function() for i = 1, 5 do end end) co() end")
            }
        }
        #expect(error?.kind == .interrupted)
    }

    @Test func anotherThreadCanCancel() throws {
        let lua = try LuaState()
        let handle = lua.interruptHandle
        try lua.set("cancel") { () in handle.interrupt() }
        let error = #expect(throws: LuaError.self) { try lua.run("cancel() while true do end") }
        #expect(error?.interruption == .cancelled)
        #expect(lua.isInterrupted == false)
    }
}
