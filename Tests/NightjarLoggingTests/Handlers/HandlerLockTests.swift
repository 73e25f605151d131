import Foundation
@testable import NightjarLogging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct HandlerLockTests {
    let test = TestSystem()

    /// Logs to another logger from within `emit`, once the other handler is in its own.
    private final class Calling: Handler {
        let core = HandlerCore()
        let arrival: Gate
        let other: Gate
        let log: Logger
        let count = Atomic(0)

        init(_ log: Logger, _ arrival: Gate, _ other: Gate) {
            (self.log, self.arrival, self.other) = (log, arrival, other)
        }

        func emit(_ record: LogRecord, text: inout [UInt8]) throws {
            count.add(1, ordering: .relaxed)
            guard record.message == "first" else { return }
            arrival.open()
            other.pass()
            log.info("second")
        }
    }

    @Test func handlersThatLogToEachOtherOnTwoThreadsDoNotHang() {
        let gates = [Gate(isOpen: false), Gate(isOpen: false)]
        let (a, b) = (test.system.logger("a"), test.system.logger("b"))
        let handlers = [Calling(b, gates[0], gates[1]), Calling(a, gates[1], gates[0])]
        for (log, handler) in zip([a, b], handlers) {
            log.propagate = false
            log.level = .info
            log.addHandler(handler)
        }
        DispatchQueue.concurrentPerform(iterations: 2) { [a, b][$0].info("first") }
        // One of them was refused, which let the other one through.
        #expect(handlers.map { $0.count.load(ordering: .relaxed) }.sorted() == [1, 2])
        #expect(test.error.text.contains("another thread is inside of it, and waits for what this one is inside of"))
    }

    @Test func aLockThatIsOnlyTakenIsWaitedFor() {
        let lock = HandlerLock(), gate = Gate(isOpen: false), hasLock = Gate(isOpen: false)
        let thread = Thread {
            lock.withLock {
                hasLock.open()
                gate.pass()
            }
        }
        thread.start()
        hasLock.pass()
        #expect(!lock.tryAcquire())
        let order = Mutex<[String]>([])
        let waiting = Thread {
            try? lock.acquireUnlessDeadlocked()
            order.withLock { $0.append("taken") }
            lock.release()
        }
        waiting.start()
        // Longer than the first look at whether the wait is in vain.
        while !lock.place.isAwaited {}
        order.withLock { $0.append("left") }
        gate.open()
        lock.acquire()
        lock.release()
        while !waiting.isFinished {}
        #expect(order.withLock { $0 } == ["left", "taken"])
    }
}
