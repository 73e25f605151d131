import Foundation
import Testing

/// Ctrl-C and cancelling, seen from outside: how the program ends, and how soon.
@Suite(.serialized) struct InterruptTests {
    /// Runs a script that prints a line when it is ready, and sends it an interrupt then.
    private func interrupted(_ script: String) throws -> Program {
        let folder = try Folder()
        try folder.write("s.lua", script)
        return try Program.run("nightjar", ["run", "s.lua"], in: folder.url) { process, output in
            #expect(output.readData(ofLength: 6) == Data("ready\n".utf8))
            kill(process.processIdentifier, SIGINT)
        }
    }

    static let endless = [
        "print('ready') while true do end",
        "print('ready') os.execute('sleep 20')",
        "print('ready') os.execute('sleep 20; true')",
        "print('ready') io.popen('sleep 20'):read()",
        "print('ready') io.popen('sleep 20; true'):close()",
        "print('ready') require 'queue'.Queue():get()",
        "os.execute('mkfifo pipe') print('ready') io.open('pipe')",
        """
        local t = require 'threading'.Thread{target = function() print('ready') while true do end end}
        t:start() t:join()
        """,
        """
        local t = require 'threading'.Thread{target = function() print('ready') os.execute('sleep 20') end}
        t:start()
        """,
    ]

    @Test(arguments: endless) func ctrlCEndsTheProgramWithItsTrace(script: String) throws {
        let program = try interrupted(script)
        #expect(program.exitCode == 1)
        #expect(program.errors.contains("nightjar: "))
        #expect(program.errors.contains("interrupted!"))
        #expect(program.output.isEmpty)
    }

    /// As from a shell. The programs that these tests start themselves inherit the signal blocked, from threads of libdispatch.
    @Test func ctrlCFindsTheThreadThatWaitsForItWhereNobodyBlocksIt() throws {
        let folder = try Folder()
        try folder.write("s.lua", "print('ready') require 'queue'.Queue():get()")
        try folder.write(
            "keyboard.py",
            """
            import signal, subprocess, sys
            unblock = lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            for turn in range(20):
                program = subprocess.Popen(
                    [sys.argv[1], "run", "s.lua"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=unblock)
                program.stdout.readline()
                program.send_signal(signal.SIGINT)
                errors = program.communicate(timeout=60)[1]
                if program.returncode != 1 or b"interrupted!" not in errors:
                    sys.exit(f"ended with {program.returncode}: {errors}")
            """)
        let nightjar = Program.buildFolder.appendingPathComponent("nightjar").path
        let (text, code) = try folder.shell("exec python3 keyboard.py '\(nightjar)'")
        #expect(code == 0, "\(text)")
    }

    @Test func ctrlCLetsToBeClosedVariablesRun() throws {
        let program = try interrupted(
            "local x <close> = setmetatable({}, {__close = function() print('closed') end}) print('ready') io.popen('sleep 20'):read()"
        )
        #expect(program.output == "closed\n")
        #expect(program.exitCode == 1)
    }

    @Test func theMainThreadCanBeCancelled() throws {
        let program = try Program.script(
            """
            local threading = require 'threading'
            local x <close> = setmetatable({}, {__close = function() print('closed') end})
            local t = threading.Thread{target = function() print(threading.main_thread():cancel()) end}
            t:start()
            while true do pcall(function() threading.Event():wait() end) end
            """)
        #expect(Set(program.output.split(separator: "\n")) == ["true", "closed"])
        #expect(program.errors.contains("cancelled"))
        #expect(program.exitCode == 1)
    }

    @Test func theEndOfTheProgramWaitsForNoChildThatNobodyReadsFrom() throws {
        let program = try Program.script("print(io.popen('echo here; exec sleep 20'):read())")
        #expect(program.output == "here\n")
        #expect(program.exitCode == 0)
    }

    @Test func daemonThreadsEndWithTheirChildren() throws {
        let program = try Program.script(
            """
            local threading = require 'threading'
            local started = threading.Semaphore(0)
            for _, body in ipairs{
                function() started:release() os.execute("trap '' TERM; sleep 20; true") end,
                function() started:release() io.popen('sleep 20; true'):read() end,
                function() started:release() while true do pcall(function() while true do end end) end end,
            } do threading.Thread{target = body, daemon = true}:start() started:acquire() end
            print('end')
            """)
        // The output is at its end: nobody is left who has it open.
        #expect(program.output == "end\n")
        #expect(program.exitCode == 0)
    }
}
