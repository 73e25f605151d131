import NightjarLua
import Testing

@Suite struct LuaEncoderTests {
    let lua: LuaState
    init() throws { lua = try LuaState() }

    /// Whether `condition`, a Lua expression about `v`, holds for the encoded value.
    private func holds(_ condition: String, _ value: some Encodable) throws -> Bool {
        try lua.set("v", lua.encode(value))
        try lua.run("ok = (\(condition)) == true")
        return try lua.get("ok")
    }

    private func failure(_ value: some Encodable) -> String? {
        let error = #expect(throws: LuaError.self) { try lua.encode(value) }
        #expect(error?.kind == .conversion)
        return error?.message
    }

    @Test func structuresBecomeTables() throws {
        let server = LuaDecoderTests.Server(host: "h", port: 80, weight: nil)
        let config = LuaDecoderTests.Config(name: "n", servers: [server], labels: ["1": 5], isEnabled: true)
        #expect(
            try holds(
                "v.name == 'n' and v.isEnabled and #v.servers == 1 and v.servers[1].port == 80"
                    + " and v.servers[1].weight == nil and v.labels['1'] == 5 and v.labels[1] == nil", config))
    }

    @Test func whatWasEncodedDecodesToTheSame() throws {
        let config = LuaDecoderTests.Config(
            name: "n\0ü", servers: [.init(host: "h", port: .max, weight: -0.5), .init(host: "", port: 0)],
            labels: ["": .min], isEnabled: false)
        #expect(try lua.decode(lua.encode(config)) == config)
        let shapes: [LuaDecoderTests.Shape] = [.circle(radius: .infinity), .square(1), .none]
        #expect(try lua.decode(lua.encode(shapes)) == shapes)
        #expect(try lua.decode(lua.encode([5: "a", 1: "b"])) == [5: "a", 1: "b"])
        #expect(try lua.decode(lua.encode(Double.nan), as: Double.self).isNaN)
    }

    @Test func integersAndFloatsStayApart() throws {
        #expect(try holds("math.type(v[1]) == 'integer' and math.type(v[2]) == 'integer'", [1, 2]))
        #expect(try holds("math.type(v[1]) == 'float'", [1.0]))
        #expect(
            failure(["big": [UInt64.max]])
                == "big[1]: integer 18446744073709551615 does not fit a Lua integer (64 bits, signed)")
    }

    @Test func bytesBecomeStrings() throws {
        #expect(try holds("v == '\\0\\255'", [0, 255] as [UInt8]))
        #expect(try holds("v.a == 'x'", ["a": LuaBytes("x")]))
    }

    @Test func enumerationsEncodeAsSwiftDoesIt() throws {
        #expect(try holds("v == 'info'", LuaDecoderTests.Level.info))
        #expect(try holds("v.circle.radius == 2.0", LuaDecoderTests.Shape.circle(radius: 2)))
        #expect(try holds("next(v.none) == nil", LuaDecoderTests.Shape.none))
    }

    @Test func nilIsLeftOutOfTablesAndRefusedInArrays() throws {
        #expect(try holds("v == nil", Int?.none))
        #expect(try holds("next(v) == nil", ["a": Int?.none]))
        #expect(failure(["list": [1, nil, 3]]) == "list[2]: nil would leave a hole in the array")
    }

    final class Ring: Encodable { var next: Ring? }

    @Test func aValueThatContainsItselfIsAnError() {
        let ring = Ring()
        ring.next = ring
        defer { ring.next = nil }
        #expect(failure(ring)?.hasSuffix(": values are nested more than 128 deep") == true)
    }

    @Test func functionsStayWhatTheyAre() throws {
        let function: LuaFunction = try lua.call(lua.load("return print"))
        #expect(try holds("v.f == print", ["f": function]))
        let other = try LuaState()
        let error = #expect(throws: LuaError.self) { try other.encode(["f": function]) }
        #expect(error?.message.hasPrefix("f: a value of another interpreter") == true)
    }

    struct Custom: Encodable {
        func encode(to encoder: any Encoder) throws {
            var list = encoder.unkeyedContainer()
            try list.encode(1)
            var inner = list.nestedContainer(keyedBy: LuaEncoderTests.Name.self)
            var innermost = inner.nestedUnkeyedContainer(forKey: .a)
            try list.encode("last")
            // Filled after what follows it: order of filling does not matter.
            try innermost.encode(true)
            try inner.encode(2, forKey: .b)
        }
    }
    enum Name: CodingKey { case a, b }

    @Test func nestedContainersMayBeFilledLater() throws {
        #expect(try holds("#v == 3 and v[2].a[1] == true and v[2].b == 2 and v[3] == 'last'", Custom()))
    }

    struct Silent: Encodable { func encode(to encoder: any Encoder) {} }

    @Test func encodingNothingIsAnError() { #expect(failure(["x": Silent()]) == "x: Silent encoded nothing") }
}
