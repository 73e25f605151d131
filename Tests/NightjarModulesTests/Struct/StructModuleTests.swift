import NightjarLua
import NightjarModules
import Testing

@Suite struct StructModuleTests {
    @Test func aRecordBeyondTheInterpretersMemoryIsRefusedBeforeItIsMade() throws {
        let state = try LuaState(.init(libraries: .everything, memoryLimit: 4 << 20))
        StandardModules.register(in: state)
        defer { state.close() }
        let error = #expect(throws: LuaError.self) { try state.run("require('struct').pack('1000000000x')") }
        #expect(error?.className == "MemoryError")
        #expect(error?.message == "record of 1000000000 bytes is too large")
        try state.run("assert(#require('struct').pack('1000000x') == 1000000)")
    }

    @Test func interpretersWithoutThePackageLibraryHaveTheModule() throws {
        let state = try LuaState(.init(libraries: .scripting))
        StandardModules.register(in: state)
        defer { state.close() }
        try state.run("local s = require 'struct' assert(s.unpack('<H', '\\1\\2') == 513)")
    }
}
