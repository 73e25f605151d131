import NightjarLua
import Testing

@Suite struct LuaErrorTests {
    let lua: LuaState
    init() throws { lua = try LuaState() }

    private func failure(_ script: String) -> LuaError? {
        #expect(throws: LuaError.self) { try lua.run(script, name: "s.lua") }
    }

    @Test func framesAreInnermostFirstAndNameFunctions() {
        let error = failure("local function inner() error('x') end\nfunction outer() inner() end\nouter()")
        #expect(error?.kind == .runtime)
        #expect(error?.message == "s.lua:1: x")
        #expect(error?.frames.map(\.line).prefix(3) == [1, 2, 3])
        #expect(
            error?.traceback == """
                stack traceback:
                \ts.lua:1: in upvalue 'inner'
                \ts.lua:2: in function 'outer'
                \ts.lua:3: in main chunk
                """)
    }

    @Test func theMachineryIsNotInTracebacks() throws {
        try lua.set(
            "call",
            lua.function(
                "call",
                raw: { call in
                    let function: LuaFunction = try call.argument(1)
                    try call.state.call(function)
                    return 0
                }))
        let error = failure("pcall(error) string.rep()")
        #expect(error?.traceback == "stack traceback:\n\t[C]: in function 'string.rep'\n\ts.lua:1: in main chunk")
        let nested = failure("call(function() error('x') end)")
        #expect(nested?.frames.last?.place == "in main chunk")
        #expect(nested?.traceback.contains("in ?") == false)
    }

    @Test func longTracebacksLoseTheirMiddle() {
        let error = failure("local function f(n) if n == 0 then error('x') end f(n - 1) return 1 end f(100)")
        #expect(error?.frames.count == 23)
        #expect(error?.traceback.contains("frames left out") == true)
    }

    @Test func anyValueMayBeAnError() throws {
        #expect(failure("error(nil)")?.message == "(error object is a nil value)")
        #expect(failure("error()")?.message == "(error object is a nil value)")
        #expect(failure("error(true)")?.message == "(error object is a boolean value)")
        #expect(failure("error(12)")?.message == "(error object is a number value)")
        #expect(failure("error({})")?.message == "(error object is a table value)")
        #expect(failure("error(print)")?.message == "(error object is a function value)")
        #expect(failure("error(setmetatable({}, {__tostring = function() return 'mine' end}))")?.message == "mine")
        #expect(failure("error(setmetatable({}, {__tostring = function() return 5 end}))")?.kind == .runtime)
        #expect(failure("error(setmetatable({}, {__tostring = error}))")?.kind == .runtime)
        #expect(failure("error('plain', 0)")?.message == "plain")
    }

    @Test func theValueOfAnErrorCanBeTakenApart() throws {
        let error = try #require(failure("error({code = 5})"))
        let value = try #require(error.value)
        try lua.set("e", LuaValue.other(value))
        #expect(try lua.run("return e.code").count == 1)
        #expect(try lua.call(lua.load("return e.code"), returning: Int.self) == 5)
    }

    @Test func aStackOverflowIsAnError() {
        #expect(failure("local function f() return 1 + f() end f()")?.message.contains("stack overflow") == true)
        #expect(failure("local function f() return pcall(f) end f() error('x')")?.message == "s.lua:1: x")
    }

    @Test func syntaxErrorsSayWhere() {
        let error = failure("\nlocal = 1")
        #expect(error?.kind == .syntax)
        #expect(error?.message.hasPrefix("s.lua:2: <name> expected") == true)
        #expect(error?.report == error?.message)
    }

    @Test func anErrorInAMessageHandlerIsAnError() throws {
        try lua.run("local ok, e = xpcall(error, function() error('again') end) assert(not ok)")
    }

    @Test func anErrorInACoroutineComesOutOfIt() throws {
        #expect(failure("coroutine.wrap(function() error('inside') end)()")?.message.contains("inside") == true)
        try lua.run(
            "local co = coroutine.create(function() error({1}) end) local ok, e = coroutine.resume(co)"
                + " assert(not ok and e[1] == 1 and coroutine.status(co) == 'dead' and select('#', coroutine.resume(co)) == 2)"
        )
    }
}
