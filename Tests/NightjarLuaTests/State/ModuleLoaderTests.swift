import Glibc
import NightjarLua
import Testing

@Suite struct ModuleLoaderTests {
    /// A folder of its own, with these files.
    private func folder(_ files: [String: [UInt8]]) throws -> String {
        var template = Array("/tmp/nightjar-modules-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        for (name, bytes) in files {
            if let slash = name.lastIndex(of: "/") { mkdir(path + "/" + name[..<slash], 0o755) }
            let file = try #require(fopen(path + "/" + name, "w"))
            _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            fclose(file)
        }
        return path
    }

    private static let libraries: [LuaLibraries] = [.scripting, .everything]

    @Test(arguments: libraries) func nativeModulesAndFilesAreFound(_ libraries: LuaLibraries) throws {
        let path = try folder([
            "plain.lua": Array("return {name = ..., value = 1}".utf8), "packed/init.lua": Array("return 'init'".utf8),
            "packed/inner.lua": Array("return 'inner'".utf8), "silent.lua": Array("count = (count or 0) + 1".utf8),
        ])
        let lua = try LuaState(.init(libraries: libraries, moduleFolders: [path]))
        lua.register(LuaModule("native") { try $0.value("answer", 42) })
        try lua.run(
            """
            assert(require('native').answer == 42 and require('native') == require('native'))
            assert(require('plain').value == 1 and require('plain').name == 'plain')
            assert(require('packed') == 'init' and require('packed.inner') == 'inner')
            assert(require('silent') == true and require('silent') == true and count == 1)
            """)
    }

    @Test(arguments: libraries) func nothingLeadsOutOfTheFolders(_ libraries: LuaLibraries) throws {
        let outer = try folder(["secret.lua": Array("return 'secret'".utf8), "inner/x.lua": Array("return 1".utf8)])
        let lua = try LuaState(.init(libraries: libraries, moduleFolders: [outer + "/inner"]))
        for name in ["../secret", "..secret", "...secret", "/etc/passwd", "\(outer)/secret", ""] {
            try lua.set("name", name)
            try lua.run("local ok, e = pcall(require, name) assert(not ok)")
        }
    }

    @Test(arguments: libraries) func compiledModulesAreRefusedAndErrorsNameTheFile(_ libraries: LuaLibraries) throws {
        let path = try folder(["binary.lua": [0x1b, 0x4c, 0x75, 0x61], "broken.lua": Array("\nx =".utf8)])
        let lua = try LuaState(.init(libraries: libraries, moduleFolders: [path]))
        #expect(
            #expect(throws: LuaError.self) { try lua.run("require('binary')") }?.message.contains(
                "compiled chunk is refused") == true)
        #expect(
            #expect(throws: LuaError.self) { try lua.run("require('broken')") }?.message.contains("broken.lua:2:")
                == true)
        #expect(
            #expect(throws: LuaError.self) { try lua.run("require('missing')") }?.message.contains(
                "'missing' not found") == true)
    }
}
