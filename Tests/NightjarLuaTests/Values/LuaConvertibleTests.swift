import NightjarLua
import Testing

@Suite struct LuaConvertibleTests {
    let lua: LuaState
    init() throws { lua = try LuaState() }

    private func survives<Value: LuaConvertible & Equatable>(_ value: Value) throws -> Bool {
        try lua.set("v", value)
        return try lua.get("v", as: Value.self) == value
    }

    private func read<Value: LuaReadable>(_ expression: String, as type: Value.Type = Value.self) throws -> Value {
        try lua.call(lua.load("return \(expression)"))
    }

    private func failure<Value: LuaReadable>(_ expression: String, as type: Value.Type) -> String? {
        #expect(throws: LuaError.self) { try read(expression, as: type) }?.message
    }

    @Test func everyValueComesBackTheSame() throws {
        #expect(try survives(true) && survives(Int.min) && survives(Int8.max) && survives(UInt16.max) && survives(-0.5))
        #expect(try survives(Float(1.5)) && survives("ü\0x") && survives("") && survives(LuaBytes([0, 255])))
        #expect(
            try survives([1, 2, 3]) && survives([String]()) && survives(["a": [1], "b": []]) && survives([5: true]))
        #expect(try survives(Int?.none) && survives(Int?.some(1)))
        #expect(try survives(UInt64(Int64.max)) && survives(Int32.min))
    }

    @Test func integersAreExactAndInRange() throws {
        #expect(try read("3.0", as: Int.self) == 3)
        #expect(failure("3.5", as: Int.self) == "bad result: integer expected, got 3.5")
        #expect(failure("'3'", as: Int.self) == "bad result: number expected, got string")
        #expect(failure("300", as: UInt8.self) == "bad result: integer from 0 to 255 expected, got 300")
        #expect(failure("-1", as: UInt.self)?.contains("got -1") == true)
        #expect(failure("1e300", as: Int64.self)?.contains("integer expected") == true)
        #expect(throws: LuaError.self) { try lua.set("v", UInt64.max) }
    }

    @Test func nothingIsConvertedSilently() {
        #expect(failure("1", as: String.self) == "bad result: string expected, got number")
        #expect(failure("nil", as: Bool.self) == "bad result: boolean expected, got nil")
        #expect(failure("'1'", as: Double.self) == "bad result: number expected, got string")
        #expect(failure("print", as: [Int].self) == "bad result: table expected, got function")
    }

    @Test func aMismatchInsideATableNamesThePlace() {
        #expect(failure("{1, 'x'}", as: [Int].self) == "bad result: field '[2]': number expected, got string")
        #expect(
            failure("{a = {1, {}}}", as: [String: [Int]].self) == "bad result: field 'a[2]': number expected, got table"
        )
        #expect(
            failure("{[true] = 1}", as: [String: Int].self)
                == "bad result: field '[true]': string expected, got boolean")
    }

    @Test func invalidUTF8IsRepairedInStringsAndKeptInBytes() throws {
        #expect(try read("'a\\255b'", as: String.self) == "a\u{fffd}b")
        #expect(try read("'a\\255b'", as: LuaBytes.self).bytes == [97, 255, 98])
    }

    @Test func aDeepTableIsReadWithoutACrash() throws {
        #expect(try read("{{{{}}}}", as: [[[[Int]]]].self) == [[[[]]]])
        #expect(lua.stack.top == 0)
    }

    @Test func anyValueIsAValue() throws {
        let values = try lua.run("return nil, true, 1, 1.5, 's', {}, print, coroutine.create(print)")
        let cases = values.map { value in
            switch value {
            case .nil: 0
            case .boolean(true): 1
            case .integer(1): 2
            case .number(1.5): 3
            case .string(LuaBytes("s")): 4
            case .table: 5
            case .function: 6
            case .other: 7
            default: -1
            }
        }
        #expect(cases == Array(0...7))
        try lua.set("f", values[6])
        try lua.run("assert(f == print)")
    }
}
