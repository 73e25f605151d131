import Foundation
import NightjarLogging
import Synchronization
import Testing

@Suite struct ConfigurationTransactionTests {
    let test = TestSystem()
    let folder: TemporaryFolder
    var system: LoggingSystem { test.system }

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, mode: String = "a", format: String = "%(message)s") -> ConfigurationValue {
        [
            "version": 1, "disable_existing_loggers": false, "formatters": ["f": ["format": .string(format)]],
            "handlers": [
                "h": [
                    "class": "logging.FileHandler", "filename": .string(folder.file(name)), "mode": .string(mode),
                    "formatter": "f",
                ]
            ],
            "root": ["level": "DEBUG", "handlers": ["h"]],
        ]
    }

    @Test func aFailingApplyLeavesTheOldTreeAndTouchesNoFile() throws {
        try folder.write("precious\n", to: "kept")
        try system.dictConfig(file("old"))
        system.root.info("1")
        let error = try #require(throws: ConfigurationError.self) {
            try system.dictConfig([
                "version": 1,
                "handlers": [
                    "a": ["class": "FileHandler", "filename": .string(folder.file("kept")), "mode": "w"],
                    "b": ["class": "FileHandler", "filename": .string(folder.file("new")), "mode": "w"],
                    "c": ["class": "FileHandler", "filename": "/nowhere/f"],
                ],
                "root": ["handlers": ["a", "b", "c"]],
            ])
        }
        #expect("\(error)" == "handlers.c: [Errno 2] No such file or directory: '/nowhere/f'")
        system.root.info("2")
        #expect(try folder.text("old") == "1\n2\n")
        #expect(try folder.text("kept") == "precious\n")
        #expect(!folder.exists("new"))
    }

    @Test func filesAreEmptiedWhenTheConfigurationIsApplied() throws {
        try folder.write("old\n", to: "f")
        try system.dictConfig(file("f", mode: "w"))
        system.root.info("1")
        #expect(try folder.text("f") == "1\n")
    }

    @Test func applyingTheSameConfigurationAgainKeepsFileAndContent() throws {
        try system.dictConfig(file("f", mode: "w"))
        let before = try #require(system.root.handlers.first as? FileHandler)
        system.root.info("1")
        try system.dictConfig(file("f", mode: "w", format: "new %(message)s"))
        let after = try #require(system.root.handlers.first as? FileHandler)
        system.root.info("2")
        #expect(before.file === after.file)
        #expect(try folder.text("f") == "1\nnew 2\n")
    }

    @Test func handlersThatAreGoneAreClosed() throws {
        try system.dictConfig(file("one"))
        let old = try #require(system.root.handlers.first as? FileHandler)
        try system.dictConfig(file("two"))
        #expect(!old.file.isOpen)
        #expect(system.handlers.count == 1)
    }

    @Test func unnamedLoggersAreDisabledUnlessTheyAreBelowNamedOnes() throws {
        let (other, below) = (system.logger("other"), system.logger("a.b"))
        below.level = .critical
        below.propagate = false
        try system.dictConfig(["version": 1, "loggers": ["a": ["level": "INFO"]]])
        #expect(other.disabled)
        #expect(!below.disabled && below.propagate && below.level == .notSet)
        #expect(below.isEnabled(for: .info))
        try system.dictConfig(["version": 1, "disable_existing_loggers": false])
        #expect(!other.disabled)
    }

    @Test func filtersFromConfigurationsWork() throws {
        try system.dictConfig([
            "version": 1, "filters": ["n": ["name": "a"]],
            "handlers": [
                "h": ["class": "StreamHandler", "filters": ["n"], "level": "ERROR", ".": ["terminator": "|"]]
            ],
            "root": ["handlers": ["h"]],
        ])
        system.logger("a").error("yes")
        system.logger("a").warning("no")
        system.logger("b").error("no")
        #expect(test.error.text == "yes|")
    }

    @Test func incrementalChangesLevelsOnly() throws {
        try system.dictConfig(file("f"))
        let handler = try #require(system.root.handlers.first)
        try system.dictConfig([
            "version": 1, "incremental": true, "handlers": ["h": ["level": "ERROR"]],
            "loggers": ["a": ["level": "INFO", "propagate": false]],
        ])
        #expect(system.root.handlers.first === handler)
        #expect(handler.level == .error)
        #expect(system.logger("a").level == .info && !system.logger("a").propagate)
        #expect(throws: ConfigurationError.self) {
            try system.dictConfig(["version": 1, "incremental": true, "handlers": ["x": ["level": 1]]])
        }
    }

    @Test func kindsFromOutsideCanBeNamedOrGiven() throws {
        let handler = InMemoryHandler()
        let kind = ComponentKind<PreparedHandler>(names: ["my.Handler"], parameters: [.init("size", .int)]) {
            arguments, _ in
            handler.name = "\(arguments.int("size") ?? 0)"
            return PreparedHandler(handler)
        }
        system.updateRegistry { $0.register(handler: kind) }
        for reference in [ConfigurationValue.string("my.Handler"), .native(kind)] {
            try system.dictConfig([
                "version": 1, "handlers": ["h": ["()": reference, "size": 3]], "root": ["handlers": ["h"]],
            ])
            #expect(system.root.handlers.first === handler)
        }
        #expect(throws: ConfigurationError.self) {
            try system.dictConfig(["version": 1, "handlers": ["h": ["()": "my.Handler", "siez": 3]]])
        }
    }

    /// One handler of each generation writes a mark; a record that met two generations would show two marks.
    @Test func recordsMeetOneGenerationAndNoneAreLostOrDoubled() throws {
        let perThread = 2_000
        let done = Atomic<Int>(0)
        let system = system
        let folder = folder.path
        @Sendable func tree(_ generation: Int) -> ConfigurationValue {
            [
                "version": 1, "disable_existing_loggers": false,
                "formatters": ["f": ["format": .string("%(message)s \(generation)")]],
                "handlers": [
                    "first": [
                        "class": "FileHandler", "filename": .string("\(folder)/first-\(generation % 3)"),
                        "formatter": "f",
                    ],
                    "second": [
                        "class": "FileHandler", "filename": .string("\(folder)/second-\(generation % 2)"),
                        "formatter": "f",
                    ],
                ],
                "loggers": ["a": ["level": "DEBUG", "handlers": ["first"]]],
                "root": ["level": "DEBUG", "handlers": ["second"]],
            ]
        }
        try system.dictConfig(tree(0))
        let failures = Mutex<[String]>([])
        system.reporter.setReport { failure in failures.withLock { $0.append("\(failure.error)") } }
        onThreads(9) { thread in
            if thread == 8 {
                var generation = 1
                while done.load(ordering: .acquiring) < 8 {
                    do { try system.dictConfig(tree(generation)) } catch { failures.withLock { $0.append("\(error)") } }
                    generation += 1
                }
            } else {
                let log = system.logger("a.b\(thread)")
                for index in 0..<perThread { log.info("\(thread)-\(index)") }
                done.add(1, ordering: .releasing)
            }
        }
        system.shutdown()
        #expect(failures.withLock { $0 } == [])
        let first = try lines(["first-0", "first-1", "first-2"])
        let second = try lines(["second-0", "second-1"])
        let expected = (0..<8).flatMap { thread in (0..<perThread).map { "\(thread)-\($0)" } }.sorted()
        #expect(first.map { $0.prefix { $0 != " " } }.map(String.init).sorted() == expected)
        #expect(first.sorted() == second.sorted())
    }

    private func lines(_ names: [String]) throws -> [String] {
        try names.filter(folder.exists).flatMap { try folder.text($0).split(separator: "\n").map(String.init) }
    }

    @Test func aHandlerMayApplyAConfiguration() throws {
        final class Applying: Handler {
            let core = HandlerCore()
            let system: LoggingSystem
            init(_ system: LoggingSystem) { self.system = system }
            func emit(_ record: LogRecord, text: inout [UInt8]) throws {
                try system.dictConfig([
                    "version": 1, "handlers": ["h": ["class": "StreamHandler"]],
                    "root": ["handlers": ["h"]],
                ])
            }
        }
        system.root.addHandler(Applying(system))
        system.root.warning("1")
        system.root.warning("2")
        #expect(test.error.text == "2\n")
    }
}
