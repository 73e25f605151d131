import NightjarLua
import Testing

@Suite struct ExceptionTests {
    let lua: LuaState
    init() throws {
        lua = try LuaState()
        try lua.withStack { stack throws(LuaError) in
            for exception in [LuaExceptionClass.exception, .valueError, .osError, .fileNotFoundError, .keyError] {
                stack.pushGlobals()
                exception.push(to: stack)
                try stack.set(-2, exception.name)
            }
        }
    }

    private func failure(_ script: String) -> LuaError? {
        #expect(throws: LuaError.self) { try lua.run(script, name: "s.lua") }
    }

    @Test func classesKnowTheirInstances() throws {
        try lua.run(
            """
            local e = FileNotFoundError('x')
            assert(OSError:is(e) and Exception:is(e) and FileNotFoundError:is(e) and not ValueError:is(e))
            assert(not Exception:is('x') and not Exception:is(nil) and not Exception:is({}) and e.class == FileNotFoundError)
            assert(FileNotFoundError.super == OSError and tostring(OSError) == "<class 'OSError'>")
            """)
    }

    @Test func textAndArgumentsAreAsInPython() throws {
        try lua.run(
            """
            assert(tostring(ValueError()) == '' and tostring(ValueError('a')) == 'a' and tostring(KeyError('k')) == 'k')
            assert(tostring(ValueError('a', 2, true)) == "('a', 2, true)")
            local e = ValueError('a', 2) assert(e.args[1] == 'a' and e.args[2] == 2 and #e.args == 2)
            """)
    }

    @Test func raisingNotesThePlaceAndTheTraceback() {
        let error = failure("local function f()\nerror(ValueError('bad'))\nend\nf()")
        #expect(error?.className == "ValueError")
        #expect(error?.message == "bad")
        #expect(error?.place == "s.lua:2")
        #expect(error?.report == "s.lua:2: ValueError: bad")
        let again = failure(
            "local ok, e = pcall(function() error(ValueError('a')) end)\nassert(e.traceback:find('stack traceback'))\nerror(e)"
        )
        #expect(again?.place == "s.lua:1")
    }

    @Test func scriptsMakeClassesOfTheirOwn() throws {
        try lua.run(
            """
            local Bad = ValueError:subclass('Bad')
            function Bad:init(code) Bad.super.init(self, 'code ' .. code) self.code = code end
            local Worse = Bad:subclass('Worse')
            local ok, e = pcall(function() error(Worse(7)) end)
            assert(not ok and Bad:is(e) and ValueError:is(e) and e.code == 7 and tostring(e) == 'code 7' and e.class == Worse)
            function Bad:__tostring() return 'custom' end
            assert(tostring(Bad(1)) == 'custom')
            """)
        #expect(failure("error(ValueError:subclass('Mine')('x'))")?.className == "Mine")
    }

    @Test func whatSwiftThrowsHasItsClassAndAttributes() throws {
        try lua.set("fail") { () throws in
            throw LuaException(.fileNotFoundError, "gone", attributes: [("errno", 2), ("filename", "f")])
        }
        try lua.run(
            """
            local ok, e = pcall(fail)
            assert(OSError:is(e) and e.errno == 2 and e.filename == 'f' and tostring(e) == 'gone' and e.class == FileNotFoundError)
            """)
        #expect(failure("fail()")?.className == "FileNotFoundError")
        #expect(failure("ValueError:subclass(5)")?.className == "TypeError")
    }
}
