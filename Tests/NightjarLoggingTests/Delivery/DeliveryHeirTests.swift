import Foundation
import NightjarLogging
import Synchronization
import Testing

/// What becomes of records that a handler could not deliver yet when a new configuration takes its place.
@Suite(.timeLimit(.minutes(1))) struct DeliveryHeirTests {
    private final class Made: Sendable {
        let handlers = Mutex<[GatedHandler]>([])
        var all: [GatedHandler] { handlers.withLock { $0 } }
    }

    private let test = TestSystem()
    private let made = Made()

    init() {
        let made = made
        test.system.updateRegistry { registry in
            registry.register(
                handler: ComponentKind(names: ["my.Net"], parameters: [.init("dead", .bool)]) { arguments, _ in
                    let handler = GatedHandler()
                    if arguments.bool("dead") == true {
                        handler.fail(with: Array(repeating: TestFailure(), count: 9_999))
                    }
                    made.handlers.withLock { $0.append(handler) }
                    return PreparedHandler(handler)
                })
        }
    }

    /// One handler of the root's called `name`, with a queue that tries again after a minute.
    private func configure(
        _ name: String, isDead: Bool, capacity: Int = 100, overflow: String = "block", fallback: String = ""
    ) throws {
        let json = """
            {"version": 1, "root": {"level": "INFO", "handlers": ["\(name)"]}, "handlers": {
              "\(name)": {"class": "my.Net", "dead": \(isDead), "retry": {"initial": 60, "max": 60},
                "async": {"capacity": \(capacity), "overflow": "\(overflow)", "flush_interval": 0} \(fallback)},
              "other": {"class": "my.Net"}}}
            """
        try test.system.dictConfig(json: Array(json.utf8))
    }

    private func handler(_ name: String) throws -> GatedHandler {
        try #require(test.system.handler(named: name) as? GatedHandler)
    }

    /// Logs, and waits until an attempt has failed.
    private func log(_ range: Range<Int>) throws {
        for number in range { test.system.root.info("\(number)") }
        if let dead = made.all.last(where: { $0.attemptsToFail > 0 }) { dead.gate.waitForArrivals(1) }
    }

    @Test func theHandlerOfThatNameDeliversThemInOrder() throws {
        try configure("net", isDead: true)
        try log(0..<5)
        try configure("net", isDead: false)
        try log(5..<7)
        let heir = try handler("net")
        try heir.flush()
        #expect(heir.messages == (0..<7).map(String.init))
        #expect(test.error.text.isEmpty)
    }

    @Test func aDeadHeirLeavesThemToItsOwn() throws {
        try configure("net", isDead: true)
        try log(0..<3)
        for _ in 0..<4 { try configure("net", isDead: true) }
        try configure("net", isDead: false)
        let heir = try handler("net")
        try heir.flush()
        #expect(heir.messages == ["0", "1", "2"])
        #expect(test.error.text.isEmpty)
    }

    @Test func withoutOneOfThatNameTheLossIsSaid() throws {
        try configure("net", isDead: true)
        try log(0..<3)
        try configure("lan", isDead: false)
        #expect(try handler("lan").messages.isEmpty)
        #expect(test.error.text.contains("TestFailure"), "\(test.error.text)")
    }

    @Test(arguments: [("block", ["0", "1"]), ("drop_oldest", ["3", "4"])])
    func whatTheHeirHasNoRoomForGoesToTheFallback(_ overflow: String, _ kept: [String]) throws {
        try configure("net", isDead: true, fallback: #", "fallback": "other""#)
        try log(0..<5)
        let fallback = try handler("other")
        try configure("net", isDead: false, capacity: 2, overflow: overflow)
        let heir = try handler("net")
        try heir.flush()
        #expect(heir.messages == kept)
        #expect(fallback.messages.sorted() == (0..<5).map(String.init).filter { !kept.contains($0) })
    }
}
