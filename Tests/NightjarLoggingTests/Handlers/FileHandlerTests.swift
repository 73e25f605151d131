import Foundation
import NightjarLogging
import Testing

@Suite struct FileHandlerTests {
    let system = LoggingSystem()
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func recordsAreInTheFileAtOnce() throws {
        system.root.addHandler(try FileHandler(folder.file("f")))
        system.root.warning("é 1")
        #expect(try folder.text("f") == "é 1\n")
        system.root.warning("2")
        #expect(try folder.text("f") == "é 1\n2\n")
    }

    @Test func modesAppendEmptyOrRefuse() throws {
        try folder.write("old\n", to: "f")
        system.root.addHandler(try FileHandler(folder.file("f")))
        system.root.warning("new")
        #expect(try folder.text("f") == "old\nnew\n")
        _ = try FileHandler(folder.file("f"), mode: "w")
        #expect(try folder.text("f") == "")
        #expect(throws: LoggingError.self) { try FileHandler(folder.file("f"), mode: "x") }
        #expect(throws: LoggingError(.value, "invalid mode: 'q'")) { try FileHandler(folder.file("f"), mode: "q") }
    }

    @Test func delayOpensAtTheFirstRecord() throws {
        let handler = try FileHandler(folder.file("f"), delay: true)
        system.root.addHandler(handler)
        #expect(!folder.exists("f"))
        system.root.warning("m")
        #expect(try folder.text("f") == "m\n")
    }

    @Test func closedFilesOpenAgainOnlyToAppend() throws {
        for (mode, expected) in [("a", "1\n2\n"), ("w", "1\n")] {
            let handler = try FileHandler(folder.file(mode), mode: mode)
            system.root.setHandlers([handler])
            system.root.warning("1")
            try handler.close()
            try handler.close()
            system.root.warning("2")
            #expect(try folder.text(mode) == expected)
        }
    }

    @Test func errorsNameThePath() {
        #expect(
            throws: LoggingError(
                .operatingSystem, "[Errno 2] No such file or directory: '/nowhere/f'", errorNumber: ENOENT)
        ) {
            try FileHandler("/nowhere/f")
        }
        #expect(throws: LoggingError.self) { try FileHandler(folder.file("f"), encoding: "utf-16") }
    }

    @Test func pathsAreAbsoluteAndFilesPrivate() throws {
        let handler = try FileHandler(folder.path + "/./x/../f")
        #expect(handler.baseFilename == folder.file("f"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("f"))[.posixPermissions] as? Int
        #expect(mode.map { $0 & 0o137 } == 0)
    }

    @Test func buffersAreWrittenWhenFullOrImportant() throws {
        let handler = try FileHandler(folder.file("f"), buffering: .buffered(bytes: 10))
        system.root.addHandler(handler)
        system.root.warning("1234")
        #expect(try folder.text("f") == "")
        system.root.warning("56789")
        #expect(try folder.text("f") == "1234\n")
        system.root.error("!")
        #expect(try folder.text("f") == "1234\n56789\n!\n")
        system.root.warning("end")
        system.shutdown()
        #expect(try folder.text("f") == "1234\n56789\n!\nend\n")
    }

    @Test func aFullDiskIsReportedAndSurvived() throws {
        let test = TestSystem()
        test.system.root.addHandler(try FileHandler("/dev/full"))
        test.system.root.warning("m")
        #expect(test.error.text.contains("OSError: [Errno 28] No space left on device: '/dev/full'"))
    }

    @Test func threadsNeverTearOrLoseRecords() throws {
        for buffering in [FileSink.Buffering.writeThrough, .buffered(bytes: 1000)] {
            let name = buffering == .writeThrough ? "through" : "buffered"
            let handler = try FileHandler(folder.file(name), buffering: buffering)
            system.root.setHandlers([handler])
            let text = String(repeating: "x", count: 50)
            onThreads(8) { [system] thread in
                for index in 0..<500 { system.root.warning("\(thread)-\(index)-\(text)") }
            }
            try handler.close()
            let lines = try folder.text(name).split(separator: "\n").map(String.init)
            let expected = (0..<8).flatMap { thread in (0..<500).map { "\(thread)-\($0)-\(text)" } }
            #expect(lines.sorted() == expected.sorted())
        }
    }
}
