import Foundation
import Testing

@Suite(.serialized) struct RunCommandTests {
    @Test func scriptsGetTheirArgumentsAsInLua() throws {
        let folder = try Folder()
        try folder.write("args.lua", "print(#arg, arg[0], arg[1], arg[2], arg[-1], ...)")
        let program = try Program.run("nightjar", ["run", "args.lua", "--flag", "two words"], in: folder.url)
        #expect(program.output == "2\targs.lua\t--flag\ttwo words\trun\t--flag\ttwo words\n")
        let unrestricted = try Program.run(
            "nightjar", ["run", "--unrestricted", "args.lua", "--help", "-v"], in: folder.url)
        #expect(unrestricted.output == "2\targs.lua\t--help\t-v\t--unrestricted\t--help\t-v\n")
    }

    @Test func optionsEndWithTwoDashesAndUnknownOnesGetTheUsageOfRun() throws {
        let folder = try Folder()
        try folder.write("args.lua", "print(arg[0], ...)")
        let program = try Program.run("nightjar", ["run", "--", "args.lua", "--", "a"], in: folder.url)
        #expect(program.output == "args.lua\t--\ta\n")
        let unknown = try Program.run("nightjar", ["run", "--unknown", "args.lua"], in: folder.url)
        #expect(unknown.errors.contains("Unknown option '--unknown'"))
        #expect(unknown.errors.contains("nightjar run [--unrestricted] <file>"))
        #expect(unknown.exitCode != 0)
    }

    @Test func standardInputIsAScriptWithADashOrWithoutAName() throws {
        let folder = try Folder()
        let dash = try Program.run("nightjar", ["run", "-", "a"], in: folder.url, input: "print('from stdin', ...)")
        #expect(dash.output == "from stdin\ta\n")
        let piped = try Program.run("nightjar", ["run"], in: folder.url, input: "print('piped')")
        #expect(piped.output == "piped\n")
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let source: String
        let errors: String
        var testDescription: String { source }
    }

    static let failures = [
        Failure(source: "x = = 1", errors: "nightjar: s.lua:1: unexpected symbol near '='\n"),
        Failure(
            source: "\nlocal t = nil\nprint(t.x)",
            errors:
                "nightjar: s.lua:3: attempt to index a nil value (local 't')\nstack traceback:\n\ts.lua:3: in main chunk\n"
        ),
        Failure(
            source: "local function f() error('boom') end\nlocal function g() f() end\ng()",
            errors: """
                nightjar: s.lua:1: boom
                stack traceback:
                \ts.lua:1: in upvalue 'f'
                \ts.lua:2: in local 'g'
                \ts.lua:3: in main chunk

                """),
        Failure(
            source: "error({code = 2})",
            errors: "nightjar: s.lua:1: (error object is a table value)\nstack traceback:\n\ts.lua:1: in main chunk\n"),
        Failure(
            source: "local q = require 'queue'\nq.Queue():get(false)",
            errors:
                "nightjar: s.lua:2: queue.Empty\nstack traceback:\n\t[C]: in method 'get'\n\ts.lua:2: in main chunk\n"),
        Failure(
            source: "require 'exceptions'\nerror(require 'exceptions'.KeyError('k'))",
            errors: "nightjar: s.lua:2: KeyError: k\nstack traceback:\n\ts.lua:2: in main chunk\n"),
        Failure(
            source: "require 'threading'.Thread{targt = print}",
            errors: """
                nightjar: s.lua:1: TypeError: Thread() got an unexpected named argument 'targt' \
                (known: group, target, name, args, kwargs, daemon)
                stack traceback:
                \t[C]: in field 'Thread'
                \ts.lua:1: in main chunk

                """),
    ]

    @Test(arguments: failures) func failuresNameThePlaceAndExitWithOne(_ failure: Failure) throws {
        let folder = try Folder()
        try folder.write("s.lua", failure.source)
        let program = try Program.run("nightjar", ["run", "s.lua"], in: folder.url)
        #expect(program.errors == failure.errors)
        #expect(program.exitCode == 1)
        #expect(program.output.isEmpty)
    }

