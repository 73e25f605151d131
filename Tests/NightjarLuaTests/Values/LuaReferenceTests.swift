import Glibc
import NightjarLua
import Testing

@Suite struct LuaReferenceTests {
    @Test func aReferenceKeepsItsValueAlive() throws {
        let lua = try LuaState(.init(allowsFinalizers: true))
        var table: LuaTable? = try lua.call(lua.load("return setmetatable({1}, {__gc = function() dead = true end})"))
        lua.collectGarbage()
        #expect(try lua.get("dead", as: Bool?.self) == nil)
        #expect(try lua.decode(.table(table!), as: [Int].self) == [1])
        table = nil
        lua.collectGarbage()
        lua.collectGarbage()
        #expect(try lua.get("dead") == true)
    }

    @Test func referencesMayBeDroppedOnOtherThreads() async throws {
        let lua = try LuaState()
        for _ in 0..<20 {
            var tables: [LuaTable] = []
            for _ in 0..<200 { tables.append(try lua.call(lua.load("return {}"))) }
            let groups = [Array(tables[..<100]), Array(tables[100...])]
            tables = []
            let threads = groups.map { group in Task.detached { group.count } }
            for thread in threads { #expect(await thread.value == 100) }
        }
        lua.collectGarbage()
        let settled = lua.memoryUsed
        for _ in 0..<1000 { let _: LuaTable = try lua.call(lua.load("return {}")) }
        lua.collectGarbage()
        // The slots are used again.
        #expect(lua.memoryUsed < settled + 50_000)
    }

    @Test func aReferenceMayOutliveItsInterpreter() throws {
        let lua = try LuaState()
        let table: LuaTable = try lua.call(lua.load("return {}"))
        lua.close()
        let other = try LuaState()
        let error = #expect(throws: LuaError.self) { try other.set("t", table) }
        #expect(error?.kind == .closed)
    }

    @Test func aValueOfAnotherInterpreterIsRefused() throws {
        let one = try LuaState(), two = try LuaState()
        let function: LuaFunction = try one.call(one.load("return print"))
        #expect(#expect(throws: LuaError.self) { try two.call(function) }?.kind == .usage)
        #expect(#expect(throws: LuaError.self) { try two.set("f", function) }?.kind == .usage)
        #expect(#expect(throws: LuaError.self) { try two.call(two.load("return ..."), function) }?.kind == .usage)
        #expect(two.stack.top == 0)
    }

    @Test func aReferenceMadeInACoroutineOutlivesIt() throws {
        let lua = try LuaState()
        var kept: LuaFunction?
        try lua.set(
            "keep",
            lua.function(
                "keep",
                raw: { call in
                    kept = try call.argument(1)
                    return 0
                }))
        try lua.run("coroutine.wrap(function() local n = 41 keep(function() n = n + 1 return n end) end)()")
        lua.collectGarbage()
        #expect(try lua.call(kept!, returning: Int.self) == 42)
        kept = nil
    }
}
