import Foundation
import Testing

/// What is left of a log when programs die and folders turn out wrong.
@Suite struct LogFaultTests {
    /// Each number is printed once its record was logged: what was printed must be in the files, whenever the kill comes.
    private static let acknowledging = """
        local logging = require "logging"
        local handlers = require "logging.handlers"
        local make = {
          file = function() return logging.FileHandler("app.log") end,
          rotating = function()
            return handlers.RotatingFileHandler { filename = "app.log", maxBytes = 20000, backupCount = 2000 }
          end,
          watched = function() return handlers.WatchedFileHandler("app.log") end,
        }
        local logger = logging.getLogger("fault")
        logger:setLevel("INFO")
        logger:addHandler(make[...]())
        io.stdout:setvbuf("no")
        local number = 0
        while true do
          number = number + 1
          logger:info("record %d.", number)
          io.write(number, "\\n")
        end
        """

    @Test(arguments: ["file", "rotating", "watched"], [1, 300, 2_000])
    func killLosesNothingThatWasAcknowledged(kind: String, acknowledgements: Int) throws {
        let folder = try Folder()
        try folder.write("fault.lua", Self.acknowledging)
        var printed = ""
        let program = try Program.run("nightjar", ["run", "fault.lua", kind], in: folder.url) { process, output in
            while printed.utf8.count(where: { $0 == UInt8(ascii: "\n") }) < acknowledgements {
                let part = output.availableData
                guard !part.isEmpty else { break }
                printed += String(decoding: part, as: UTF8.self)
            }
            kill(process.processIdentifier, SIGKILL)
        }
        #expect(program.exitCode == -SIGKILL, "\(program.errors)")
        // The last line may have been cut.
        let acknowledged = (printed + program.output).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        #expect(acknowledged.count >= acknowledgements)
        let logged = try Self.numbers(in: folder)
        #expect(logged.count == Set(logged).count, "a record is there twice")
        let missing = Set(acknowledged.compactMap { Int($0) }).subtracting(logged)
        #expect(missing.isEmpty, "\(missing.count) acknowledged records are missing")
    }

    @Test func eightThreadsOnARotatingFileLoseDoubleAndTearNothing() throws {
        let folder = try Folder()
        try folder.write(
            "threads.lua",
            """
            local logging = require "logging"
            local handlers = require "logging.handlers"
            local threading = require "threading"
            local logger = logging.getLogger("fault")
            logger:setLevel("INFO")
            logger:addHandler(handlers.RotatingFileHandler { filename = "app.log", maxBytes = 5000, backupCount = 2000 })
            local start, threads = threading.Event(), {}
            for t = 0, 7 do
              threads[#threads + 1] = threading.Thread { target = function()
                start:wait()
                local logger = require("logging").getLogger("fault")
                for i = 1, 500 do logger:info("record %d.", t * 500 + i) end
              end }
              threads[#threads]:start()
            end
            start:set()
            for _, thread in ipairs(threads) do thread:join() end
            """)
        let program = try Program.run("nightjar", ["run", "threads.lua"], in: folder.url)
        #expect(program.exitCode == 0 && program.errors.isEmpty, "\(program.errors)")
        let logged = try Self.numbers(in: folder)
        #expect(logged.count == 4_000)
        #expect(Set(logged) == Set(1...4_000))
        #expect(folder.names.count > 8, "it was rotated: \(folder.names.count) files")
    }

    @Test func programGoesOnWhereFilesCannotBeRotated() throws {
        let folder = try Folder()
        // The name that the rotated file is to have is a folder with something in it: it can be neither removed nor replaced, by root either.
        try folder.write("keep", "")
        let taken = folder.url.appendingPathComponent("app.log.1")
        try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            at: folder.url.appendingPathComponent("keep"), to: taken.appendingPathComponent("keep"))
        try folder.write(
            "stuck.lua",
            """
            local logging = require "logging"
            local handlers = require "logging.handlers"
            local logger = logging.getLogger("fault")
            logger:setLevel("INFO")
            logger:addHandler(handlers.RotatingFileHandler { filename = "app.log", maxBytes = 200, backupCount = 1 })
            for i = 1, 50 do logger:info("record %d.", i) end
            print "done"
            """)
        let program = try Program.run("nightjar", ["run", "stuck.lua"], in: folder.url)
        #expect(program.output == "done\n" && program.exitCode == 0)
        #expect(program.errors.contains("app.log.1"), "\(program.errors)")
        // Nothing is lost: records go on into the same file.
        #expect(try Self.numbers(in: folder) == Array(1...50))
    }

    @Test func filesBelongToTheirGroupAndNoChildHasThem() throws {
        let folder = try Folder()
        try folder.write(
            "child.lua",
            """
            local logging = require "logging"
            local handlers = require "logging.handlers"
            local hs = {
              logging.FileHandler("a.log"), handlers.RotatingFileHandler("b.log"), handlers.WatchedFileHandler("c.log"),
              handlers.TimedRotatingFileHandler("d.log"),
            }
            for _, h in ipairs(hs) do h:handle(logging.makeLogRecord { msg = "m" }) end
            -- The shell of popen would show what it has inherited.
            print(io.popen("ls -l /proc/self/fd | grep -c '[.]log'"):read("a"))
            """)
        let program = try Program.run("nightjar", ["run", "child.lua"], in: folder.url)
        #expect(program.output.hasPrefix("0\n"), "a child has open log files: \(program.output)\(program.errors)")
        for name in ["a.log", "b.log", "c.log", "d.log"] {
            let path = folder.url.appendingPathComponent(name).path
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(
                (mode ?? 0) & ~0o640 == 0 && (mode ?? 0) & 0o600 == 0o600, "\(name): \(String(mode ?? 0, radix: 8))")
        }
    }

    /// The numbers of the records in all files of the log; each line must be whole.
    private static func numbers(in folder: Folder) throws -> [Int] {
        var numbers: [Int] = []
        for name in folder.names where name.hasPrefix("app.log") && !name.hasSuffix(".lock") {
            guard let text = try? folder.read(name) else { continue }
            for line in text.split(separator: "\n") {
                guard line.hasPrefix("record "), line.hasSuffix("."), let number = Int(line.dropFirst(7).dropLast())
                else {
                    Issue.record("torn line in \(name): \(line)")
                    continue
                }
                numbers.append(number)
            }
        }
        return numbers
    }
}
