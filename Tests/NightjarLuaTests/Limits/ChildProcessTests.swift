import Glibc
import NightjarLua
import Testing

/// `os.execute` and `io.popen`, whose children do not hold an interpreter.
@Suite struct ChildProcessTests {
    private static func interpreter() throws -> LuaState {
        try LuaState(.init(libraries: .everything, allowsFinalizers: true))
    }

    /// Starts a child that writes its number and stays; gives the number.
    private func child(_ lua: LuaState, _ command: String = "exec sleep 1000", keep: String = "kept") throws -> pid_t {
        let results = try lua.run("\(keep) = io.popen('echo $$; \(command)') return \(keep):read('n')")
        guard case .integer(let number)? = results.first else { throw Missing() }
        return pid_t(number)
    }

    private struct Missing: Error {}

    private func isThere(_ child: pid_t) -> Bool { kill(child, 0) == 0 }

    private func goes(_ child: pid_t) -> Bool {
        for _ in 0..<60_000 {
            if !isThere(child) { return true }
            poll(nil, 0, 1)
        }
        return false
    }

    @Test func closingTheInterpreterEndsAChildNobodyReadsFrom() throws {
        let lua = try Self.interpreter()
        let child = try child(lua)
        lua.close()
        #expect(goes(child))
    }

    @Test func closingTheInterpreterLetsAChildEndThatHasAllItsInput() throws {
        let lua = try Self.interpreter()
        var template = Array("/tmp/nightjar-child-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(descriptor)
            unlink(path)
        }
        try lua.run("kept = io.popen('sleep 0.2; cat > \(path)', 'w') kept:write(('x'):rep(1000))")
        lua.close()
        var information = stat()
        #expect(stat(path, &information) == 0 && information.st_size == 1000)
    }

    @Test func aCollectedStreamDoesNotWaitForItsChildAndLeavesItAlone() throws {
        let lua = try Self.interpreter()
        let child = try child(lua)
        try lua.run("kept = nil collectgarbage() collectgarbage()")
        #expect(isThere(child))
        kill(child, SIGKILL)
        // No zombie is left.
        #expect(goes(child))
    }

    @Test func aDeadlineEndsTheChildThatAScriptWaitsFor() throws {
        for call in [
            "os.execute('sleep 1000; true')", "io.popen('sleep 1000; true'):close()",
            "io.popen('sleep 1000'):read('a')",
        ] {
            let lua = try Self.interpreter()
            let error = #expect(throws: LuaError.self) { try lua.withDeadline(seconds: 0.02) { try lua.run(call) } }
            #expect(error?.kind == .interrupted)
        }
    }

    @Test func aChildWhoseReaderIsGoneDoesNotEndTheProgram() throws {
        let lua = try Self.interpreter()
        // The child is gone before what is buffered is written; SIGPIPE would end the tests.
        try lua.run("kept = io.popen('exec true', 'w') kept:setvbuf('full', 1 << 16) kept:write(('x'):rep(1000))")
        lua.close()
        let other = try Self.interpreter()
        _ = try? other.withDeadline(seconds: 0.02) {
            try other.run(
                "local p <close> = io.popen('exec true', 'w') p:setvbuf('full') p:write('x') while true do end")
        }
    }

    @Test func childrenHearSignalsThatTheirThreadDoesNot() throws {
        let lua = try Self.interpreter()
        var end = sigset_t(), before = sigset_t()
        sigemptyset(&end)
        sigaddset(&end, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &end, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try lua.run("_, how = os.execute('kill -TERM $$; exit 7')")
        #expect(try lua.get("how") == "signal")
    }
}
