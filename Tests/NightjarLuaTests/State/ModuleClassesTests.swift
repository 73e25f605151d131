import NightjarLua
import Testing

/// A module makes its classes when they are asked for; nobody can tell.
@Suite struct ModuleClassesTests {
    final class Pen: LuaObject {
        static let luaType = LuaType("Pen", for: Pen.self, module: "desk", doc: "Writes.") {
            $0.constructor { Pen() }
            $0.method("write") { (_: Pen) in "ink" }
        }
    }
    final class Book: LuaObject {
        static let luaType = LuaType("Book", for: Book.self, module: "desk") { $0.constructor { Book() } }
    }
    static let spilled = LuaExceptionClass("Spilled", module: "desk")

    private static func module(hasAttributes: Bool) -> LuaModule {
        LuaModule("desk") { module in
            module.type(Pen.luaType)
            module.type(Book.luaType)
            module.exception(spilled)
            module.exception(.runtimeError, as: "Trouble")
            module.function("size") { () in 4 }
            guard hasAttributes else { return }
            module.stack.newTable()
            module.pushFunction("index") { call in
                guard call.stack.string(at: 2) == "owner" else { return 0 }
                return try call.results("me")
            }
            module.stack.rawSet(-2, "__index")
            module.stack.setMetatable(module.table)
        }
    }

    private func lua(hasAttributes: Bool = false) throws -> LuaState {
        let lua = try LuaState()
        lua.register(ModuleClassesTests.module(hasAttributes: hasAttributes))
        return lua
    }

    @Test(arguments: [false, true]) func classesAreThereWhenTheyAreAskedFor(_ hasAttributes: Bool) throws {
        let lua = try lua(hasAttributes: hasAttributes)
        try lua.run(
            """
            local desk = require "desk"
            assert(desk.Pen():write() == "ink" and desk.Pen == desk.Pen and desk.Pen == desk.Pen().class)
            assert(tostring(desk.Spilled) == "<class 'desk.Spilled'>" and desk.Spilled("x").class == desk.Spilled)
            assert(desk.nothing == nil and desk[1] == nil and desk.size() == 4)
            """)
        if hasAttributes { try lua.run("assert(require('desk').owner == 'me' and require('desk').Book())") }
    }

    @Test(arguments: [false, true]) func pairsListsThemAll(_ hasAttributes: Bool) throws {
        try lua(hasAttributes: hasAttributes).run(
            """
            local desk = require "desk"
            local pen, names = desk.Pen, {}
            for name, value in pairs(desk) do names[#names + 1] = name .. ":" .. type(value) end
            table.sort(names)
            local found = table.concat(names, " ")
            assert(found == "Book:table Pen:table Spilled:table Trouble:table help:function size:function", found)
            assert(desk.Pen == pen)
            """)
    }

    @Test func aScriptMayPutSomethingElseInTheirPlace() throws {
        try lua().run(
            """
            local desk = require "desk"
            desk.Book = "mine"
            assert(desk.Book == "mine")
            for name, value in pairs(desk) do if name == "Book" then assert(value == "mine") end end
            """)
    }

    @Test func scriptsDoNotReachWhatIsBehindThem() throws {
        try lua().run(
            """
            local desk = require "desk"
            assert(getmetatable(desk) == false and not pcall(setmetatable, desk, {}))
            """)
    }

    @Test func theSameClassServesObjectsThatCameFromElsewhere() throws {
        let lua = try lua()
        try lua.set("pen", Pen())
        try lua.run("local desk = require 'desk' assert(pen.class == desk.Pen and desk.Pen:is(pen))")
    }
}
