// One kind of call, so many times; `calls.sh` counts the instructions.
import CCalls
import Glibc
import NightjarLua

let loop = "local turns = ... local add = add for i = 1, turns do add(i, 1) end"
let function = "return function(a, b) return a + b end"

func swiftFromLua(_ turns: Int) throws {
    let lua = try LuaState(.init(libraries: .everything))
    try lua.set("add") { (a: Int, b: Int) in a + b }
    try lua.call(lua.load(loop), turns)
}

func swiftIntoLua(_ turns: Int) throws -> Int {
    let lua = try LuaState(.init(libraries: .everything))
    let add: LuaFunction = try lua.call(lua.load(function))
    var sum = 0
    for turn in 0..<turns { sum += try lua.call(add, turn, 1, returning: Int.self) }
    return sum
}

guard CommandLine.arguments.count == 3, let turns = Int(CommandLine.arguments[2]) else {
    print("usage: calls lua-c|lua-swift|c-lua|c-lua-bare|swift-lua TURNS")
    exit(2)
}
let expected = turns * (turns - 1) / 2 + turns
switch CommandLine.arguments[1] {
case "lua-c": exit(calls_from_lua(loop, turns))
case "lua-swift": try swiftFromLua(turns)
case "c-lua": precondition(calls_into_lua(function, turns, 1) == expected)
case "c-lua-bare": precondition(calls_into_lua(function, turns, 0) == expected)
case "swift-lua":
    let sum = try swiftIntoLua(turns)
    precondition(sum == expected)
case let other:
    print("calls: no benchmark '\(other)'")
    exit(2)
}
