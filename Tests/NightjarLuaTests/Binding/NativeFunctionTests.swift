import NightjarLua
import Testing

@Suite struct NativeFunctionTests {
    @Test func typedClosuresOfAnyArityAndResultAreCalled() throws {
        let lua = try LuaState()
        try lua.set("add") { (a: Int, b: Int) in a + b }
        try lua.set("nothing") { () in }
        try lua.set("pair") { (a: String, b: Double?) in (b ?? 0.5, a, true) }
        let results = try lua.run("local a, b, c = pair('x') return add(2, 3.0), nothing(), a, b, c, pair('y', 2)")
        #expect("\(results)".contains("integer(5)"))
        #expect(results.count == 8)
    }

    @Test func wrongArgumentNamesFunctionPositionAndTypes() throws {
        let lua = try LuaState()
        try lua.set("add") { (a: Int, b: Int) in a + b }
        let error = #expect(throws: LuaError.self) { try lua.run("\nadd(1, 'x')", name: "s.lua") }
        #expect(error?.message == "bad argument #2 to 'add' (number expected, got string)")
        #expect(error?.className == "TypeError")
        #expect(error?.place == "s.lua:2")
        #expect(error?.report == "s.lua:2: TypeError: bad argument #2 to 'add' (number expected, got string)")
        let other = #expect(throws: LuaError.self) { try lua.run("add(1, 1.5)") }
        #expect(other?.message == "bad argument #2 to 'add' (integer expected, got 1.5)")
    }

    struct Oops: Error, Equatable { let code: Int }

    @Test func swiftErrorsKeepTheirIdentityThroughLua() throws {
        let lua = try LuaState()
        try lua.set("fail") { () throws in throw Oops(code: 7) }
        let error = #expect(throws: LuaError.self) { try lua.run("fail()") }
        #expect(error?.cause as? Oops == Oops(code: 7))
        let again = #expect(throws: LuaError.self) {
            try lua.run(
                "local ok, e = pcall(fail); assert(not ok and tostring(e) == 'Oops(code: 7)', tostring(e)); error(e)")
        }
        #expect(again?.cause as? Oops == Oops(code: 7))
    }

    @Test func anErrorFromLuaPassesThroughSwiftAsTheSameValue() throws {
        let lua = try LuaState()
        // Unowned: the interpreter keeps the closure.
        try lua.set("call") { [unowned lua] (f: LuaFunction) throws in try lua.call(f) }
        try lua.run("local t = {} local ok, e = pcall(call, function() error(t) end) assert(not ok and e == t)")
        try lua.run("local ok, e = pcall(call, function() error('plain', 0) end) assert(e == 'plain', e)")
        try lua.run("local ok, e = pcall(call, function() error(nil) end) assert(not ok and e == nil)")
    }

    final class Tracker { deinit { Self.count += 1 }; nonisolated(unsafe) static var count = 0 }

    @Test func aThrowingCallbackLeaksNothing() throws {
        Tracker.count = 0  // used by this test alone
        let lua = try LuaState()
        try lua.set("fail") { () throws in
            let tracker = Tracker()
            try withExtendedLifetime(tracker) { throw Oops(code: 1) }
        }
        try lua.run("for i = 1, 1000 do assert(not pcall(fail)) end")
        #expect(Tracker.count == 1000)
    }
}
