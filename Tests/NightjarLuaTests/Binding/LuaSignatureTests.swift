import NightjarLua
import Testing

@Suite struct LuaSignatureTests {
    let lua: LuaState
    init() throws {
        lua = try LuaState()
        let signature = LuaSignature("interval, target, *, daemon", aliases: ["fn": "target"])
        lua.register(
            LuaModule("m") {
                $0.function("f", signature) { call in
                    let text = try (1...3).map { index in
                        (try call.argument(index, as: LuaValue.self)).text ?? "-"
                    }
                    return try call.results(text.joined(separator: ","))
                }
            })
        try lua.run("f = require('m').f")
    }

    @Test(arguments: [
        ("f('a')", "a,-,-"), ("f()", "-,-,-"), ("f('a', 'b')", "a,b,-"), ("f{interval = 'a', daemon = 'd'}", "a,-,d"),
        ("f{target = 'b'}", "-,b,-"), ("f{fn = 'b'}", "-,b,-"), ("f('a', 'b', {daemon = 'd'})", "a,b,d"),
        ("f{}", "-,-,-"),
    ]) func argumentsComeByPositionOrName(_ call: String, _ result: String) throws {
        #expect(try lua.call(lua.load("return " + call), returning: String.self) == result)
    }

    @Test(arguments: [
        ("f{interva = 1}", "f() got an unexpected named argument 'interva' (known: interval, target or fn, daemon)"),
        ("f(1, 2, 3)", "f() takes at most 2 positional arguments (3 given)"),
        ("f(1, 2, {interval = 3})", "f() got multiple values for argument 'interval'"),
        ("f(1, 2, {[5] = 3})", "f() got [5] beside its named arguments"),
    ]) func mistakesAreTypeErrors(_ call: String, _ message: String) {
        let error = #expect(throws: LuaError.self) { try lua.run(call) }
        #expect(error?.message == message)
        #expect(error?.className == "TypeError")
    }
}
