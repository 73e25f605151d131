import NightjarLua
import Testing

/// Scripts that try to outlive their deadline or to crash the process.
@Suite struct EscapeTests {
    static let endless: [String] = [
        "::top:: goto top",
        "repeat until false",
        "for _ in function() return 1 end do end",
        "for _ in coroutine.wrap(function() while true do coroutine.yield(1) end end) do end",
        "for _ in coroutine.wrap(function() while true do end end) do end",
        "local t = setmetatable({}, {__newindex = function() while true do end end}) t.x = 1",
        "local t = setmetatable({}, {__eq = function() while true do end end}) return t == setmetatable({}, getmetatable(t))",
        "local t = setmetatable({}, {__lt = function() while true do end end}) table.sort({t, t, t})",
        "local t = setmetatable({}, {__concat = function() while true do end end}) return t .. 'x'",
        "local t = setmetatable({}, {__tostring = function() while true do end end}) tostring(t)",
        "local t = setmetatable({}, {__len = function() while true do end end}) return #t",
        "local t = setmetatable({}, {__pairs = function() while true do end end}) for _ in pairs(t) do end",
        "local t = setmetatable({}, {__name = 'x', __call = function(self) return self() end}) t()",
        "getmetatable('').__index = function() while true do end end return ('x').y",
        "getmetatable('').__add = function() while true do end end return 'x' + 1",
        "xpcall(function() while true do end end, coroutine.wrap(function() while true do end end))",
        "xpcall(error, function() while true do end end)",
        "xpcall(error, function() error() end) while true do xpcall(error, function() error() end) end",
        "while true do xpcall(error, function() pcall(error) end) end",
        "load(function() return ' ' end)",
        "load(coroutine.wrap(function() while true do coroutine.yield(' ') end end))",
        "while true do select(2, pcall(load, function() while true do end end)) end",
        "local function f() pcall(f) while true do end end f()",
        "local function f() local x <close> = setmetatable({}, {__close = f}) while true do end end f()",
        "local function f() local co = coroutine.wrap(f) pcall(co) while true do end end f()",
        "local co = coroutine.create(function() while true do end end) while true do coroutine.resume(co) end",
        "while true do coroutine.wrap(function() error() end) end",
        "while true do pcall(coroutine.wrap(function() while true do pcall(error) end end)) end",
        "local co = coroutine.wrap(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) error() end) pcall(co)",
        "for _, v, _, c in pairs({}), {}, nil, setmetatable({}, {__close = function() while true do end end}) do end while true do end",
        "return (function(...) while true do end end)(table.unpack({}, 1, 1000))",
        "string.gsub('x', 'x', function() while true do end end)",
        "local function f() return load(f) and f() end f()",
        "require(setmetatable({}, {__tostring = function() while true do end end})) while true do end",
        """
        local co
        local outer <close> = setmetatable({}, {__close = function() coroutine.close(co) end})
        co = coroutine.create(function()
            local inner <close> = setmetatable({}, {__close = function() while true do end end})
            while true do end
        end)
        coroutine.resume(co)
        """,
    ]

    @Test(arguments: endless) func aDeadlineEndsIt(_ script: String) throws {
        let lua = try LuaState()
        _ = try? lua.withDeadline(seconds: 0.02, grace: 0.02) {
            try lua.run("pcall(function() \(script)\nend) while true do end")
        }
        #expect(lua.isInterrupted == false)
        #expect(try lua.run("return 1").count == 1)
    }

