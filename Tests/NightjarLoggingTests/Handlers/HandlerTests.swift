import NightjarLogging
import Synchronization
import Testing

@Suite struct HandlerTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }

    @Test func failingHandlersAreReportedAndTheOthersGoOn() {
        let after = InMemoryHandler()
        system.root.addHandler(FailingHandler())
        system.root.addHandler(after)
        system.root.warning("m")
        #expect(after.messages == ["m"])
        #expect(test.error.text.hasPrefix("--- Logging error ---\nTestFailure: it broke\n"))
    }

    @Test func reportsGoWhereTheyAreSent() {
        let seen = Mutex<[String]>([])
        system.reporter.setReport { failure in seen.withLock { $0.append("\(failure.error)") } }
        system.root.addHandler(FailingHandler())
        system.root.warning("m")
        #expect(seen.withLock { $0 } == ["it broke"])
        #expect(test.error.text == "")
    }

    @Test func nothingIsReportedWithoutRaiseExceptions() {
        system.raiseExceptions = false
        system.root.addHandler(FailingHandler())
        system.root.warning("m")
        #expect(test.error.text == "")
    }

    @Test func handlersThatLogDoNotSeeTheirOwnRecords() {
        final class Chatty: Handler {
            let core = HandlerCore()
            let log: Logger
            let count = Atomic<Int>(0)
            init(_ log: Logger) { self.log = log }
            func emit(_ record: LogRecord, text: inout [UInt8]) {
                count.add(1, ordering: .relaxed)
                log.warning("from within")
            }
        }
        let other = InMemoryHandler()
        let chatty = Chatty(system.root)
        system.root.addHandler(chatty)
        system.root.addHandler(other)
        system.root.warning("m")
        #expect(chatty.count.load(ordering: .relaxed) == 1)
        #expect(chatty.core.refusedRecursions == 1)
        #expect(other.messages == ["from within", "m"])
        system.root.removeHandler(chatty)
    }

    @Test func levelsOfHandlersAreTested() {
        let handler = InMemoryHandler(level: .error)
        system.root.addHandler(handler)
        system.root.warning("no")
        system.root.error("yes")
        #expect(handler.messages == ["yes"])
    }

    @Test func theOwnerOfTheLockMayLog() {
        let handler = InMemoryHandler()
        system.root.addHandler(handler)
        handler.acquire()
        system.root.warning("m")
        handler.release()
        #expect(handler.messages == ["m"])
    }
}
