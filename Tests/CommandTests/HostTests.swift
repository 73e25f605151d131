import Foundation
import Testing

/// One program, built once: what it logs, and where, is said by the script that it is given.
@Suite struct HostTests {
    private static let script = Program.packageFolder.appendingPathComponent("examples/Host/logging.lua").path

    @Test func scriptBesideTheProgramSetsLevelsFileFilterAndTask() throws {
        let folder = try Folder()
        let program = try Program.run("Host", [Self.script, "app.log"], in: folder.url)
        #expect(program.output.isEmpty && program.errors.isEmpty && program.exitCode == 0, "\(program)")
        let lines = try folder.read("app.log").split(separator: "\n").map { String($0) }
        let mine = lines.filter { $0.contains("stored") }
        #expect(
            mine.sorted()
                == (1...3).flatMap { turn in
                    ["INFO:app.db:reader:reader stored item \(turn)", "INFO:app.db:writer:writer stored item \(turn)"]
                }.sorted())
        #expect(lines.contains("INFO:app.watch:watch:busy: more than 3 items"))
        #expect(lines.last == "ERROR:app.db:MainThread:done, 6 items")
        #expect(!lines.joined().contains("password"), "the filter that the script wrote")
        #expect(!lines.joined().contains("DEBUG"))
    }

    @Test func anotherScriptMeansOtherHandlersWithoutRecompiling() throws {
        let folder = try Folder()
        try folder.write(
            "other.lua",
            """
            local logging = require "logging"
            logging.basicConfig { level = "DEBUG", stream = io.stdout, format = "%(levelname)s|%(message)s" }
            """)
        let program = try Program.run("Host", ["other.lua", "app.log"], in: folder.url)
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(program.output.contains("DEBUG|reader turn 1\n"))
        #expect(program.output.contains("WARNING|writer has the password hunter2\n"))
        #expect(folder.names == ["other.lua"], "no log file was asked for")
    }

    @Test func brokenScriptIsReportedWithItsPlaceAndTheProgramGoesOn() throws {
        let folder = try Folder()
        try folder.write("broken.lua", "local logging = require 'logging'\nlogging.getLogger():setLevel('LOUD')\n")
        let program = try Program.run("Host", ["broken.lua", "app.log"], in: folder.url)
        #expect(program.output == "host: broken.lua:2: ValueError: Unknown level: 'LOUD'\n")
        #expect(program.exitCode == 0)
        // Nothing is configured: warnings go to standard error, bare, as Python's last resort has it.
        #expect(program.errors.contains("done, 6 items"))
    }
}
