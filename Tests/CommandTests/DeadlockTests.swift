import Foundation
import Testing

/// How a program ends whose threads wait for each other.
@Suite(.serialized) struct DeadlockTests {
    private func run(_ text: String) throws -> Program {
        let folder = try Folder()
        try folder.write("s.lua", "local threading, queue = require 'threading', require 'queue'\n" + text)
        return try withExtendedLifetime(folder) { try Program.run("nightjar", ["run", "s.lua"], in: folder.url) }
    }

    @Test func theMainScriptsErrorIsToldAsAnyOther() throws {
        let program = try run("local q = queue.Queue()\nq:get()")
        #expect(
            program.errors == """
                nightjar: s.lua:3: threading.DeadlockError: deadlock: MainThread waits, and there is no other thread to wake it
                  MainThread waits in Queue.get at s.lua:3 for queue.Queue created at s.lua:2, which is empty
                stack traceback:
                \t[C]: in method 'get'
                \ts.lua:3: in main chunk

                """)
        #expect(program.exitCode == 1)
    }

    private static let crossing = """
        local first, second, meeting = threading.Lock(), threading.Lock(), threading.Barrier(2)
        local function cross(mine, other)
          local held <close> = mine:hold()
          meeting:wait()
          local both <close> = other:hold()
        end
        local a = threading.Thread{target = cross, args = {first, second}}
        local b = threading.Thread{target = cross, args = {second, first}}
        a:start() b:start()

        """

    @Test func threadsThatOutliveTheMainScriptAreToldAndTheProgramFails() throws {
        let program = try run(Self.crossing + "print 'main is over'")
        #expect(program.output == "main is over\n")
        for name in ["Thread-1 (cross)", "Thread-2 (cross)"] {
            #expect(program.errors.contains("Exception in thread \(name):\nstack traceback:"))
        }
        #expect(
            program.errors.contains(
                """
                threading.DeadlockError: deadlock: Thread-1 (cross) and Thread-2 (cross) wait for each other
                  Thread-1 (cross) waits in Lock.acquire at s.lua:6 for threading.Lock created at s.lua:2 (#1), held by Thread-2 (cross)
                """))
        #expect(program.errors.contains("\n  MainThread waits in Thread.join for Thread-1 (cross)\n"))
        #expect(program.exitCode == 1)
    }

    @Test func aMainScriptThatJoinsThemGoesOn() throws {
        let program = try run(
            Self.crossing + "a:join() b:join() print(a.state, b.state, first:locked(), second:locked())")
        #expect(program.output == "failed\tfailed\tfalse\tfalse\n")
        #expect(program.exitCode == 0)
    }

    @Test func aProgramWhoseThreadsCatchTheErrorSucceeds() throws {
        let program = try run(
            """
            local never = threading.Event()
            threading.Thread{target = function() print(not pcall(never.wait, never)) end}:start()
            """)
        #expect(program.output == "true\n")
        #expect(program.errors == "")
        #expect(program.exitCode == 0)
    }

    @Test func daemonsThatWaitForEverEndWithTheProgram() throws {
        let program = try run(
            """
            local never = threading.Event()
            threading.Thread{daemon = true, target = function() never:wait() end}:start()
            """)
        #expect(program.errors == "")
        #expect(program.exitCode == 0)
    }

    @Test func whatIsUnrestrictedIsToldToo() throws {
        let folder = try Folder()
        try folder.write("s.lua", "require 'threading'.Event():wait()")
        let program = try Program.run("nightjar", ["run", "--unrestricted", "s.lua"], in: folder.url)
        #expect(program.errors.contains("threading.DeadlockError"))
        #expect(program.exitCode == 1)
    }

    @Test func aThreadThatReadsFromItsInputIsWaitedFor() throws {
        let folder = try Folder()
        try folder.write(
            "s.lua",
            """
            local threading, queue = require 'threading', require 'queue'
            local q = queue.Queue()
            threading.Thread{target = function() q:put(io.read()) end}:start()
            print(q:get())
            """)
        // The shell's sleep is longer than a report takes; a slow machine only makes it longer.
        let command = "(sleep 0.3; echo typed) | \(Program.buildFolder.path)/nightjar run s.lua"
        let (text, code) = try folder.shell(command)
        #expect(text == "typed\n")
        #expect(code == 0)
    }
}
