import NightjarLua
import Testing

@Suite struct SafePointTests {
    final class Counter {
        var count = 0
    }

    /// Asks for a safe point from inside the collector.
    final class Asker {
        let point: SafePoint
        init(_ point: SafePoint) { self.point = point }
        deinit { point.request() }
    }

    private func makeState(_ counter: Counter) throws -> LuaState {
        let lua = try LuaState(.init(libraries: .everything, allowsFinalizers: true))
        lua.onSafePoint { _ in counter.count += 1 }
        let point = SafePoint(lua)
        let drop = try lua.function(
            "drop",
            raw: { call in
                call.stack.pushHidden(Asker(point))
                return 0
            })
        try lua.set("drop", drop)
        try lua.set("touch") { () in }
        return lua
    }

    @Test func whatTheCollectorAsksForRunsWhenASwiftFunctionReturns() throws {
        let counter = Counter(), lua = try makeState(counter)
        try lua.run("drop()")
        lua.collectGarbage()
        #expect(counter.count == 0)
        try lua.run("touch() touch()")
        #expect(counter.count == 1)
    }

    @Test(arguments: ["collectgarbage()", "print('')", "print('', 1)"])
    func libraryFunctionsAreSafePoints(_ script: String) throws {
        let counter = Counter(), lua = try makeState(counter)
        try lua.run("drop()")
        lua.collectGarbage()
        try lua.run(script)
        #expect(counter.count == 1)
    }

    @Test func aFinalizerIsNone() throws {
        let counter = Counter(), lua = try makeState(counter)
        try lua.set("counted") { () in counter.count }
        try lua.run(
            """
            do
              -- Lua finalizes the newest first: what `drop` leaves goes, and asks, before the finalizer runs.
              local t = setmetatable({}, {__gc = function() touch() collectgarbage() touch() inside = counted() end})
              drop()
            end
            collectgarbage()
            """)
        #expect(try lua.get("inside") == 0)
        #expect(counter.count == 1)
    }

    @Test func theStandardCollectgarbageKeepsItsResultsAndErrors() throws {
        let lua = try LuaState()
        try lua.run(
            """
            assert(collectgarbage() == 0 and math.type(collectgarbage("count")) == "float" and collectgarbage("isrunning"))
            assert(collectgarbage("generational") == "incremental" and collectgarbage("incremental") == "generational")
            local ok, e = pcall(collectgarbage, "what")
            assert(not ok and e:find("bad argument #1 to 'collectgarbage'", 1, true), e)
            ok, e = pcall(collectgarbage, "step", "x")
            assert(not ok and e:find("bad argument #2 to 'collectgarbage'", 1, true), e)
            assert(pcall(collectgarbage, "collect", "x"))
            """)
    }

    @Test func aHiddenObjectIsLetGoWithItsInterpreter() throws {
        weak var object: Counter?
        let lua = try LuaState()
        try lua.withStack { stack throws(LuaError) in
            let counter = Counter()
            object = counter
            stack.pushHidden(counter)
            #expect(stack.object(at: -1) === counter)
        }
        #expect(object != nil)
        lua.collectGarbage()
        #expect(object == nil)
    }
}
