import Glibc
import NightjarLua
import Testing

@Suite struct ChunkTests {
    private func failure(_ bytes: [UInt8], _ name: String = "@x.lua") throws -> LuaError? {
        let lua = try LuaState()
        return #expect(throws: LuaError.self) { try lua.call(lua.load(bytes: bytes, chunkName: name)) }
    }

    @Test func aShebangAndAByteOrderMarkKeepLineNumbers() throws {
        #expect(try failure(Array("#!/usr/bin/env nightjar\nerror('x')".utf8))?.message == "x.lua:2: x")
        #expect(try failure([0xef, 0xbb, 0xbf] + Array("error('x')".utf8))?.message == "x.lua:1: x")
        #expect(try failure([0xef, 0xbb, 0xbf] + Array("#!x\nerror('x')".utf8))?.message == "x.lua:2: x")
    }

    @Test func aMissingFileIsAnError() throws {
        let error = #expect(throws: LuaError.self) { try LuaState().run(file: "/nowhere/x.lua") }
        #expect(error?.kind == .file)
        #expect(error?.message == "cannot open /nowhere/x.lua: No such file or directory")
    }

    @Test func compiledChunksAreRefusedEverywhere() throws {
        let lua = try LuaState(.init(libraries: .everything))
        #expect(try failure([0x1b, 0x4c])?.kind == .syntax)
        try lua.run(
            """
            local code = string.dump(function() return 1 end)
            assert(not load(code) and not load(code, 'x', 'b') and not load(code, 'x', 'bt') and load('return 1', 'x', 't'))
            local name = os.tmpname() local file = io.open(name, 'wb') file:write(code) file:close()
            assert(not loadfile(name) and not loadfile(name, 'b') and not pcall(dofile, name))
            os.remove(name)
            """)
    }

    @Test func compiledChunksRunWhereTheyAreAllowed() throws {
        let lua = try LuaState(.init(allowsBinaryChunks: true))
        try lua.run("assert(load(string.dump(function() return 5 end))() == 5)")
    }

    @Test func argumentsReachTheScript() throws {
        #expect(try LuaState().run("return ...", arguments: ["a", "b"]).map(\.text) == ["a", "b"])
    }
}
