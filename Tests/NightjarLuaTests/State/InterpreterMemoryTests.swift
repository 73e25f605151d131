import NightjarLua
import Testing

/// The block that an interpreter's first objects come from, and what follows when it is used up.
@Suite struct InterpreterMemoryTests {
    /// Makes, resizes and drops values of all sizes, and checks now and then that each still is what was put into it.
    static let churn = """
        local seed, live = ..., {}
        seed = math.tointeger(tonumber(seed))
        local function random(n)
          seed = (seed * 1103515245 + 12345) & 0x7fffffff
          return (seed >> 8) % n + 1
        end
        local function make(size)
          local list = {}
          for i = 1, size % 300 do list[i] = i end
          return {size = size, text = string.rep(string.char(65 + size % 26), size), list = list}
        end
        local function check(value)
          assert(value.text == string.rep(string.char(65 + value.size % 26), value.size))
          for i = 1, #value.list do assert(value.list[i] == i) end
        end
        for turn = 1, 20000 do
          local place = random(60)
          if live[place] then check(live[place]) end
          live[place] = random(3) > 1 and make(random(random(5) == 1 and 6000 or 200)) or nil
          local grown = live[random(60)]
          if grown then for i = #grown.list + 1, #grown.list + random(40) do grown.list[i] = i end end
        end
        for _, value in pairs(live) do check(value) end
        """

    @Test(arguments: [1, 2, 3]) func valuesStayWhatTheyAreWhileOthersComeAndGo(_ seed: Int) throws {
        let lua = try LuaState()
        try lua.run(InterpreterMemoryTests.churn, arguments: [String(seed)])
        lua.collectGarbage()
        try lua.run(InterpreterMemoryTests.churn, arguments: [String(seed + 100)])
    }

    @Test func allThatWasTakenIsGivenBack() throws {
        let lua = try LuaState()
        try lua.run("local t = {} for i = 1, 5000 do t[i] = ('x'):rep(i) end")
        #expect(lua.memoryUsed > 10 << 20)
        lua.collectGarbage()
        // The table of strings shrinks step by step.
        #expect(lua.memoryUsed < 100_000)
        lua.close()
        #expect(lua.memoryUsed == 0)
    }

    @Test func aFinalizerAtTheEndMayTakeMoreThanTheBlock() throws {
        let lua = try LuaState(.init(allowsFinalizers: true))
        var total = 0
        try lua.set("report") { (n: Int) in total = n }
        try lua.run(
            """
            kept = setmetatable({}, {__gc = function()
              local n = 0
              for i = 1, 3000 do local t = {i, tostring(i)} n = n + #t end
              report(n)
            end})
            """)
        lua.close()
        #expect(total == 6000)
    }
}
