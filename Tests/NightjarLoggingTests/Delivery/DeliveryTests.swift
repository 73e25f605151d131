import Foundation
import NightjarLogging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeliveryTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }

    @Test func recordsArriveInOrderAndFlushWaitsForThem() throws {
        let handler = GatedHandler()
        try handler.setDelivery()
        let log = system.logger("a", handler)
        for number in 0..<5_000 { log.info("\(number)") }
        try handler.flush()
        #expect(handler.messages == (0..<5_000).map(String.init))
        #expect(handler.statistics.delivered == 5_000)
        #expect(handler.statistics.queued == 0)
    }

    @Test func theCallerDoesNotWaitForASlowHandler() throws {
        let handler = GatedHandler(isOpen: false)
        try handler.setDelivery()
        let log = system.logger("a", handler)
        log.info("1")
        log.error("2")
        handler.gate.waitForArrivals(1)
        #expect(handler.messages.isEmpty)
        handler.gate.open()
        try handler.flush()
        #expect(handler.messages == ["1", "2"])
    }

    private static let told = "7 records dropped: the queue of handler \"slow\" was full"

    /// The notice stands where the records are missing.
    @Test(arguments: [
        (DeliveryOptions.Overflow.dropNewest, ["0", "1", "2", told]), (.dropOldest, ["0", told, "8", "9"]),
    ])
    func fullQueuesDropAndTellHowMany(_ overflow: DeliveryOptions.Overflow, _ kept: [String]) throws {
        let handler = GatedHandler(isOpen: false)
        handler.name = "slow"
        try handler.setDelivery(DeliveryOptions(capacity: 3, overflow: overflow, batch: 1))
        let log = system.logger("a", handler)
        log.error("0")
        handler.gate.waitForArrivals(1)
        for number in 1..<10 { log.error("\(number)") }
        #expect(handler.statistics.dropped == 7)
        handler.gate.open()
        try handler.flush()
        #expect(handler.messages == kept)
        #expect(handler.statistics.handled == 11)
    }

    @Test(arguments: DeliveryOptions.Overflow.allCases)
    func aTextQueueOfOneKeepsItsOrder(_ overflow: DeliveryOptions.Overflow) throws {
        let sink = GatedSink()
        let handler = StreamHandler(sink)
        try handler.setDelivery(DeliveryOptions(capacity: 1, overflow: overflow))
        let log = system.logger("a", handler)
        for number in 0..<500 { log.error("\(number)") }
        try handler.flush()
        let numbers = sink.memory.text.split(separator: "\n").compactMap { Int($0) }
        #expect(numbers == numbers.sorted())
        #expect(numbers.count + handler.statistics.dropped == 500)
        if overflow == .block { #expect(numbers.count == 500) }
    }

    @Test func blockedCallersGoOnWhenThereIsRoom() throws {
        let handler = GatedHandler(isOpen: false)
        try handler.setDelivery(DeliveryOptions(capacity: 2))
        let log = system.logger("a", handler)
        let gate = handler.gate
        onThreads(5) { number in
            if number == 0 {
                gate.waitForArrivals(1)
                gate.open()
            } else {
                for _ in 0..<100 { log.info("x") }
            }
        }
        try handler.flush()
        #expect(handler.messages.count == 400)
        #expect(handler.statistics.dropped == 0)
    }

    @Test func threadsOnOneFileLoseAndTearNothing() throws {
        let folder = try TemporaryFolder()
        let handler = try FileHandler(folder.file("f"))
        try handler.setDelivery(DeliveryOptions(capacity: 100, flushInterval: 0.001))
        let log = system.logger("a", handler)
        onThreads(8) { thread in for number in 0..<500 { log.info("\(thread) \(number)") } }
        try handler.close()
        let lines = try folder.text("f").split(separator: "\n").map { $0.split(separator: " ").map { Int($0)! } }
        #expect(lines.count == 4_000)
        for thread in 0..<8 { #expect(lines.filter { $0[0] == thread }.map { $0[1] } == Array(0..<500)) }
    }

    @Test func rotatingFilesRotateBetweenTheRecordsOfABatch() throws {
        let folder = try TemporaryFolder()
        let handler = try RotatingFileHandler(folder.file("f"), maxBytes: 100, backupCount: 500)
        try handler.setDelivery()
        let log = system.logger("a", handler)
        for number in 1000..<2000 { log.info("\(number)") }
        try handler.close()
        let names = ["f"] + (1...500).map { "f.\($0)" }.filter(folder.exists)
        let texts = try names.map(folder.text)
        #expect(texts.allSatisfy { $0.utf8.count < 100 && $0.last == "\n" })
        #expect(texts.reversed().joined() == (1000..<2000).map { "\($0)\n" }.joined())
    }

    @Test func closedHandlersDeliverLateRecordsThemselves() throws {
        let folder = try TemporaryFolder()
        let handler = try FileHandler(folder.file("f"))
        try handler.setDelivery()
        let log = system.logger("a", handler)
        log.info("1")
        try handler.close()
        try handler.close()
        log.info("2")
        #expect(try folder.text("f") == "1\n2\n")
        #expect(handler.statistics.delivered == 2)
    }

    @Test func aHandlerThatLogsDoesNotSeeItsOwnRecords() throws {
        let handler = LoggingHandler(system)
        try handler.setDelivery(DeliveryOptions(capacity: 1))
        let log = system.logger("own", handler)
        for _ in 0..<10 { log.info("x") }
        try handler.flush()
        #expect(handler.count == 10)
        #expect(handler.core.refusedRecursions == 10)
        // The handler holds the system, which holds it.
        log.setHandlers([])
    }

    @Test func twoFullHandlersThatLogToEachOtherDoNotWaitForEver() throws {
        let left = LoggingHandler(system, to: "right"), right = LoggingHandler(system, to: "left")
        for handler in [left, right] { try handler.setDelivery(DeliveryOptions(capacity: 1, batch: 1)) }
        _ = system.logger("left", left)
        _ = system.logger("right", right)
        system.logger("left").info("x")
        system.logger("right").info("x")
        for handler in [left, right] { try handler.close() }
        #expect(left.count > 0 && right.count > 0)
        // The handlers hold the system, which holds them.
        for name in ["left", "right"] { system.logger(name).setHandlers([]) }
    }

    @Test func whoHoldsTheHandlersLockDoesNotWaitForEver() throws {
        let handler = GatedHandler()
        try handler.setDelivery(DeliveryOptions(capacity: 1))
        let log = system.logger("a", handler)
        handler.acquire()
        for number in 0..<3 { log.error("\(number)") }
        try handler.flush()
        handler.release()
        try handler.close()
        #expect(handler.messages.first == "0")
        #expect(handler.statistics.dropped >= 1)
    }

    @Test func aHandlerThatIsDroppedWithRecordsStillDeliversThem() throws {
        let sink = GatedSink(isOpen: false)
        var handler: StreamHandler? = StreamHandler(sink)
        try handler?.setDelivery()
        weak let seen = handler
        var record = LogRecord(name: "a", level: .error, message: "kept")
        handler?.handle(&record, reporter: system.reporter)
        sink.gate.waitForArrivals(1)
        handler = nil
        #expect(seen != nil)
        sink.gate.open()
        while seen != nil { sched_yield() }
        #expect(sink.memory.text == "kept\n")
    }

    @Test func theEndWaitsNoLongerThanTheTimeoutAndSaysWhatIsLost() throws {
        let handler = GatedHandler(isOpen: false)
        handler.name = "stuck"
        try handler.setDelivery(DeliveryOptions(batch: 1, timeout: 0.05))
        let log = system.logger("a", handler)
        for _ in 0..<3 { log.error("x") }
        handler.gate.waitForArrivals(1)
        system.shutdown()
        #expect(test.error.text == "logging: 3 records of handler \"stuck\" not delivered within 0.05 s\n")
        log.error("late")
        #expect(handler.statistics.dropped == 3)
        handler.gate.open()
    }

    @Test func aHandlerThatIsStuckOnItsCallersThreadIsLeftBehind() {
        let handler = GatedHandler(isOpen: false), next = InMemoryHandler()
        let log = system.logger("a", handler)
        let other = system.logger("b", next)
        let gate = handler.gate
        let thread = Thread { log.error("x") }
        thread.start()
        gate.waitForArrivals(1)
        other.info("fine")
        system.shutdown(timeout: 0.05)
        #expect(
            test.error.text
                == "logging: an unnamed GatedHandler did not close within 0.05 s and was left behind\n")
        gate.open()
    }

    @Test func flushOfADeliveryThatDoesNotGetOnGivesUp() throws {
        let handler = GatedHandler(isOpen: false)
        try handler.setDelivery(DeliveryOptions(timeout: 0.02))
        system.logger("a", handler).error("x")
        #expect(throws: LoggingError(.timeout, "1 record not delivered within 0.02 s")) { try handler.flush() }
        handler.gate.open()
        try handler.close()
    }
}

/// A handler that logs while it handles.
private final class LoggingHandler: Handler {
    let core = HandlerCore()
    private let handled = Atomic<Int>(0)
    private let system: Mutex<LoggingSystem>
    private let target: String
    init(_ system: LoggingSystem, to target: String = "own") {
        self.system = Mutex(system)
        self.target = target
    }
    var count: Int { handled.load(ordering: .relaxed) }
    func emit(_ record: LogRecord, text: inout [UInt8]) {
        handled.add(1, ordering: .relaxed)
        system.withLock { $0 }.logger(target).info("again")
    }
}
