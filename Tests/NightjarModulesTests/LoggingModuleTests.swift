import Foundation
import NightjarLogging
import NightjarLua
import NightjarModules
import Synchronization
import Testing

/// What a script set up, met by Swift: on other threads, as a returned table, without a script's interpreter.
@Suite("Logging module")
struct LoggingModuleTests {
    /// Runs `source` and gives the interpreter, which must outlive nothing of what was set up.
    private func set(_ run: LoggingRun, up source: String) throws {
        let state = try run.environment.makeState()
        defer { state.close() }
        try state.run(source, name: "setup.lua")
    }

    private func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(index)
                group.leave()
            }
        }
        group.wait()
    }

    @Test func scriptFilterOutlivesItsScriptAndServesAllThreads() throws {
        let run = try LoggingRun()
        try set(
            run,
            up: """
                local logging = require "logging"
                local log = logging.getLogger("shared")
                log:setLevel("DEBUG")
                local handler = logging.StreamHandler(io.stderr)
                local seen = 0
                handler:addFilter(function(record)
                    seen = seen + 1
                    record.msg = record.message .. " #" .. seen
                    return seen % 2 == 0
                end)
                log:addHandler(handler)
                """)
        let logger = run.environment.logging.logger("shared")
        onThreads(4) { index in
            for _ in 0..<50 { logger.info("from \(index)") }
        }
        let lines = run.error.text.split(separator: "\n")
        #expect(lines.count == 100)
        #expect(
            Set(lines.compactMap { $0.split(separator: "#").last.map(String.init) })
                == Set((1...100).map { "\($0 * 2)" }))
    }

    @Test func scriptHandlerServesAllThreadsAndIsClosedInItsInterpreterAtTheEnd() throws {
        let run = try LoggingRun()
        try set(
            run,
            up: """
                local logging = require "logging"
                local Summing = logging.Handler:subclass("Summing")
                function Summing:init() self.sum, self.count = 0, 0 end
                function Summing:emit(record) self.sum, self.count = self.sum + record.n, self.count + 1 end
                function Summing:close()
                    local out = logging.StreamHandler(io.stdout)
                    out:emit(logging.makeLogRecord{msg = "closed with %d from %d", args = {self.sum, self.count}})
                end
                logging.getLogger("sum"):addHandler(Summing())
                logging.getLogger("sum").propagate = false
                """)
        let logger = run.environment.logging.logger("sum")
        onThreads(4) { _ in
            for number in 1...25 { logger.warning("n", ["n": .int(Int64(number))]) }
        }
        run.environment.logging.shutdown()
        #expect(run.output.text == "closed with 1300 from 100\n")
        #expect(run.error.text == "")
    }

    @Test func interpretersOfOneProgramShareLoggersAndHandlers() throws {
        let run = try LoggingRun()
        try set(
            run,
            up: """
                local logging = require "logging"
                local h = logging.StreamHandler()
                h.name = "shared"
                h:setFormatter(logging.Formatter("%(name)s %(message)s"))
                logging.getLogger("x"):addHandler(h)
                local Counting = logging.Handler:subclass("Counting")
                function Counting:init() self.n = 0 end
                function Counting:emit() self.n = self.n + 1 end
                function Counting:count() return self.n end
                local c = Counting()
                c.name = "counting"
                logging.getLogger("x"):addHandler(c)
                """)
        try set(
            run,
            up: """
                local logging = require "logging"
                local x = logging.getLogger("x")
                assert(#x.handlers == 2 and x.handlers[1] == logging.getHandlerByName("shared"))
                x:warning("from another")
                x:warning("again")
                local c = logging.getHandlerByName("counting")
                assert(c.n == 2 and c:count() == 2, "reached from an interpreter that never saw its class")
                """)
        #expect(run.error.text == "x from another\nx again\n")
    }

    @Test func returnedTableIsAppliedWhollyOrNotAtAll() throws {
        let run = try LoggingRun()
        let state = try run.environment.makeState()
        func apply(_ level: String) throws {
            try state.withStack { stack throws(LuaError) in
                try state.load(
                    """
                    return {version = 1, handlers = {h = {class = "StreamHandler", level = "\(level)"}}, root = {handlers = {"h"}}}
                    """, name: "config.lua"
                ).push(to: stack)
                try stack.call(arguments: 0, results: 1)
                try LoggingConfigurationScript.applyTop(of: state)
            }
        }
        try apply("ERROR")
        let handlers = run.environment.logging.root.handlers
        #expect(handlers.map(\.level) == [.error])
        let error = #expect(throws: LuaError.self) { try apply("ERRROR") }
        #expect(error?.className == "ValueError")
        #expect(error?.message == #"handlers.h.level: unknown level "ERRROR" (did you mean "ERROR"?)"#)
        #expect((error?.cause as? ConfigurationError)?.path == "handlers.h.level")
        #expect(run.environment.logging.root.handlers.map(ObjectIdentifier.init) == handlers.map(ObjectIdentifier.init))
    }

    @Test func scriptComponentsGoWithTheirLastUse() throws {
        let run = try LoggingRun()
        try set(
            run,
            up: """
                local logging = require "logging"
                local H = logging.StreamHandler:subclass("H")
                function H:format(record) return H.super.format(self, record) end
                local h = H()
                h:addFilter(function() return true end)
                h:setFormatter(function(record) return record.message end)
                logging.root:addHandler(h)
                logging.warning("once")
                """)
        let root = run.environment.logging.root
        weak let handler: AnyObject? = root.handlers[0]
        weak let filter: AnyObject? = root.handlers[0].filters[0]
        weak let formatter: AnyObject? = root.handlers[0].formatter
        #expect(handler != nil && filter != nil && formatter != nil)
        root.setHandlers([])
        root.warning("a new plan")
        #expect(handler == nil && filter == nil && formatter == nil)
    }

    @Test func handlerOfTheApplicationCanBeUsedByScripts() throws {
        let run = try LoggingRun()
        let memory = InMemoryHandler()
        run.environment.logging.root.addHandler(memory)
        try set(
            run,
            up: """
                local logging = require "logging"
                local h = logging.root.handlers[1]
                h:setLevel("ERROR")
                logging.warning("no")
                logging.error("yes %s", 1, {order = 7})
                """)
        #expect(memory.messages == ["yes 1"])
        let record = try #require(memory.records.first)
        #expect(record.fields["order"] == .int(7))
        #expect(record.template == "yes %s" && record.arguments == [.int(1)])
        #expect(record.pathname == "setup.lua" && record.lineno == 5 && record.funcName == "<module>")
    }
}
