import Foundation
import NightjarLogging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RetryTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }
    private let quick = RetryPolicy(initial: 0.001, longest: 0.002)

    @Test func whatFailedForNowIsTriedAgainInOrder() throws {
        let handler = GatedHandler()
        handler.fail(with: [TestFailure(), TestFailure(), TestFailure()])
        try handler.setDelivery(DeliveryOptions(retry: quick))
        let log = system.logger("a", handler)
        for number in 0..<10 { log.info("\(number)") }
        try handler.flush()
        #expect(handler.messages == (0..<10).map(String.init))
        #expect(handler.statistics.retried == 3)
        #expect(handler.statistics.failed == 0)
        #expect(test.error.text.isEmpty)
    }

    @Test func theRestOfABatchIsNotDoubled() throws {
        let handler = BatchHandler()
        handler.outcomes = [DeliveryFailure(TestFailure(), delivered: 2), nil]
        try handler.setDelivery(DeliveryOptions(flushInterval: 60, retry: quick))
        let log = system.logger("a", handler)
        for number in 0..<5 { log.info("\(number)") }
        try handler.flush()
        #expect(handler.batches == [["0", "1", "2", "3", "4"], ["2", "3", "4"]])
        #expect(handler.statistics.delivered == 5)
    }

    @Test func whatIsRefusedForGoodGoesToTheFallbackAndTheRestGoesOn() throws {
        let handler = BatchHandler(), fallback = InMemoryHandler()
        handler.outcomes = [DeliveryFailure(TestFailure(), delivered: 1, refused: 2, isTemporary: false), nil]
        try handler.setDelivery(DeliveryOptions(flushInterval: 60, retry: quick), fallback: fallback)
        let log = system.logger("a", handler)
        for number in 0..<5 { log.info("\(number)") }
        try handler.flush()
        #expect(fallback.messages == ["1", "2"])
        #expect(handler.batches == [["0", "1", "2", "3", "4"], ["3", "4"]])
        #expect(handler.statistics.delivered == 3)
        #expect(handler.statistics.failed == 2)
        #expect(handler.statistics.diverted == 2)
    }

    @Test func attemptsAreCountedAndThenTheLossIsSaid() throws {
        let handler = BatchHandler()
        handler.name = "net"
        handler.outcomes = Array(repeating: DeliveryFailure(TestFailure()), count: 3)
        try handler.setDelivery(
            DeliveryOptions(flushInterval: 60, retry: RetryPolicy(attempts: 3, initial: 0, longest: 0)))
        let log = system.logger("a", handler)
        for number in 0..<4 { log.info("\(number)") }
        try handler.flush()
        #expect(handler.batches.count == 3)
        #expect(handler.statistics.failed == 4)
        #expect(test.error.text.contains("TestFailure: it broke"))
        #expect(test.error.text.contains("Lost: 4 records of handler \"net\", of which this is the first"))
    }

    @Test func theEndCutsTheBackOffShortAndTriesOnceMore() throws {
        let handler = BatchHandler(), fallback = InMemoryHandler()
        handler.outcomes = Array(repeating: DeliveryFailure(TestFailure()), count: 100)
        try handler.setDelivery(
            DeliveryOptions(
                batch: 2, flushInterval: 0, timeout: 50, retry: RetryPolicy(initial: 3_000, longest: 3_000)),
            fallback: fallback)
        let log = system.logger("a", handler)
        for number in 0..<6 { log.info("\(number)") }
        handler.waitForBatches(1)
        try handler.close()
        #expect(handler.batches.count == 2)
        #expect(fallback.messages == (0..<6).map(String.init))
    }

    @Test func aDeadSinkLosesNothingThatItHadRoomFor() throws {
        let handler = BatchHandler()
        handler.name = "net"
        handler.outcomes = Array(repeating: DeliveryFailure(TestFailure()), count: 5)
        try handler.setDelivery(DeliveryOptions(capacity: 100, overflow: .dropNewest, batch: 10, retry: quick))
        let log = system.logger("a", handler)
        for number in 0..<100 { log.info("\(number)") }
        try handler.flush()
        #expect(handler.delivered == (0..<100).map(String.init))
    }

    @Test func filesThatAreFullAreTriedAgainAndNothingIsDoubled() throws {
        let sink = PartialSink()
        let handler = StreamHandler(sink)
        try handler.setDelivery(DeliveryOptions(flushInterval: 60, retry: quick))
        let log = system.logger("a", handler)
        for number in 0..<5 { log.info("\(number)") }
        try handler.flush()
        #expect(sink.memory.text == "0\n1\n2\n3\n4\n")
        #expect(handler.statistics.delivered == 5)
    }

    @Test func nobodyIsItsOwnFallback() throws {
        let left = GatedHandler(), right = GatedHandler()
        #expect(throws: LoggingError(.value, "a handler cannot be its own fallback")) {
            try left.setDelivery(fallback: left)
        }
        try left.setDelivery(fallback: right)
        #expect(throws: LoggingError.self) { try right.setDelivery(fallback: left) }
    }

    @Test func delaysGrowUpToTheLongest() {
        let policy = RetryPolicy(initial: 1, longest: 10, factor: 3)
        #expect((1...5).map { policy.delay(after: $0) } == [1, 3, 9, 10, 10])
        #expect(policy.delay(after: 1_000_000) == 10)
        #expect(RetryPolicy(attempts: 2).delay(after: 2) == nil)
    }
}

/// A handler that takes several records at once, with outcomes that were settled before.
private final class BatchHandler: Handler {
    let core = HandlerCore()
    private let condition = NSCondition()
    private let state = Mutex(State())

    private struct State {
        var outcomes: [DeliveryFailure?] = []
        var batches: [[String]] = []
        var delivered: [String] = []
    }

    var outcomes: [DeliveryFailure?] {
        get { state.withLock { $0.outcomes } }
        set { state.withLock { $0.outcomes = newValue } }
    }
    var batches: [[String]] { state.withLock { $0.batches } }
    var delivered: [String] { state.withLock { $0.delivered } }

    func emit(_ record: LogRecord, text: inout [UInt8]) throws { try emit(batch: [.init(record, text: text)]) }

    func emit(batch: [PreparedRecord]) throws {
        let messages = batch.map { String(decoding: $0.text, as: UTF8.self) }
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        try state.withLock { state in
            state.batches.append(messages)
            let failure = state.outcomes.isEmpty ? nil : state.outcomes.removeFirst()
            state.delivered += messages.prefix(failure?.delivered ?? messages.count)
            if let failure { throw failure }
        }
    }

    func waitForBatches(_ count: Int) {
        condition.lock()
        defer { condition.unlock() }
        while batches.count < count { condition.wait() }
    }
}

/// A sink that takes two records and a half at first.
private final class PartialSink: Sink {
    let memory = MemorySink()
    private let isFirst = Mutex(true)

    func write(_ bytes: [UInt8]) throws {
        let first = isFirst.withLock { first in
            defer { first = false }
            return first
        }
        guard first else { return memory.write(bytes) }
        memory.write(Array(bytes[..<4]))
        throw LoggingError(.operatingSystem, "full", errorNumber: ENOSPC, bytesWritten: 5)
    }
    func flush() {}
    func close() {}
}
