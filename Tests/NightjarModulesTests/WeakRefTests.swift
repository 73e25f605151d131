import NightjarLua
@testable import NightjarModules
import Testing

/// What scripts alone cannot try: interruptions, failing allocations, the end of the interpreter.
@Suite struct WeakRefTests {
    @Test func aDeadlineEndsACallbackAndItsCaller() throws {
        let fixture = try WeakRefFixture()
        let error = #expect(throws: LuaError.self) {
            try fixture.lua.withDeadline(seconds: 0.02, grace: 0.02) {
                try fixture.lua.run(
                    """
                    local weakref, gc = require "weakref", require "gc"
                    keep = {}
                    for i = 1, 3 do keep[i] = weakref.ref({}, function() called = (called or 0) + 1 if i == 2 then while true do end end end) end
                    pcall(gc.collect)
                    went_on = true
                    """)
            }
        }
        #expect(error?.interruption == .deadline(seconds: 0.02))
        #expect(try fixture.lua.get("went_on", as: Bool?.self) == nil)
        #expect(try fixture.lua.get("called") == 2)
        // What was not called stays to be called.
        try fixture.lua.run("tostring(require('weakref').ref({}))")
        #expect(try fixture.lua.get("called") == 3)
        #expect(fixture.reports.texts == [])
        #expect(fixture.close() == 0)
    }

    @Test(arguments: [
        "local r = weakref.ref({}, function() while true do end end) collectgarbage()",
        "local r = weakref.ref({}, function() while true do pcall(function() while true do end end) end end) gc.collect()",
        "weakref.finalize({}, function() while true do end end) for i = 1, 1e9 do weakref.ref({}) end",
        "local f = weakref.finalize(weakref, function() while true do end end) pcall(f)",
        "local r = weakref.ref({}, function() while true do end end) for i = 1, 1e6 do local t = {} end print('')",
        "local p = weakref.proxy(function() while true do end end) pcall(p)",
    ])
    func aDeadlineEndsEveryEndlessCallback(_ script: String) throws {
        let fixture = try WeakRefFixture(.init())
        let error = #expect(throws: LuaError.self) {
            try fixture.lua.withDeadline(seconds: 0.05, grace: 0.02) {
                try fixture.lua.run("local weakref, gc = require 'weakref', require 'gc' " + script)
            }
        }
        #expect(error?.kind == .interrupted)
        #expect(fixture.close() == 0)
    }

    @Test func anInterruptedExitSaysSoAndRunsNothingMore() throws {
        let fixture = try WeakRefFixture()
        try fixture.lua.run(
            """
            local weakref = require "weakref"
            o = {}
            weakref.finalize(o, function() first = true end)
            weakref.finalize(o, function() while true do end end)
            """)
        let error = #expect(throws: LuaError.self) {
            try fixture.lua.withDeadline(seconds: 0.02) { try WeakReferences.finish(fixture.lua) }
        }
        #expect(error?.kind == .interrupted)
        try WeakReferences.finish(fixture.lua)
        #expect(try fixture.lua.get("first", as: Bool?.self) == nil)
        #expect(fixture.close() == 0)
    }

    @Test func anInterpreterClosedWithDeathsPendingLeaksNothing() throws {
        let fixture = try WeakRefFixture()
        try fixture.lua.run(
            """
            local weakref, nothing = require "weakref", function() end
            for i = 1, 1000 do
              local o = {}
              _G["r" .. i] = weakref.ref(o, nothing)
              weakref.finalize(o, nothing, i)
              weakref.proxy(o, nothing)
            end
            s, d, k = weakref.WeakSet(), weakref.WeakValueDictionary(), weakref.WeakKeyDictionary()
            it = d:keys()
            m = weakref.WeakMethod({f = function() end}, "f", nothing)
            for i = 1, 100000 do local t = {i} end
            """)
        #expect(fixture.registry.liveObjects > 0)
        #expect(fixture.close() == 0)
        #expect(fixture.reports.texts == [])
    }

    @Test func theRegistryGoesWithItsInterpreter() throws {
        weak var registry: WeakRegistry?
        do {
            let fixture = try WeakRefFixture()
            registry = fixture.registry
            try fixture.lua.run("r = require('weakref').ref({}, type) for i = 1, 100000 do local t = {i} end")
            #expect(registry != nil)
        }
        #expect(registry == nil)
    }

    @Test func finishingWithoutWeakReferencesDoesNothing() throws {
        let lua = try LuaState()
        try WeakReferences.finish(lua)
        lua.close()
        try WeakReferences.finish(lua)
    }

    static let faulty = """
        local weakref, gc = require "weakref", require "gc"
        local keep, calls = {}, 0
        local d, k, s = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()
        for i = 1, 20 do
          local o = setmetatable({i}, {__index = function(t, name) return name .. i end})
          keep[i] = weakref.ref(o, function() calls = calls + 1 keep["x" .. calls] = {calls} end)
          weakref.finalize(o, function(n) calls = calls + 1 keep["y" .. n] = ("z"):rep(n) end, i)
          d["k" .. i], k[o] = o, {o}
          s:add(o)
          local p = weakref.proxy(o)
          assert(p.name == "name" .. i)
          if i % 5 == 0 then gc.collect() end
        end
        for v in pairs(s) do assert(v.x) end
        collectgarbage()
        return calls
        """

    /// Lua gets no memory once, at each of its requests in turn.
    @Test func anAllocationThatFailsIsAnErrorAndNothingElse() throws {
        var unnoticed: [Int] = [], requests = 0
        while true {
            let fixture = try WeakRefFixture()
            let chunk = try fixture.lua.load(WeakRefTests.faulty)
            fixture.lua.injectFault(.init(after: Int64(requests)))
            var isNoticed = false
            do { _ = try fixture.lua.callAll(chunk) } catch { isNoticed = error.message.contains("not enough memory") }
            let isUsedUp = fixture.lua.injectFault(nil)
            try fixture.lua.run("collectgarbage() collectgarbage()")
            try WeakReferences.finish(fixture.lua)
            // The failure reached somebody: the caller, or the report of a callback.
            isNoticed = isNoticed || fixture.reports.texts.contains { $0.hasSuffix("not enough memory\n") }
            #expect(fixture.close() == 0, "at request \(requests)")
            guard isUsedUp else { break }
            if !isNoticed { unnoticed.append(requests) }
            requests += 1
        }
        #expect(requests > 300)
        // The last injection was due just as the script ended.
        #expect(unnoticed == [requests - 1])
    }

    @Test func aMemoryLimitReachedByCallbacksIsToldAndTheScriptGoesOn() throws {
        let fixture = try WeakRefFixture(.init(memoryLimit: 8 << 20))
        try fixture.lua.run(
            """
            local weakref, gc = require "weakref", require "gc"
            for i = 1, 20 do weakref.finalize({}, function() local s = ("x"):rep(1 << 24) end) end
            gc.collect()
            done = true
            """)
        #expect(try fixture.lua.get("done") == true)
        #expect(fixture.reports.texts.count == 20)
        #expect(fixture.reports.texts.allSatisfy { $0.hasSuffix("\nnot enough memory\n") })
        #expect(fixture.close() == 0)
    }

    @Test func twoInterpretersDoNotSeeEachOthersDeaths() throws {
        let a = try WeakRefFixture(), b = try WeakRefFixture()
        for fixture in [a, b] {
            try fixture.lua.run(
                """
                local weakref = require "weakref"
                o, calls = {}, 0
                r = weakref.ref(o, function() calls = calls + 1 end)
                """)
        }
        try a.lua.run("o = nil require('gc').collect()")
        try b.lua.run("require('gc').collect()")
        #expect(try a.lua.get("calls") == 1)
        #expect(try b.lua.get("calls") == 0)
        #expect(a.close() == 0 && b.close() == 0)
    }

    @Test func referencesAndProxiesDoNotCrossToOtherThreads() throws {
        let fixture = try WeakRefFixture()
        try fixture.lua.run("local w = require 'weakref' local o = {} keep = o r, p = w.ref(o), w.proxy(o)")
        for name in ["r", "p"] {
            let lua = fixture.lua
            #expect(throws: (any Error).self) {
                let stack = lua.stack, top = stack.top
                defer { stack.setTop(top) }
                stack.pushGlobals()
                try stack.get(-1, name)
                _ = try MessageEncoder.encode(stack, at: -1, as: .item)
            }
        }
        #expect(fixture.close() == 0)
    }
}
