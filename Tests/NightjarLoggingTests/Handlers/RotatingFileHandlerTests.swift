import Foundation
import NightjarLogging
import Testing

@Suite struct RotatingFileHandlerTests {
    let system = TestSystem()
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    /// The records of all files of the folder, in no order; compressed ones too.
    private func records() throws -> [String] {
        try names().flatMap { name -> [String] in
            let text = name.hasSuffix(".gz") ? try gunzip(folder.file(name)) : try folder.text(name)
            return text.split(separator: "\n").map(String.init)
        }
    }

    private func gunzip(_ path: String) throws -> String {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-dc", path]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    @Test func theFileIsRotatedBeforeItGrowsTooLarge() throws {
        let handler = try RotatingFileHandler(folder.file("log"), maxBytes: 10, backupCount: 2)
        system.system.root.addHandler(handler)
        for text in ["aaaa", "b", "cccccccccccccccc", "dddd", "éée"] { system.system.root.warning("\(text)") }
        // Bytes count, not characters; a record larger than the limit has a file of its own.
        #expect(try names() == ["log", "log.1", "log.2"])
        #expect(try folder.text("log.2") == "cccccccccccccccc\n")
        #expect(try folder.text("log.1") == "dddd\n")
        #expect(try folder.text("log") == "éée\n")
        #expect(system.error.text == "")
    }

    @Test func withoutSizeOrBackupsNothingIsRotated() throws {
        for (size, count) in [(0, 5), (10, 0)] {
            let handler = try RotatingFileHandler(folder.file("log\(size)"), maxBytes: size, backupCount: count)
            system.system.root.addHandler(handler)
        }
        for _ in 0..<5 { system.system.root.warning("more than ten bytes") }
        #expect(try names() == ["log0", "log10"])
    }

    @Test func devicesAreNotRotated() throws {
        let handler = try RotatingFileHandler("/dev/null", maxBytes: 1, backupCount: 1)
        system.system.root.addHandler(handler)
        for _ in 0..<3 { system.system.root.warning("gone") }
        #expect(!FileManager.default.fileExists(atPath: "/dev/null.1") && system.error.text == "")
    }

    @Test func rotatedFilesAreCompressed() throws {
        let handler = try RotatingFileHandler(folder.file("log"), maxBytes: 60, backupCount: 3, compress: true)
        system.system.root.addHandler(handler)
        for number in 0..<12 { system.system.root.warning("a record with number \(number)") }
        try handler.close()
        #expect(try names() == ["log", "log.1.gz", "log.2.gz", "log.3.gz"])
        #expect(try gunzip(folder.file("log.1.gz")) == "a record with number 8\na record with number 9\n")
    }

    @Test(arguments: [false, true]) func threadsLoseDoubleAndTearNothing(_ compress: Bool) throws {
        let handler = try RotatingFileHandler(
            folder.file("log"), maxBytes: 4_000, backupCount: 1_000, compress: compress)
        let root = system.system.root
        root.addHandler(handler)
        onThreads(8) { thread in for number in 0..<500 { root.warning("thread \(thread) record \(number) end") } }
        try handler.close()
        let expected = (0..<8).flatMap { thread in (0..<500).map { "thread \(thread) record \($0) end" } }
        #expect(try records().sorted() == expected.sorted())
        #expect(try names().count > 20 && system.error.text == "")
    }

    /// Each handler opens the file for itself, as a process of its own would.
    @Test(arguments: [false, true]) func severalWritersOfOneFileLoseDoubleAndTearNothing(_ compress: Bool) throws {
        let systems = try (0..<4).map { _ in
            let each = TestSystem()
            each.system.root.addHandler(
                try RotatingFileHandler(folder.file("log"), maxBytes: 4_000, backupCount: 1_000, compress: compress))
            return each
        }
        onThreads(4) { index in
            for number in 0..<500 { systems[index].system.root.warning("writer \(index) record \(number) end") }
        }
        for each in systems {
            each.system.shutdown()
            #expect(each.error.text == "")
        }
        let expected = (0..<4).flatMap { writer in (0..<500).map { "writer \(writer) record \($0) end" } }
        #expect(try records().sorted() == expected.sorted())
    }

    @Test func namerAndRotatorDecideWhereFilesGo() throws {
        let handler = try RotatingFileHandler(folder.file("log"), maxBytes: 5, backupCount: 1)
        handler.namer = { $0 + ".old" }
        handler.rotator = { source, destination in
            try FileManager.default.copyItem(atPath: source, toPath: destination)
            try Data().write(to: URL(fileURLWithPath: source))
        }
        system.system.root.addHandler(handler)
        for text in ["one", "two"] { system.system.root.warning("\(text)") }
        #expect(try folder.text("log.1.old") == "one\n")
        #expect(try folder.text("log") == "two\n")
    }

