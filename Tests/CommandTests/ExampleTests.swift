import Foundation
import Testing

/// Every example runs, and prints what it is said to print.
@Suite struct ExampleTests {
    static let examples = Program.packageFolder.appendingPathComponent("examples")

    private func run(_ name: String, _ arguments: [String] = [], in folder: Folder) throws -> Program {
        try Program.run(
            "nightjar", ["run", Self.examples.appendingPathComponent(name + ".lua").path] + arguments, in: folder.url)
    }

    private func expected(_ name: String) throws -> String {
        try String(contentsOf: Self.examples.appendingPathComponent("expected/\(name)"), encoding: .utf8)
    }

    @Test func zipHeadersAreThoseThatPythonReads() throws {
        let folder = try Folder()
        for (name, text) in [("one.txt", "one"), ("two.txt", String(repeating: "two ", count: 5000)), ("three", "")] {
            try folder.write(name, text)
        }
        #expect(try folder.shell("zip -q myfile.zip one.txt two.txt three").code == 0)
        let program = try run("zip_headers", in: folder)
        #expect(program.exitCode == 0, "\(program.errors)")
        // The tutorial's own program.
        try folder.write(
            "headers.py",
            """
            import struct
            with open('myfile.zip', 'rb') as f:
                data = f.read()
            start = 0
            for i in range(3):
                start += 14
                fields = struct.unpack('<IIIHH', data[start:start+16])
                crc32, comp_size, uncomp_size, filenamesize, extra_size = fields
                start += 16
                filename = data[start:start+filenamesize]
                start += filenamesize
                extra = data[start:start+extra_size]
                print(filename.decode(), hex(crc32), comp_size, uncomp_size, sep='\\t')
                start += extra_size + comp_size
            """)
        #expect(try program.output == folder.shell("python3 headers.py").text)
    }

    @Test func backgroundZipIsOneThatInfoZipAccepts() throws {
        let folder = try Folder()
        try folder.write("mydata.txt", String(repeating: "some data\n", count: 20_000))
        let program = try run("background_zip", in: folder)
        #expect(try program.output == expected("background_zip.out"), "\(program.errors)")
        let check = try folder.shell("unzip -t myarchive.zip && unzip -p myarchive.zip mydata.txt | cmp - mydata.txt")
        #expect(check.code == 0, "\(check.text)")
    }

    @Test func defaultLoggingIsPythonsByteForByte() throws {
        let folder = try Folder()
        let program = try run("default_logging", in: folder)
        #expect(program.output.isEmpty && program.exitCode == 0)
        #expect(try program.errors == expected("default_logging.err"))
    }

    @Test func oneWriterIsFedByThreeThreads() throws {
        let folder = try Folder()
        let program = try run("writer_thread", in: folder)
        #expect(try program.output == expected("writer_thread.out"), "\(program.errors)")
        let primes = try folder.read("primes.txt").split(separator: "\n").compactMap { Int($0) }
        #expect(Set(primes).count == 430 && primes.contains(2999) && primes.contains(2))
    }

    @Test(arguments: ["batches", "futures", "rounds"]) func threadsThatMeetPrintTheSameEachTime(_ name: String) throws {
        let folder = try Folder()
        let program = try run(name, in: folder)
        #expect(try program.output == expected(name + ".out"), "\(program.errors)")
        #expect(program.errors.isEmpty && program.exitCode == 0)
    }

    @Test func urgentJobsComeFirstAndFailedOnesAgain() throws {
        let folder = try Folder()
        let program = try run("priority_jobs", in: folder)
        #expect(try program.output == expected("priority_jobs.out"), "\(program.errors)")
    }

    @Test func weakCacheLetsGoOfWhatNobodyUses() throws {
        let folder = try Folder()
        let program = try run("weak_cache", in: folder)
        #expect(try program.output == expected("weak_cache.out"), "\(program.errors)")
    }

    @Test func scheduledTasksCountTryAgainAndKnowTheirNextRun() throws {
        let folder = try Folder()
        let program = try run("scheduled_tasks", in: folder)
        #expect(try program.output == expected("scheduled_tasks.out"), "\(program.errors)")
        let reports = program.errors.components(separatedBy: "Exception in thread connection:\n").count - 1
        #expect(reports == 2 && program.exitCode == 0)
    }

    @Test func networkLoggingIsReceivedByAnotherProgram() throws {
        let folder = try Folder()
        try folder.write(
            "receiver.py",
            """
            import json, socket, subprocess, sys
            listener = socket.create_server(('127.0.0.1', 0))
            port = str(listener.getsockname()[1])
            program = subprocess.Popen(sys.argv[1:] + [port], stdout=subprocess.PIPE, text=True)
            lines = listener.accept()[0].makefile()
            for _ in range(4):
                record = json.loads(next(lines))
                print(record['level'], record['logger'], record['message'], record.get('amount'), record.get('printer'))
            print(program.communicate()[0], end='')
            # Now that nobody is there.
            lines.close()
            listener.close()
            print(subprocess.run(sys.argv[1:] + [port], stdout=subprocess.PIPE, text=True).stdout, end='')
            """)
        let nightjar = Program.buildFolder.appendingPathComponent("nightjar").path
        let script = Self.examples.appendingPathComponent("network_logging.lua").path
        let received = try folder.shell("python3 receiver.py '\(nightjar)' run '\(script)'")
        #expect(try received.text == expected("network_logging.out"))
    }

    @Test func calmLoggingSumsUpAndRemembers() throws {
        let folder = try Folder()
        let program = try run("calm_logging", in: folder)
        #expect(try program.output == expected("calm_logging.out"), "\(program.errors)")
    }

    @Test func tourTellsItsWholeStory() throws {
        let folder = try Folder()
        let program = try run("tour", in: folder)
        #expect(program.exitCode == 0)
        #expect(try program.output == expected("tour.out"), "\(program.errors)")
        #expect(try program.errors == expected("tour.err"))
        #expect(folder.names.isEmpty, "the tour leaves \(folder.names) behind")
    }
}