    @Test(arguments: endless) func aBudgetEndsIt(_ script: String) throws {
        let lua = try LuaState()
        let error = #expect(throws: LuaError.self) {
            try lua.withInstructionBudget(100_000) { try lua.run("pcall(function() \(script)\nend) while true do end") }
        }
        #expect(error?.kind == .interrupted)
        #expect(try lua.run("return 1").count == 1)
    }

    @Test(arguments: endless) func aDeadlineEndsItBesideTheDebugLibrary(_ script: String) throws {
        let lua = try LuaState(.init(libraries: .everything))
        let error = #expect(throws: LuaError.self) {
            try lua.withDeadline(seconds: 0.02, grace: 0.02) {
                try lua.run("pcall(function() \(script)\nend) while true do pcall(debug.sethook) end")
            }
        }
        #expect(error?.kind == .interrupted)
    }

    // MARK: Depth

    static let deep: [String] = [
        "local function f() return 1 + f() end f()",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 'x'] end return t.a",
        "local t = {} for _ = 1, 100000 do t = setmetatable({}, {__index = t}) end return t.x",
        "local function f() local x <close> = setmetatable({}, {__close = f}) end f()",
        "local function f() pcall(f) error('x') end f()",
        "local function f() return coroutine.wrap(f)() end f()",
        "local function f() return string.gsub('x', 'x', f) end f()",
        "local function f() table.sort({1, 2, 3}, f) end f()",
        "local function f() assert(load(f)) end f()",
        "return load(('('):rep(100000) .. '1' .. (')'):rep(100000))()",
        "return load('return ' .. ('{'):rep(100000) .. ('}'):rep(100000))()",
        "local s = 'return 1' for _ = 1, 300 do s = 'return function() ' .. s .. ' end' end assert(load(s))",
        "return ('x'):rep(100000):find(('x?'):rep(100000) .. ('x'):rep(100000))",
        "return ('('):rep(1000):find(('('):rep(1000))",
        "error(setmetatable({}, {__tostring = function(t) return tostring(t) end}))",
        "local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) return tostring(t)",
        "return table.unpack({}, 1, 1e7)",
        "return string.rep('x', 1e7):byte(1, -1)",
        """
        local previous
        for _ = 1, 100000 do
            local inner = previous
            local co = coroutine.create(function()
                local x <close> = setmetatable({}, {__close = function() if inner then assert(coroutine.close(inner)) end end})
                coroutine.yield()
            end)
            coroutine.resume(co)
            previous = co
        end
        assert(coroutine.close(previous))
        """,
        """
        local function deep(n, f)
            if n == 0 then return f() end
            local ok, e = pcall(deep, n - 1, f)
            if not ok then error(e, 0) end
        end
        local previous
        for _ = 1, 300 do
            local inner = previous
            local co = coroutine.create(function()
                local x <close> = setmetatable({}, {__close = function()
                    if inner then deep(180, function() assert(coroutine.close(inner)) end) end
                end})
                coroutine.yield()
            end)
            coroutine.resume(co)
            previous = co
        end
        assert(coroutine.close(previous))
        """,
    ]

    @Test(arguments: deep) func depthIsAnErrorAndNotACrash(_ script: String) throws {
        let lua = try LuaState(.init(memoryLimit: 256 << 20))
        #expect(throws: LuaError.self) { try lua.run(script) }
        #expect(try lua.run("return 1").count == 1)
    }

    @Test func swiftAndLuaMayCallEachOtherOnlySoDeep() throws {
        let lua = try LuaState()
        try lua.set(
            "call",
            lua.function(
                "call",
                raw: { call in
                    let function: LuaFunction = try call.argument(1)
                    try call.state.call(function)
                    return 0
                }))
        #expect(throws: LuaError.self) { try lua.run("function f() call(f) end f()") }
        #expect(try lua.run("return 1").count == 1)
    }

    // MARK: Finalizers

    static let finalizers: [String] = [
        "setmetatable({}, {__gc = function() while true do end end})",
        "setmetatable({}, {__gc = true})",
        "debug.setmetatable({}, {__gc = function() while true do end end})",
        "local C = Exception:subclass('C') C.__gc = function() while true do end end C()",
        "local C = Exception:subclass('C') rawset(C, '__gc', print) C:subclass('D')()",
    ]

    @Test(arguments: finalizers) func finalizersAreRefused(_ script: String) throws {
        let lua = try LuaState(.init(libraries: .everything))
        try lua.withStack { stack throws(LuaError) in
            stack.pushGlobals()
            LuaExceptionClass.exception.push(to: stack)
            try stack.set(-2, "Exception")
        }
        let error = #expect(throws: LuaError.self) { try lua.run(script) }
        #expect(error?.message.contains("'__gc' is refused here") == true)
    }

    @Test func aFinalizerOnAClassOfSwiftsIsTakenAway() throws {
        let lua = try LuaState()
        try lua.set("fail") { () throws in throw LuaException(.valueError, "x") }
        try lua.run(
            "local _, e = pcall(fail) e.class.__gc = function() finalized = true end e = nil pcall(fail)")
        lua.collectGarbage()
        #expect(try lua.get("finalized", as: Bool?.self) == nil)
    }

    @Test func finalizersRunWhereTheyAreAllowed() throws {
        let lua = try LuaState(.init(allowsFinalizers: true))
        try lua.run("setmetatable({}, {__gc = function() finalized = true error('ignored') end})")
        lua.collectGarbage()
        #expect(try lua.get("finalized") == true)
    }
}
