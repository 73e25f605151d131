import NightjarLogging
import NightjarLua
import NightjarModules
import Testing

/// Handlers, filters and formatters that a program wrote in Swift, as scripts name them.
@Suite struct ApplicationComponentTests {
    private final class Shouting: Formatter {
        func format(_ record: LogRecord, into buffer: inout [UInt8]) {
            buffer.append(contentsOf: record.message.uppercased().utf8)
        }
    }

    private func set(_ run: LoggingRun, up source: String) throws {
        let state = try run.environment.makeState()
        defer { state.close() }
        try state.run(source, name: "setup.lua")
    }

    private func makeRun(_ memory: InMemoryHandler) throws -> LoggingRun {
        let run = try LoggingRun()
        run.environment.logging.updateRegistry { registry in
            registry.register(
                handler: ComponentKind(names: ["my.Handler"], parameters: [.init("url", .string, required: true)]) {
                    _, _ in
                    PreparedHandler(memory)
                })
            registry.register(
                filter: ComponentKind(names: ["my.Redact"], parameters: [.init("word", .string, required: true)]) {
                    arguments, _ in
                    let word = arguments.string("word") ?? ""
                    return ClosureFilter { record in
                        record.message = record.message.replacing(word, with: "***")
                        return .keep
                    }
                })
            registry.register(formatter: ComponentKind(names: ["my.Shouting"]) { _, _ in Shouting() })
        }
        return run
    }

    @Test func configurationsNameThem() throws {
        let memory = InMemoryHandler(), run = try makeRun(memory)
        try set(
            run,
            up: """
                require("logging.config").dictConfig {
                  version = 1,
                  formatters = { f = { class = "my.Shouting" } },
                  filters = { r = { ["()"] = "my.Redact", word = "hunter2" } },
                  handlers = { h = { class = "my.Handler", url = "u", filters = { "r" }, formatter = "f" } },
                  root = { handlers = { "h" } },
                }
                require("logging").error("the password is %s", "hunter2")
                local exceptions = require "exceptions"
                local ok, e = pcall(require("logging.config").dictConfig, {
                  version = 1, handlers = { h = { class = "my.Handlr", url = "u" }, i = { class = "my.Handler" } } })
                assert(exceptions.ValueError:is(e))
                assert(tostring(e) == 'handlers.h.class: unknown handler class "my.Handlr" (did you mean "my.Handler"?)\\n'
                  .. 'handlers.i: missing "url"', tostring(e))
                """)
        #expect(memory.messages == ["the password is ***"])
        #expect(try memory.formatter?.format(try #require(memory.records.first)) == "THE PASSWORD IS ***")
    }

    @Test func scriptsMakeThemByName() throws {
        let memory = InMemoryHandler(), run = try makeRun(memory)
        try set(
            run,
            up: """
                local logging, config = require "logging", require "logging.config"
                local handler = config.handler("my.Handler", { url = "u", level = "ERROR" })
                assert(handler.level == logging.ERROR and handler.name == nil)
                handler:addFilter(config.filter("my.Redact", { word = "hunter2" }))
                handler:setFormatter(config.formatter("my.Shouting"))
                assert(handler:format(logging.makeLogRecord { msg = "a" }) == "A")
                logging.root:addHandler(handler)
                logging.root:error("the password is hunter2")
                logging.root:warning("below")
                -- So can those of ours, with the arguments that a configuration gives them.
                local stream = config.handler("logging.StreamHandler", { stream = io.stdout })
                assert(tostring(stream) == "<StreamHandler <stdout> (NOTSET)>")
                assert(config.formatter("logging.Formatter", { format = "<%(message)s>" })
                  :format(logging.makeLogRecord { msg = "m" }) == "<m>")
                local ok, e = pcall(config.handler, "my.Handler", {})
                assert(not ok and tostring(e):find('missing "url"', 1, true), tostring(e))
                """)
        #expect(memory.messages == ["the password is ***"])
    }
}
