import NightjarLogging
import Synchronization
import Testing

/// Records whose handlers show nothing but a line are not made; what changes in a handler later must be noticed all the same.
@Suite struct LineRouteTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }
    let folder: TemporaryFolder
    let handler: FileHandler
    let log: Logger

    init() throws {
        folder = try TemporaryFolder()
        handler = try FileHandler(folder.file("f"))
        log = test.system.logger("a.b")
        log.addHandler(handler)
        log.warning("\(1)")
    }

    @Test func laterFormattersCount() throws {
        handler.formatter = try StandardFormatter("%(levelname)s %(name)s %(funcName)s %(threadName)s|%(message)s")
        LoggingThread.name = "T"
        log.error("\(2)", function: "f()")
        handler.formatter = try StandardFormatter("%(order)s %(lineno)d")
        log.error("\(3)", ["order": 7], line: 5)
        handler.formatter = nil
        log.error("\(4)")
        #expect(try folder.text("f") == "1\nERROR a.b f() T|2\n7 5\n4\n")
    }

    @Test func laterFiltersCount() throws {
        let filter = ClosureFilter.keeping { $0.message != "2" }
        handler.addFilter(filter)
        log.warning("\(2)")
        log.warning("\(3)")
        handler.removeFilter(filter)
        log.warning("\(2)")
        #expect(try folder.text("f") == "1\n3\n2\n")
    }

    @Test func laterLevelsTerminatorsAndTimesCount() throws {
        let formatter = try StandardFormatter("%(asctime)s %(message)s")
        handler.formatter = formatter
        log.warning("\(2)")
        try formatter.setTime(TimeFormat(dateFormat: "then"))
        handler.terminator = "|"
        log.warning("\(3)")
        handler.level = .error
        log.warning("\(4)")
        #expect(try folder.text("f").hasSuffix(" 2\nthen 3|"))
    }

    @Test func laterColorsCount() throws {
        let sink = MemorySink()
        let stream = StreamHandler(sink)
        log.setHandlers([stream])
        log.warning("\(2)")
        stream.colorMode = .always
        log.warning("\(3)")
        stream.colorMode = .never
        log.warning("\(4)")
        #expect(sink.text.hasPrefix("2\n\u{1B}["))
        #expect(sink.text.hasSuffix("m\n4\n"))
    }

    @Test func rotatingFilesRotateBeforeTheLineThatIsTooMuch() throws {
        let rotating = try RotatingFileHandler(folder.file("r"), maxBytes: 9, backupCount: 1)
        log.setHandlers([handler, rotating])
        for number in 2..<5 { log.warning("l \(number)") }
        #expect(try folder.text("r") == "l 4\n")
        #expect(try folder.text("r.1") == "l 2\nl 3\n")
        #expect(try folder.text("f") == "1\nl 2\nl 3\nl 4\n")
    }

    @Test func laterHandlersSeeTheRecord() throws {
        let other = InMemoryHandler()
        log.addHandler(other)
        log.warning("\(2)", ["order": 7], line: 5)
        #expect(other.records.map(\.message) == ["2"])
        #expect(other.records.first?.fields["order"] == 7)
        #expect(other.records.first?.lineno == 5)
        #expect(try folder.text("f") == "1\n2\n")
    }

    @Test func errorsFollowTheLine() throws {
        log.exception("\(2)", error: TestFailure())
        #expect(try folder.text("f") == "1\n2\nTestFailure: it broke\n")
    }

    @Test func singleLinesStayOne() throws {
        handler.formatter = try StandardFormatter("%(message)s", singleLine: true)
        log.warning("\(2)\n")
        #expect(try folder.text("f") == "1\n2\\n\n")
    }

    @Test func failuresTellOfTheRecord() throws {
        let full = try FileHandler("/dev/full")
        log.setHandlers([full])
        let failures = Mutex<[LoggingFailure]>([])
        system.reporter.setReport { failure in failures.withLock { $0.append(failure) } }
        log.warning("\(2)", ["order": 7], line: 5)
        let record = try #require(failures.withLock { $0 }.first?.record)
        #expect(record.message == "2")
        #expect(record.fields["order"] == 7)
        #expect(record.lineno == 5)
        #expect(full.statistics.failed == 1)
        #expect(full.statistics.delivered == 0)
    }
}
