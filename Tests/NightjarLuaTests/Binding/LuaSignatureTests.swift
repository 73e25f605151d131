import NightjarLua
import Testing

@Suite struct LuaSignatureTests {
    let lua: LuaState
    init() throws {
        lua = try LuaState()
        let signature = LuaSignature("interval, target, *, daemon", aliases: ["fn": "target"])
        let mixed = LuaSignature("first, middle, last", tables: ["last"])
        lua.register(
            LuaModule("m") {
                for (name, signature) in [("f", signature), ("mixed", mixed)] {
                    $0.function(name, signature) { call in
                        let text = try (1...3).map { (index: Int32) in
                            if call.stack.type(at: index) == .table { return "table" }
                            return (try call.argument(index, as: LuaValue.self)).text ?? "-"
                        }
                        return try call.results(text.joined(separator: ","))
                    }
                }
            })
        try lua.run("f, mixed = require('m').f, require('m').mixed")
    }

    @Test(arguments: [
        ("f('a')", "a,-,-"), ("f()", "-,-,-"), ("f('a', 'b')", "a,b,-"), ("f{interval = 'a', daemon = 'd'}", "a,-,d"),
        ("f{target = 'b'}", "-,b,-"), ("f{fn = 'b'}", "-,b,-"), ("f('a', 'b', {daemon = 'd'})", "a,b,d"),
        ("f{}", "-,-,-"),
        // Names after some by position, where a parameter takes no table itself.
        ("mixed('a', {last = 'c'})", "a,-,c"), ("mixed('a', {middle = 'b', last = 'c'})", "a,b,c"),
        ("mixed('a', {})", "a,-,-"),
        ("mixed('a', {'x'}, {'y'})", "a,table,table"), ("mixed('a', 'b', {first = 1})", "a,b,table"),
        ("mixed('a', setmetatable({last = 'c'}, {}))", "a,table,-"), ("mixed('a', nil, {})", "a,-,table"),
    ]) func argumentsComeByPositionOrName(_ call: String, _ result: String) throws {
        #expect(try lua.call(lua.load("return " + call), returning: String.self) == result)
    }

    @Test(arguments: [
        ("f{interva = 1}", "f() got an unexpected named argument 'interva' (known: interval, target or fn, daemon)"),
        ("f(1, 2, 3)", "f() takes at most 2 positional arguments (3 given)"),
        ("f(1, 2, {interval = 3})", "f() got multiple values for argument 'interval'"),
        ("mixed(1, {first = 2})", "mixed() got multiple values for argument 'first'"),
        ("mixed(1, {lst = 2})", "mixed() got an unexpected named argument 'lst' (known: first, middle, last)"),
        ("mixed(1, 2, 3, {})", "mixed() takes at most 3 positional arguments (4 given)"),
        ("f(1, {[5] = 3}, 3)", "f() takes at most 2 positional arguments (3 given)"),
        ("f(1, 2, {[5] = 3})", "f() got [5] beside its named arguments"),
    ]) func mistakesAreTypeErrors(_ call: String, _ message: String) {
        let error = #expect(throws: LuaError.self) { try lua.run(call) }
        #expect(error?.message == message)
        #expect(error?.className == "TypeError")
    }
}
