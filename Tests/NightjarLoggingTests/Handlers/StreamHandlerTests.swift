import NightjarLogging
import Testing

@Suite struct StreamHandlerTests {
    @Test func terminatorAndStreamCanChange() throws {
        let (first, second) = (MemorySink(), MemorySink())
        let handler = StreamHandler(first)
        let system = LoggingSystem()
        system.root.addHandler(handler)
        system.root.warning("1")
        handler.terminator = "|"
        #expect(try handler.setStream(second) === first)
        #expect(try handler.setStream(second) == nil)
        system.root.warning("2")
        #expect(first.text == "1\n")
        #expect(second.text == "2|")
    }
}
