import NightjarLua
import Testing

@Suite struct MemoryLimitTests {
    @Test func aScriptThatTakesTooMuchGetsAnErrorItCanCatch() throws {
        let lua = try LuaState(.init(memoryLimit: 2 << 20))
        let error = #expect(throws: LuaError.self) { try lua.run("local t = {} for i = 1, 1e9 do t[i] = i end") }
        #expect(error?.kind == .memory)
        #expect(error?.message == "not enough memory")
        try lua.run("assert(not pcall(string.rep, 'x', 1 << 30))")
        #expect(lua.memoryUsed < 2 << 20)
    }

    @Test func aCallbackOvershootsAndLuaIsToldAfterwards() throws {
        let lua = try LuaState(.init(memoryLimit: 1 << 20))
        try lua.set("big") { () in LuaBytes([UInt8](repeating: 1, count: 8 << 20)) }
        let error = #expect(throws: LuaError.self) { try lua.run("local s = big() kept = s") }
        #expect(error?.kind == .memory)
        try lua.run("local ok, e = pcall(big) assert(not ok and e == 'not enough memory', e)")
    }
}
