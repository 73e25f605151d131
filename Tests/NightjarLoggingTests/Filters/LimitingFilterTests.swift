import NightjarLogging
import Testing

@Suite struct LimitingFilterTests {
    let test = TestSystem()
    let handler = InMemoryHandler()
    var log: Logger { test.system.logger("a", handler) }

    @Test func repeatedMessagesAreSummedUpInTheirOwnLevel() {
        handler.addFilter(DuplicateFilter(interval: 3_600))
        let log = log
        log.info("other")
        for _ in 0..<38 { log.warning("again") }
        log.info("other")
        #expect(handler.messages == ["other", "again", "last message repeated 37 times", "other"])
        #expect(handler.records[2].level == .warning)
        #expect(handler.statistics.filtered == 37)
    }

    @Test func theSummaryComesByItselfWhenTimeIsUp() {
        handler.addFilter(DuplicateFilter(interval: 0.01))
        let log = log
        log.info("m")
        log.info("m")
        while handler.messages.count < 2 { onThreads(1) { _ in } }
        #expect(handler.messages == ["m", "last message repeated 1 time"])
    }

    @Test func shutdownSaysWhatIsPending() {
        handler.addFilter(DuplicateFilter(interval: 3_600))
        let log = log
        for _ in 0..<3 { log.info("m") }
        test.system.shutdown()
        #expect(handler.messages == ["m", "last message repeated 2 times"])
    }

    @Test func aFilterOfALoggerSpeaksToAllItsHandlers() {
        let second = InMemoryHandler(level: .error)
        let filter = DuplicateFilter(interval: 3_600)
        let log = log
        log.addHandler(second)
        log.addFilter(filter)
        for _ in 0..<3 { log.info("m") }
        filter.flush()
        #expect(handler.messages == ["m", "last message repeated 2 times"])
        #expect(second.messages.isEmpty)
    }

    @Test func eachMessageHasItsOwnAllowance() throws {
        let filter = try RateLimitFilter(rate: 0.001, burst: 2, interval: 3_600)
        handler.addFilter(filter)
        let log = log
        for _ in 0..<4 {
            log.info("one")
            log.info("two")
        }
        filter.flush()
        #expect(
            handler.messages == [
                "one", "two", "one", "two", "2 records suppressed that came too often: one",
                "2 records suppressed that came too often: two",
            ])
    }

    @Test func callSitesCanHaveTheAllowance() throws {
        handler.addFilter(try RateLimitFilter(rate: 0.001, burst: 1, key: .callSite, interval: 3_600))
        let log = log
        for number in 0..<3 { log.info("\(number)") }
        log.info("elsewhere")
        #expect(handler.messages == ["0", "elsewhere"])
    }

    @Test func manyKeysDoNotTakeMemoryForEver() throws {
        let filter = try RateLimitFilter(rate: 1e9, burst: 1)
        handler.addFilter(filter)
        let log = log
        for number in 0..<5_000 { log.info("\(number)") }
        #expect(handler.messages.count == 5_000)
    }

    @Test func theSameSeedLetsTheSameRecordsPass() throws {
        func sample(_ seed: Int) throws -> [String] {
            handler.removeAll()
            let filter = try SamplingFilter(rate: 0.3, seed: seed, level: .error)
            handler.addFilter(filter)
            defer { handler.removeFilter(filter) }
            let log = log
            for number in 0..<1_000 { log.info("\(number)") }
            log.error("e")
            return handler.messages
        }
        let first = try sample(1)
        #expect(try sample(1) == first)
        #expect(try sample(2) != first)
        #expect((200...400).contains(first.count))
        #expect(first.last == "e")
        #expect(throws: LoggingError(.value, "rate must be between 0 and 1, got 2.0")) {
            try SamplingFilter(rate: 2)
        }
    }
}
