import NightjarLogging
import Testing

@Suite struct BasicConfigurationTests {
    let test = TestSystem()
    var system: LoggingSystem { test.system }

    private func refusal(_ change: (inout BasicConfiguration) -> Void) -> String? {
        var options = BasicConfiguration()
        change(&options)
        do {
            try system.basicConfig(options)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func contradictionsAreRefusedInPythonsWords() {
        #expect(
            refusal { ($0.stream, $0.filename) = (MemorySink(), "f") }
                == "'stream' and 'filename' should not be specified together")
        let words = "'stream' or 'filename' should not be specified together with 'handlers'"
        #expect(refusal { ($0.stream, $0.handlers) = (MemorySink(), []) } == words)
        #expect(refusal { ($0.filename, $0.handlers) = ("f", []) } == words)
        #expect(refusal { $0.style = "?" }?.hasPrefix("Style must be one of: %") == true)
        #expect(refusal { $0.format = "x" } == "Invalid format 'x' for '%' style")
        #expect(system.root.handlers.isEmpty)
    }

    @Test func aSecondCallDoesNothingUnlessForced() throws {
        let folder = try TemporaryFolder()
        #expect(refusal { $0.filename = folder.file("f") } == nil)
        let first = system.root.handlers[0] as? FileHandler
        #expect(refusal { $0.level = .debug } == nil)
        #expect(system.root.level == .warning)
        #expect(system.root.handlers[0] === first)
        #expect(refusal { ($0.level, $0.force) = (.debug, true) } == nil)
        #expect(system.root.level == .debug)
        #expect(first?.file.isOpen == false)
        system.root.debug("m")
        #expect(test.error.text == "DEBUG:root:m\n")
    }

    @Test func givenHandlersKeepTheirFormatters() throws {
        let (own, none) = (MemorySink(), MemorySink())
        let handler = StreamHandler(own, formatter: try StandardFormatter("own %(message)s"))
        #expect(refusal { ($0.handlers, $0.format) = ([handler, StreamHandler(none)], "basic %(message)s") } == nil)
        system.root.warning("m")
        #expect(own.text == "own m\n")
        #expect(none.text == "basic m\n")
    }
}
