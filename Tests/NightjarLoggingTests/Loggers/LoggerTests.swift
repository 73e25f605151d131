import NightjarLogging
import Synchronization
import Testing

@Suite struct LoggerTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }

    private func golden(_ name: String, _ body: () throws -> Void) throws {
        try body()
        #expect(try test.error.text == Goldens.scenario(name))
    }

    @Test func moduleLevelCallsPrintPythonsDefaultOutput() throws {
        try golden("implicit") {
            system.debug("d")
            system.info("i")
            system.warning("message")
            system.error("e")
            system.critical("c")
        }
    }

    @Test func recordsWithoutHandlersReachTheLastResort() throws {
        try golden("last_resort") {
            let log = system.logger("x.y")
            log.info("i")
            log.warning("w")
            log.error("e")
        }
    }

    @Test func withoutLastResortTheMissingHandlerIsToldOnce() throws {
        try golden("no_handlers") {
            system.lastResort = nil
            system.logger("x.y").warning("w")
            system.logger("x.y").warning("again")
        }
    }

    @Test func handlersAboveIgnoreTheLevelsOfTheirLoggers() throws {
        try golden("propagation") {
            var options = BasicConfiguration()
            options.level = .error
            try system.basicConfig(options)
            let (parent, child) = (system.logger("p"), system.logger("p.c"))
            parent.addHandler(StreamHandler(test.error, formatter: try StandardFormatter("P %(name)s %(message)s")))
            child.setLevel(.debug)
            child.debug("both, whatever the levels above")
            parent.warning("below the inherited level")
            parent.propagate = false
            child.info("parent only")
            child.disabled = true
            child.critical("nobody")
        }
    }

    @Test func filtersOfHandlersGoByNameAndThoseOfLoggersByOrigin() throws {
        try golden("filters") {
            var options = BasicConfiguration()
            options.format = "%(name)s %(message)s"
            options.level = 1
            try system.basicConfig(options)
            system.root.handlers[0].addFilter(NameFilter("A.B"))
            for name in ["A", "A.B", "A.BB", "A.B.C", "A.B.C.D", "B.A.B"] { system.logger(name).info("m") }
            system.logger("A.B").addFilter(ClosureFilter { _ in .drop })
            system.logger("A.B").info("dropped")
            system.logger("A.B.C").info("kept")
        }
    }

    @Test func changesInPlaceReachTheNextHandler() throws {
        try golden("in_place") {
            let (first, second) = (StreamHandler(test.error), StreamHandler(test.error))
            first.addFilter(
                ClosureFilter { record in
                    record.message += "!"
                    return .keep
                })
            system.root.addHandler(first)
            system.root.addHandler(second)
            system.warning("m")
        }
    }

    @Test func levelsAndTheirNamesCompareAsInPython() throws {
        try golden("levels") {
            var options = BasicConfiguration()
            options.format = "%(levelname)s|%(levelno)s|%(message)s"
            options.level = 0
            try system.basicConfig(options)
            let log = system.logger("l")
            for level in [0, 1, 5, 10, 15, 25, 50, 60, -5] { log.log(Level(level), "m") }
            system.addLevelName(15, "VERBOSE")
            log.log(15, "named")
            system.disable = 20
            log.info("no")
            log.warning("yes")
            system.disable = .notSet
            log.info("again")
        }
    }

    @Test func replacedRecordsStayWithTheHandlerThatReplacedThem() {
        let (first, second) = (InMemoryHandler(), InMemoryHandler())
        first.addFilter(
            ClosureFilter { record in
                var other = record
                other.message = "other"
                return .replace(other)
            })
        system.root.addHandler(first)
        system.root.addHandler(second)
        system.root.warning("m")
        #expect(first.messages == ["other"])
        #expect(second.messages == ["m"])
    }

    @Test func recordsReplacedByTheLoggerReachAllHandlers() {
        let handler = InMemoryHandler()
        system.root.addHandler(handler)
        system.root.addFilter(
            ClosureFilter { record in
                var other = record
                other.message = "other"
                return .replace(other)
            })
        system.root.warning("m")
        #expect(handler.messages == ["other"])
    }

    @Test func failingFiltersDropTheRecordAndAreReported() {
        let handler = InMemoryHandler()
        system.root.addHandler(handler)
        system.root.addFilter(ClosureFilter { _ in throw TestFailure() })
        system.root.warning("m")
        #expect(handler.records.isEmpty)
        #expect(test.error.text.hasPrefix("--- Logging error ---\nTestFailure: it broke\nCall stack:\n"))
        #expect(test.error.text.hasSuffix("Message: 'm'\nArguments: ()\n"))
    }

    @Test func messagesAreBuiltOnlyIfEnabled() {
        let built = Mutex(0)
        func message() -> String {
            built.withLock { $0 += 1 }
            return "m"
        }
        system.root.addHandler(NullHandler())
        system.root.info(message())
        #expect(built.withLock { $0 } == 0)
        system.root.warning(message())
        #expect(built.withLock { $0 } == 1)
    }

    @Test func recordsTellTheirCallSiteAndFields() throws {
        let handler = InMemoryHandler()
        system.root.addHandler(handler)
        system.logger("a").error("m", ["order": 7])
        let record = try #require(handler.records.first)
        #expect(record.filename == "LoggerTests.swift")
        #expect(record.module == "LoggerTests")
        #expect(record.funcName == "recordsTellTheirCallSiteAndFields()")
        #expect(record.lineno == #line - 5)
        #expect(record.fields["order"] == 7)
        #expect(record.value(of: RecordAttribute("order")) == 7)
        #expect(record.relativeCreated >= 0 && record.relativeCreated < 60_000)
    }

    @Test func errorsAppearOnALineOfTheirOwn() {
        system.exception("m", error: TestFailure())
        #expect(test.error.text == "ERROR:root:m\nTestFailure: it broke\n")
    }
}
