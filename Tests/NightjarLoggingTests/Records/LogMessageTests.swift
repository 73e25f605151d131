import NightjarLogging
import Testing

@Suite struct LogMessageTests {
    let system = LoggingSystem()
    let handler = InMemoryHandler()

    init() { system.root.addHandler(handler) }

    private struct Plain { var number = 1 }
    private struct Named: CustomStringConvertible { var description: String { "näme" } }

    @Test func valuesReadAsInStrings() {
        let (none, some): (Int?, Int?) = (nil, 3)
        let root = system.root
        root.warning("\(1) \(-2) \(Int64.min) \(UInt64.max) \(Int32.min) \(UInt8(7)) \(0.1) \(true) \("é")")
        root.warning(
            "\(Plain()) \(Named()) \(Named.self) \([1, 2]) \(String(describing: none)) \(some as Any) \("sub".dropFirst())"
        )
        #expect(
            handler.records.map(\.message) == [
                "\(1) \(-2) \(Int64.min) \(UInt64.max) \(Int32.min) \(UInt8(7)) \(0.1) \(true) \("é")",
                "\(Plain()) \(Named()) \(Named.self) \([1, 2]) \(String(describing: none)) \(some as Any) \("sub".dropFirst())",
            ])
    }

    @Test func stringsAndWhatOnlyStringsCanPutTogetherAreMessagesToo() {
        let text = "a text", missing: Int? = nil
        system.root.warning(text)
        system.root.warning(text + "!")
        system.root.warning(text.isEmpty ? "empty" : text, ["order": 7])
        system.root.log(.error, text.uppercased(), error: nil)
        system.root.warning("\(missing, default: "none")")
        #expect(handler.records.map(\.message) == ["a text", "a text!", "a text", "A TEXT", "none"])
    }

    @Test func emptyMessagesAreEmpty() {
        system.root.warning("")
        system.root.warning("\("")")
        #expect(handler.records.map(\.message) == ["", ""])
    }

    /// Each has a buffer of its own while the outer one is being put together.
    @Test func messagesMayLogWhileTheyArePutTogether() {
        func inner() -> Int {
            system.root.warning("inner \(1)")
            return 2
        }
        system.root.warning("outer \(inner()) \(inner())")
        #expect(handler.records.map(\.message) == ["inner 1", "inner 1", "outer 2 2"])
    }
}
