import NightjarBinary
import NightjarConcurrency
import NightjarLua
import Testing

@testable import NightjarModules

@Suite struct ZipFileObjectTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("a.zip") }

    init() throws { folder = try TemporaryFolder() }

    private static let writing = "local z = require('zipfile').ZipFile(..., 'w') z:writestr('member', 'data')"

    @Test func closingTheInterpreterFinishesWhatAScriptForgotToClose() throws {
        let state = try LuaScriptTests.makeState()
        try state.run(Self.writing, arguments: [path])
        #expect(!folder.has("a.zip"))
        state.close()
        #expect(try ZipArchive(path: path).read("member") == Array("data".utf8))
    }

    @Test func aScriptThatFailedLeavesNothingOfAnUnfinishedArchive() throws {
        let state = try LuaScriptTests.makeState()
        let error = #expect(throws: LuaError.self) { try state.run(Self.writing + " error('oops')", arguments: [path]) }
        #expect(error?.message.contains("oops") == true)
        StandardModules.abandonUnfinishedArchives(in: state)
        state.close()
        #expect(folder.names == [])
    }

    @Test func abandoningLeavesFinishedArchivesAndThoseThatAreReadAlone() throws {
        let state = try LuaScriptTests.makeState()
        defer { state.close() }
        try state.run(Self.writing + " z:close() r = require('zipfile').ZipFile(...)", arguments: [path])
        StandardModules.abandonUnfinishedArchives(in: state)
        try state.run("assert(r:read('member') == 'data')")
    }

    @Test func aForgottenArchiveThatCannotBeFinishedLeavesNothing() throws {
        let state = try LuaScriptTests.makeState()
        try state.run("z = require('zipfile').ZipFile(..., 'x') z:writestr('member', 'data')", arguments: [path])
        try state.run("local f = io.open(..., 'w') f:write('theirs') f:close()", arguments: [path])
        state.close()
        #expect(folder.names == ["a.zip"])
        #expect(!ZipArchive.isZipFile(path))
    }

    @Test func anInterruptedBlockLeavesNothing() throws {
        let state = try LuaScriptTests.makeState()
        defer { state.close() }
        let script = "local z <close> = require('zipfile').ZipFile(..., 'w') z:writestr('a', 'b') while true do end"
        let error = #expect(throws: LuaError.self) {
            try state.withDeadline(seconds: 0.1) { try state.run(script, arguments: [path]) }
        }
        #expect(error?.kind == .interrupted)
        #expect(folder.names == [])
    }

    @Test func aMemberBeyondTheInterpretersMemoryIsRefusedBeforeItIsRead() throws {
        let archive = try ZipArchive(path: path, mode: .write)
        try archive.writestr("large", [UInt8](repeating: 7, count: 8 << 20))
        try archive.close()
        let state = try LuaState(.init(libraries: .everything, memoryLimit: 4 << 20))
        StandardModules.register(in: state)
        defer { state.close() }
        try state.run("z = require('zipfile').ZipFile(...) f = z:open('large')", arguments: [path])
        for call in ["z:read('large')", "f:read()", "f:read(5 << 20)"] {
            let error = #expect(throws: LuaError.self) { try state.run(call) }
            #expect(error?.className == "MemoryError")
            #expect(
                error?.message
                    == "\(call.contains("<<") ? 5 << 20 : 8 << 20) bytes are more than this interpreter may have (4194304)"
            )
        }
        try state.run(
            "local n = 0 while true do local s = f:read(65536) if s == '' then break end n = n + #s end assert(n == 8 << 20)"
        )
    }

    @Test func anArchiveOpenedForReadingIsTheSameInAnotherInterpreter() throws {
        let first = try LuaScriptTests.makeState(), second = try LuaScriptTests.makeState()
        defer {
            second.close()
            first.close()
        }
        try first.run(Self.writing + " z:close() archive = require('zipfile').ZipFile(...)", arguments: [path])
        try first.run("info = archive:getinfo('member')")
        for name in ["archive", "info"] {
            let message = try Self.message(name, first)
            try second.withStack { stack throws(LuaError) in
                try MessageDecoder.push(message, to: stack)
                stack.pushGlobals()
                stack.insert(at: -2)
                try stack.set(-2, name)
            }
        }
        first.close()
        try second.run("assert(archive:read(info) == 'data') assert(archive:getinfo('member') == info)")
    }

    @Test func anArchiveThatIsWrittenStaysWithItsInterpreter() throws {
        let state = try LuaScriptTests.makeState()
        defer { state.close() }
        try state.run("archive = require('zipfile').ZipFile(..., 'w')", arguments: [path])
        #expect(throws: (any Error).self) { try Self.message("archive", state) }
    }

    private static func message(_ global: String, _ state: LuaState) throws -> Message {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        stack.pushGlobals()
        stack.rawGet(-1, global)
        return try MessageEncoder.encode(stack, at: -1, as: .item)
    }
}
