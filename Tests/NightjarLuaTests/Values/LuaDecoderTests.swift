import NightjarLua
import Testing

@Suite struct LuaDecoderTests {
    struct Server: Codable, Equatable {
        var host: String
        var port: UInt16
        var weight: Double?
    }
    struct Config: Codable, Equatable {
        var name: String
        var servers: [Server]
        var labels: [String: Int]?
        var isEnabled: Bool
    }

    let lua: LuaState
    init() throws { lua = try LuaState() }

    private func decode<Value: Decodable>(_ script: String, as type: Value.Type = Value.self) throws -> Value {
        try lua.decode(lua.run(script)[0], as: type)
    }

    /// The message of the failure.
    private func failure<Value: Decodable>(_ script: String, as type: Value.Type) -> String? {
        let error = #expect(throws: LuaError.self) { try decode(script, as: type) }
        #expect(error?.kind == .conversion)
        return error?.message
    }

    @Test func aTableBecomesAStructure() throws {
        let config: Config = try decode(
            "return {name = 'a', isEnabled = true, unknown = print, labels = {['1'] = 1, x = 2},"
                + "servers = {{host = 'h', port = 80}, {host = 'i', port = 443.0, weight = 1}}}")
        #expect(
            config
                == Config(
                    name: "a",
                    servers: [Server(host: "h", port: 80, weight: nil), Server(host: "i", port: 443, weight: 1)],
                    labels: ["1": 1, "x": 2], isEnabled: true))
        #expect(
            try lua.run("return {name = 'n', isEnabled = false, servers = {}}")[0].decode(as: Config.self, in: lua)
                .labels == nil)
    }

    @Test(arguments: [
        (
            "servers = {{host = 'h', port = 1}, {host = 'h', port = '80'}}",
            "servers[2].port: integer expected, got string"
        ),
        ("servers = {{host = 'h', port = 1.5}}", "servers[1].port: integer expected, got 1.5"),
        ("servers = {{host = 'h', port = -1}}", "servers[1].port: integer from 0 to 65535 expected, got -1"),
        ("servers = {{host = 7, port = 1}}", "servers[1].host: string expected, got number"),
        ("servers = {{port = 1}}", "servers[1].host: string expected, got nil"),
        ("servers = 5", "servers: table expected, got number"),
        ("", "servers: value expected, got nil"),
        (
            "servers = {[1] = {host = 'h', port = 1}, [3] = {host = 'h', port = 1}}",
            "servers[2]: value expected, got nil (the array goes on to [3])"
        ),
        ("servers = {[2] = {host = 'h', port = 1}}", "servers[1]: value expected, got nil (the array goes on to [2])"),
        ("servers = {{host = 'h', port = 1}, extra = 1}", "servers: array expected, got a table with the key extra"),
        ("servers = {[0] = 1}", "servers: array expected, got a table with the key [0]"),
        ("servers = {[1.5] = 1}", "servers: array expected, got a table with the key [1.5]"),
        ("servers = {true}", "servers[1]: table expected, got boolean"),
        ("servers = {}, labels = {a = {}}", "labels.a: integer expected, got table"),
        ("servers = {}, labels = {5}", "labels: string keys expected, got the key [1]"),
    ]) func anErrorNamesThePath(_ fields: String, _ message: String) {
        #expect(failure("return {name = 'a', isEnabled = true, \(fields)}", as: Config.self) == message)
    }

    @Test func theDecodingErrorIsTheCause() {
        let error = #expect(throws: LuaError.self) { try decode("return {1, 'x'}", as: [Int].self) }
        #expect(error?.cause is DecodingError)
        #expect(error?.message == "[2]: integer expected, got string")
    }

    final class Tree: Decodable {
        let value: Int
        let next: Tree?
    }

    @Test func aCycleIsAnErrorAndNotACrash() {
        #expect(
            failure("local t = {value = 1} t.next = {value = 2, next = t} return t", as: Tree.self)
                == "next.next: the table contains itself")
        #expect(
            failure("local t = {value = 1} for _ = 1, 100000 do t = {value = 1, next = t} end return t", as: Tree.self)?
                .hasSuffix("tables are nested more than 128 deep") == true)
    }

    @Test func aTableThatIsReachedTwiceIsNoCycle() throws {
        #expect(try decode("local s = {1} return {s, s}", as: [[Int]].self) == [[1], [1]])
    }

    @Test func aCycleInAnUnknownFieldIsIgnored() throws {
        #expect(try decode("local t = {value = 1} t.self = t return t", as: Tree.self).value == 1)
    }

    @Test func integersAreExact() throws {
        #expect(try decode("return math.mininteger", as: Int.self) == .min)
        #expect(try decode("return 2^53", as: Int.self) == 1 << 53)
        #expect(failure("return 2^63", as: Int.self)?.hasPrefix("integer expected, got 9.22") == true)
        #expect(failure("return 0/0", as: Int.self)?.hasPrefix("integer expected, got") == true)
        #expect(failure("return 256", as: UInt8.self) == "integer from 0 to 255 expected, got 256")
    }

    @Test func doublesMayBeAnything() throws {
        #expect(try decode("return 0/0", as: Double.self).isNaN)
        #expect(try decode("return -1/0", as: Double.self) == -.infinity)
        #expect(try decode("return -0.0", as: Double.self).sign == .minus)
        #expect(try decode("return 3", as: Double.self) == 3)
    }

    enum Level: String, Codable { case info, warning }
    enum Shape: Codable, Equatable {
        case circle(radius: Double)
        case square(Int)
        case none
    }

    @Test func enumerationsDecodeAsSwiftEncodesThem() throws {
        #expect(try decode("return {'info', 'warning'}", as: [Level].self) == [.info, .warning])
        #expect(
            try decode("return {{circle = {radius = 2}}, {square = {_0 = 3}}, {none = {}}}", as: [Shape].self)
                == [.circle(radius: 2), .square(3), .none])
        #expect(
            failure("return {level = 'loud'}", as: [String: Level].self)?.hasPrefix("level: Cannot initialize Level")
                == true)
        #expect(failure("return {{blob = {}}}", as: [Shape].self)?.hasPrefix("[1]: ") == true)
    }

    @Test func bytesAreStrings() throws {
        #expect(try decode("return '\\0\\255'", as: [UInt8].self) == [0, 255])
        #expect(try decode("return '\\0\\255'", as: LuaBytes.self) == LuaBytes([0, 255]))
        #expect(try decode("return {1, 2}", as: [UInt8].self) == [1, 2])
        #expect(try decode("return {a = {'x'}}", as: [String: [LuaBytes]].self) == ["a": [LuaBytes("x")]])
    }

    @Test func nilIsForOptionalsAlone() throws {
        #expect(try decode("return nil", as: Int?.self) == nil)
        #expect(try decode("return 5", as: Int?.self) == 5)
        #expect(try decode("return nil", as: Config?.self) == nil)
        #expect(failure("return nil", as: Config.self) == "value expected, got nil")
        #expect(failure("return nil", as: Int.self) == "integer expected, got nil")
    }

    @Test func integerKeysAreKept() throws {
        #expect(try decode("return {[1] = 'a', [-5] = 'b'}", as: [Int: String].self) == [1: "a", -5: "b"])
    }

    struct Callbacks: Decodable {
        let done: LuaFunction
        let options: LuaTable
        let any: LuaValue
    }

    @Test func functionsAndTablesStayWhatTheyAre() throws {
        let callbacks: Callbacks = try decode("return {done = function(x) return x + 1 end, options = {}, any = 1}")
        #expect(try lua.call(callbacks.done, 1, returning: Int.self) == 2)
        #expect(failure("return {done = 1}", as: Callbacks.self) == "done: function expected, got number")
    }

    class Base: Decodable { let a: Int }
    final class Derived: Base {
        let b: Int
        private enum Key: CodingKey { case b }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            b = try container.decode(Int.self, forKey: .b)
            try super.init(from: container.superDecoder())
        }
    }

    @Test func aSuperclassHasItsOwnTable() throws {
        let value = try decode("return {b = 1, super = {a = 2}}", as: Derived.self)
        #expect([value.a, value.b] == [2, 1])
        #expect(failure("return {b = 1, super = {}}", as: Derived.self) == "super.a: integer expected, got nil")
    }

    struct Grid: Decodable, Equatable {
        var cells: [[Int]] = []
        init(_ cells: [[Int]]) { self.cells = cells }
        init(from decoder: any Decoder) throws {
            var rows = try decoder.unkeyedContainer()
            while !rows.isAtEnd {
                var row = try rows.nestedUnkeyedContainer(), values: [Int] = []
                while !row.isAtEnd { values.append(try row.decode(Int.self)) }
                cells.append(values)
            }
            #expect(throws: DecodingError.self) { try rows.decode(Int.self) }
        }
    }

    @Test func nestedContainersAreRead() throws {
        #expect(try decode("return {{1, 2}, {3}}", as: Grid.self) == Grid([[1, 2], [3]]))
        #expect(failure("return {{1, 2}, {3, 'x'}}", as: Grid.self) == "[2][2]: integer expected, got string")
    }

    @Test func metamethodsDoNotRun() throws {
        #expect(
            try decode("return setmetatable({a = 1}, {__index = error, __pairs = error})", as: [String: Int].self) == [
                "a": 1
            ])
    }

    @Test func theStackIsAsHighAsBefore() throws {
        let height = lua.stack.top
        _ = try? decode("return {1, {}, 'x'}", as: [Int].self)
        _ = try decode("return {{1}, {2}}", as: [[Int]].self)
        #expect(lua.stack.top == height)
    }

    @Test func aValueOfAClosedInterpreterIsAnError() throws {
        let value = try lua.run("return {}")[0]
        lua.close()
        let error = #expect(throws: LuaError.self) { try lua.decode(value, as: [Int].self) }
        #expect(error?.kind == .closed)
    }
}