    @Test func missingFilesAndCompiledChunksAreRefused() throws {
        let folder = try Folder()
        let missing = try Program.run("nightjar", ["run", "nofile.lua"], in: folder.url)
        #expect(
            missing.errors == "nightjar: cannot open nofile.lua: No such file or directory\n" && missing.exitCode == 1)
        let whole = try Program.run("nightjar", ["run", "."], in: folder.url)
        #expect(whole.errors == "nightjar: cannot open .: Is a directory\n" && whole.exitCode == 1)
        try folder.write(
            "dump.lua", "local f = io.open('c.luac', 'wb') f:write(string.dump(load('print(1)'))) f:close()")
        #expect(try Program.run("nightjar", ["run", "dump.lua"], in: folder.url).exitCode == 0)
        let compiled = try Program.run("nightjar", ["run", "c.luac"], in: folder.url)
        #expect(compiled.errors == "nightjar: c.luac: a compiled chunk is refused: give the source text\n")
        #expect(compiled.exitCode == 1)
        let allowed = try Program.run("nightjar", ["run", "--unrestricted", "c.luac"], in: folder.url)
        #expect(allowed.output == "1\n")
    }

    @Test func exitCodesAreTheScripts() throws {
        #expect(try Program.script("os.exit(7)").exitCode == 7)
        #expect(try Program.script("os.exit(true)").exitCode == 0)
        #expect(try Program.script("os.exit(false)").exitCode == 1)
        #expect(try Program.script("error(require 'exceptions'.SystemExit(3))").exitCode == 3)
        let text = try Program.script("error(require 'exceptions'.SystemExit('no disk'))")
        #expect(text.exitCode == 1 && text.errors == "no disk\n")
    }

    @Test func wrongUseIsExplained() throws {
        let folder = try Folder()
        let option = try Program.run("nightjar", ["run", "--loud", "x.lua"], in: folder.url)
        #expect(option.exitCode == 1 && option.errors.contains("Unknown option '--loud'"))
        let version = try Program.run("nightjar", ["--version"], in: folder.url)
        #expect(version.exitCode == 0 && version.output.hasPrefix("nightjar "))
        let help = try Program.run("nightjar", ["run", "--help"], in: folder.url)
        #expect(help.exitCode == 0 && help.output.contains("--unrestricted"), "\(help)")
    }

    static let loops = [
        "print('ready') while true do end",
        "print('ready') while true do pcall(function() while true do end end) end",
        "print('ready') require 'queue'.Queue():get()",
        "local t = require 'threading'.Thread{target = function() while true do end end} t:start() print('ready') t:join()",
        "require 'threading'.Thread{target = function() while true do end end}:start() print('ready')",
        "local x <close> = setmetatable({}, {__close = function() while true do end end}) print('ready') while true do end",
    ]

    @Test(arguments: loops) func controlCEndsTheProgramWithATraceback(_ source: String) throws {
        let folder = try Folder()
        try folder.write("s.lua", source)
        let program = try Program.run("nightjar", ["run", "s.lua"], in: folder.url) { process, output in
            var seen = Data()
            while !seen.contains(UInt8(ascii: "\n")) {
                let data = output.availableData
                // The end of the output: the program has failed, and the expectations below say how.
                if data.isEmpty { return }
                seen += data
            }
            process.interrupt()
        }
        #expect(program.errors.contains("interrupted!"))
        #expect(program.exitCode == 1)
    }

    @Test func nonDaemonThreadsAreWaitedForAndDaemonsStopped() throws {
        let program = try Program.script(
            """
            local threading = require "threading"
            local gate = threading.Event()
            threading.Thread{target = function() gate:wait() print("worker ended") end}:start()
            threading.Thread{target = function() while true do end end, daemon = true}:start()
            gate:set()
            print("main ended")
            """)
        #expect(program.exitCode == 0)
        #expect(program.output == "main ended\nworker ended\n" || program.output == "worker ended\nmain ended\n")
    }

    @Test func anErrorInAThreadIsReportedAndDoesNotChangeTheExitCode() throws {
        let program = try Program.script(
            """
            local t = require "threading".Thread{name = "failing", target = function() error("boom") end}
            t:start() t:join()
            """)
        #expect(program.exitCode == 0)
        #expect(
            program.errors == """
                Exception in thread failing:
                stack traceback:
                \tstdin:1: in function <stdin:1>
                RuntimeError: stdin:1: boom

                """)
    }

    @Test func aFailedScriptSaysNothingOfTheArchiveMembersItLeftOpen() throws {
        let folder = try Folder()
        try folder.write(
            "s.lua", "z = require('zipfile').ZipFile('a.zip', 'w') w = z:open('m', 'w') w:write('x') error('boom')")
        let program = try Program.run("nightjar", ["run", "s.lua"], in: folder.url)
        #expect(program.errors.hasPrefix("nightjar: s.lua:1: boom") && !program.errors.contains("ignored"))
    }

    @Test func aHookThatFailsIsReportedAfterTheErrorOfTheThread() throws {
        let program = try Program.script(
            """
            local threading = require "threading"
            threading.excepthook = function() error("hook fails") end
            local t = threading.Thread{name = "failing", target = function() error("boom") end}
            t:start() t:join()
            """)
        #expect(
            program.errors == """
                Exception in thread failing:
                stack traceback:
                \tstdin:3: in function <stdin:3>
                RuntimeError: stdin:3: boom
                Exception in threading.excepthook:
                stack traceback:
                \tstdin:2: in function <stdin:2>
                RuntimeError: stdin:2: hook fails

                """)
    }
}
