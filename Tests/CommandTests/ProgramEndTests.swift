import Testing

/// What a program leaves behind when it ends in the middle.
@Suite struct ProgramEndTests {
    private func run(_ script: String, _ arguments: [String] = []) throws -> (program: Program, folder: Folder) {
        let folder = try Folder()
        try folder.write("s.lua", script)
        return (try Program.run("nightjar", ["run", "s.lua"] + arguments, in: folder.url), folder)
    }

    @Test(arguments: ["os.exit(3)", "os.exit(3, true)", "error(SystemExit(3))", "in_thread()"])
    func logHandlersAreFlushedAtTheEnd(end: String) throws {
        let (program, folder) = try run(
            """
            local logging, threading = require "logging", require "threading"
            local SystemExit = require "exceptions".SystemExit
            local function in_thread()
              local t = threading.Thread{target = function() os.exit(3) end}
              t:start() t:join()
            end
            local buffered = logging.FileHandler{filename = "buffered.log", buffer_size = 65536}
            local async = logging.FileHandler{filename = "async.log", async = true}
            logging.basicConfig{handlers = {buffered, async}, level = "INFO", format = "%(message)s"}
            for i = 1, 2000 do logging.info("%d", i) end
            \(end)
            """)
        let expected = (1...2000).map { "\($0)\n" }.joined()
        #expect(program.exitCode == 3, "\(program.errors)")
        #expect(try folder.read("buffered.log") == expected)
        #expect(try folder.read("async.log") == expected)
    }

    @Test func exitCodesAreThoseOfLua() throws {
        for (call, code) in [("os.exit()", 0), ("os.exit(true)", 0), ("os.exit(false)", 1), ("os.exit(7)", 7)] {
            #expect(try Program.script(call).exitCode == Int32(code), "\(call)")
        }
        let program = try Program.script("os.exit('x')")
        #expect(program.exitCode == 1)
        #expect(program.errors.contains("bad argument #1 to 'exit' (number expected, got string)"))
    }

    @Test func noHalfOfAnArchiveIsLeft() throws {
        let (program, folder) = try run(
            """
            local z = require "zipfile".ZipFile("a.zip", "w")
            z:writestr("a", "text")
            os.exit(0)
            """)
        #expect(program.exitCode == 0)
        #expect(folder.names.filter { $0.contains("zip") || $0.contains("tmp") } == [])
    }

    @Test func threadsThatDoNotStopAreNamed() throws {
        let program = try Program.script(
            """
            local threading = require "threading"
            local started = threading.Event()
            -- Cancelled in its wait, it goes into a search that takes for ever.
            local function search()
              local text <const> = ("a"):rep(2000)
              local _ <close> = setmetatable({}, {__close = function() text:find(("a*"):rep(20) .. "b") end})
              started:set()
              threading.Event():wait()
            end
            threading.Thread{name = "searcher", daemon = true, target = search}:start()
            started:wait()
            """)
        #expect(program.exitCode == 0)
        #expect(program.errors.contains("thread 'searcher' did not stop within 2 s"))
    }
}
