import NightjarLua
import Testing

@Suite struct LuaFunctionTests {
    @Test func argumentsAndResultsAreTyped() throws {
        let lua = try LuaState()
        let join: LuaFunction = try lua.call(
            lua.load("return function(a, b, c) return a .. tostring(b) .. tostring(c) end"))
        #expect(try lua.call(join, "x", true, Int?.none, returning: String.self) == "xtruenil")
        #expect(try lua.callAll(lua.load("return 1, 'a', nil")).count == 3)
        #expect(try lua.callAll(lua.load("")).isEmpty)
        try lua.call(lua.load("return 1, 2, 3"))
        #expect(lua.stack.top == 0)
    }

    @Test func aResultOfAnotherTypeIsAnError() throws {
        let lua = try LuaState()
        let error = #expect(throws: LuaError.self) { try lua.call(lua.load("return 'x'"), returning: Int.self) }
        #expect(error?.kind == .conversion)
        #expect(error?.message == "bad result: number expected, got string")
        #expect(lua.stack.top == 0)
    }

    @Test func aCallIntoAClosedInterpreterIsAnError() throws {
        let lua = try LuaState()
        let function = try lua.load("return 1")
        lua.close()
        lua.close()
        #expect(lua.isClosed)
        #expect(#expect(throws: LuaError.self) { try lua.call(function) }?.kind == .closed)
        #expect(#expect(throws: LuaError.self) { try lua.callAll(function) }?.kind == .closed)
        #expect(#expect(throws: LuaError.self) { try lua.call(function, returning: Int.self) }?.kind == .closed)
        #expect(#expect(throws: LuaError.self) { try lua.run("return 1") }?.kind == .closed)
        #expect(#expect(throws: LuaError.self) { try lua.set("x", 1) }?.kind == .closed)
        #expect(#expect(throws: LuaError.self) { try lua.get("x", as: Int?.self) }?.kind == .closed)
        #expect(throws: LuaError.self) { try lua.withInstructionBudget(5) {} }
        lua.collectGarbage()
    }

    @Test func anArgumentThatCannotBePushedLeavesTheStackAlone() throws {
        let lua = try LuaState()
        #expect(throws: LuaError.self) { try lua.call(lua.load(""), 1, UInt64.max) }
        #expect(lua.stack.top == 0)
    }
}