    @Test func recordsGoOnWhereRotatingFails() throws {
        let handler = try RotatingFileHandler(folder.file("log"), maxBytes: 8, backupCount: 1)
        handler.rotator = { _, _ in throw TestFailure() }
        system.system.root.addHandler(handler)
        for number in 1...5 { system.system.root.warning("record \(number)") }
        #expect(try folder.text("log") == "record 1\nrecord 2\nrecord 3\nrecord 4\nrecord 5\n")
        // Told once, not for every record; twice, where this took longer than a second.
        #expect((2...3).contains(system.error.text.components(separatedBy: "cannot rotate").count))
        #expect(system.error.text.contains("it broke; going on in the same file, next try in 1 s"))
    }

    @Test func aFileThatLosesItsNameIsOpenedAnew() throws {
        let handler = try WatchedFileHandler(folder.file("log"))
        system.system.root.addHandler(handler)
        system.system.root.warning("before")
        try FileManager.default.moveItem(atPath: folder.file("log"), toPath: folder.file("log.old"))
        system.system.root.warning("after")
        try FileManager.default.removeItem(atPath: folder.file("log"))
        system.system.root.warning("last")
        #expect(try folder.text("log.old") == "before\n")
        #expect(try folder.text("log") == "last\n")
    }

    @Test func theClockRotatesToNamesOfTheInterval() throws {
        try folder.write("yesterday\n", to: "log")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_704_100_000)], ofItemAtPath: folder.file("log"))
        let handler = try TimedRotatingFileHandler(
            folder.file("log"), RotationSchedule(when: "midnight", utc: true), backupCount: 2)
        #expect(handler.rolloverAt == 1_704_153_600)
        system.system.root.addHandler(handler)
        system.system.root.warning("today")
        #expect(try names() == ["log", "log.2024-01-01"])
        #expect(try folder.text("log.2024-01-01") == "yesterday\n")
        #expect(try folder.text("log") == "today\n")
        #expect(handler.rolloverAt > Int(Date().timeIntervalSince1970))
    }

    @Test func oldFilesBeyondTheCountAreRemoved() throws {
        for day in 1...5 { try folder.write("x", to: "log.2024-01-0\(day)") }
        for other in ["log.2024-01-0", "log.2024-01-01.txt2x", "other.2024-01-01", "log.notes"] {
            try folder.write("x", to: other)
        }
        let handler = try TimedRotatingFileHandler(
            folder.file("log"), RotationSchedule(when: "D", utc: true), backupCount: 3)
        let doomed = try handler.filesToDelete().map { ($0 as NSString).lastPathComponent }
        // What only begins like a rotated file is somebody else's.
        #expect(doomed == ["log.2024-01-01", "log.2024-01-02"])
        try handler.doRollover()
        #expect(folder.exists("other.2024-01-01") && folder.exists("log.notes") && !folder.exists("log.2024-01-02"))
    }
    @Test func aNamerTellsWhichFilesAreItsOwn() throws {
        let handler = try TimedRotatingFileHandler(
            folder.file("app.log"), RotationSchedule(when: "D", utc: true), backupCount: 1)
        handler.namer = { name in name.replacingOccurrences(of: ".log", with: "") + ".log" }
        for day in 1...3 { try folder.write("x", to: "app.2024-01-0\(day).log") }
        for other in ["app.log.2024-01-01", "app.x.2024-01-01.log", "app.2024-01-011.log"] {
            try folder.write("x", to: other)
        }
        let doomed = try handler.filesToDelete().map { ($0 as NSString).lastPathComponent }
        #expect(doomed == ["app.2024-01-01.log", "app.2024-01-02.log"])
    }

    @Test func aSuffixOfItsOwnTellsWhichFilesAreOld() throws {
        let handler = try TimedRotatingFileHandler(
            folder.file("log"), RotationSchedule(when: "D", utc: true), backupCount: 1)
        for name in ["log.20240101", "log.20240102", "log.2024-01-01"] { try folder.write("x", to: name) }
        handler.suffix = "%Y%m%d"
        #expect(handler.suffixPattern == "^%d%d%d%d%d%d%d%d$")
        #expect(try handler.filesToDelete() == [folder.file("log.20240101")])
        handler.suffix = "%A"
        #expect(handler.suffixPattern == nil)
        #expect(try handler.filesToDelete() == [])
    }
}
