import NightjarLogging
import Testing

@Suite struct LoggingSystemTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }

    @Test func oneNameHasOneLogger() {
        #expect(system.logger("a.b") === system.logger("a.b"))
        #expect(system.logger("root") === system.root)
        #expect(system.logger("") === system.root)
        #expect(system.logger() === system.root)
        #expect(system.logger("a").getChild("b") === system.logger("a.b"))
        #expect(system.root.getChild("a") === system.logger("a"))
    }

    @Test func parentsFoundLaterTakeTheirPlace() {
        let deep = system.logger("a.b.c")
        #expect(deep.parent === system.root)
        let middle = system.logger("a")
        #expect(deep.parent === middle)
        #expect(system.logger("a.b").parent === middle)
        #expect(middle.children.map(\.name) == ["a.b"])
        #expect(system.loggerNames == ["a", "a.b", "a.b.c"])
        middle.level = .error
        #expect(!deep.isEnabled(for: .warning))
    }

    @Test func levelsInheritDownToAThousandLevels() {
        let name = Array(repeating: "n", count: 1000).joined(separator: ".")
        let log = system.logger(name)
        let handler = InMemoryHandler()
        system.root.addHandler(handler)
        system.root.level = .info
        #expect(log.effectiveLevel == .info)
        log.debug("no")
        log.info("yes")
        system.logger("n.n").level = .debug
        log.debug("now")
        #expect(handler.messages == ["yes", "now"])
    }

    @Test func systemsDoNotShareAnything() {
        let other = TestSystem()
        other.system.disable = .critical
        other.system.addLevelName(30, "OTHER")
        system.warning("m")
        #expect(test.error.text == "WARNING:root:m\n")
        #expect(other.error.text == "")
    }

    @Test func loggersOutliveTheirSystem() {
        let handler = InMemoryHandler()
        var system: LoggingSystem? = LoggingSystem()
        weak let watched = system
        let log = system!.logger("a.b")
        system!.root.addHandler(handler)
        system = nil
        #expect(watched == nil)
        log.warning("m")
        #expect(handler.messages == ["m"])
        #expect(log.getChild("c").name == "a.b.c")
    }

    @Test func systemsAndTheirLoggersAreFreed() {
        weak var log: Logger?
        do {
            let system = LoggingSystem()
            log = system.logger("a.b.c")
            system.root.addHandler(InMemoryHandler())
            system.logger("a.b.c").warning("m")
        }
        #expect(log == nil)
    }

    @Test func levelNamesGoBothWays() throws {
        #expect(system.getLevelName(15) == "Level 15")
        system.addLevelName(15, "VERBOSE")
        #expect(system.getLevelName(15) == "VERBOSE")
        #expect(system.getLevelNamesMapping()["VERBOSE"] == 15)
        #expect(system.getLevelNamesMapping()["WARN"] == 30)
        try system.logger("a").setLevel(named: "VERBOSE")
        #expect(system.logger("a").level == 15)
        #expect(throws: LoggingError(.value, "Unknown level: 'x'")) { try system.logger("a").setLevel(named: "x") }
        #expect(system.logger("a").description == "<Logger a (VERBOSE)>")
    }

    @Test func handlersAreFoundByNameWhileTheyLive() {
        var handler: NullHandler? = NullHandler()
        handler?.name = "n"
        system.register(handler!)
        #expect(system.handler(named: "n") === handler)
        #expect(system.handlerNames == ["n"])
        handler = nil
        #expect(system.handlerNames == [])
    }

    @Test func shutdownEndsHandlersNewestFirst() {
        final class Ending: Handler {
            let core = HandlerCore()
            let (label, sink): (String, MemorySink)
            init(_ label: String, _ sink: MemorySink) { (self.label, self.sink) = (label, sink) }
            func emit(_ record: LogRecord, text: inout [UInt8]) {}
            func flush() { sink.write(Array("flush \(label) ".utf8)) }
            func close() { sink.write(Array("close \(label) ".utf8)) }
        }
        let sink = MemorySink()
        let (first, second) = (Ending("1", sink), Ending("2", sink))
        system.root.addHandler(first)
        system.root.addHandler(second)
        system.shutdown()
        #expect(sink.text == "flush 2 close 2 flush 1 close 1 ")
    }
}
