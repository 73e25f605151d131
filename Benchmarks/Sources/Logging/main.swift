// One measurement of logging: prints records a second, or the nanoseconds of a disabled call. `logging.sh` compares them.
import Glibc
import Nightjar
import NightjarConcurrency
import NightjarLogging
import NightjarLua

let format = "%(asctime)s %(levelname)s %(name)s: %(message)s"

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = Deadline.now.nanoseconds
    try body()
    return Double(Deadline.now.nanoseconds - start) / 1e9
}

func fileHandler(_ path: String, buffer: Int = 0) throws -> FileHandler {
    let handler = try FileHandler(path, buffering: buffer > 0 ? .buffered(bytes: buffer) : .writeThrough)
    handler.formatter = try StandardFormatter(format)
    return handler
}

func records(_ count: Int, _ handler: FileHandler, _ options: DeliveryOptions? = nil, threads: Int = 1) throws -> Double
{
    let system = LoggingSystem()
    let log = system.logger("bench")
    log.level = .info
    log.addHandler(handler)
    if let options { try handler.setDelivery(options) }
    return try Double(count)
        / seconds {
            let share = count / threads
            let others = try (1..<threads).map { _ in
                try NativeThread.start(name: "logs") { for number in 0..<share { log.info("request \(number) done") } }
            }
            for number in 0..<share { log.info("request \(number) done") }
            for thread in others { try thread.join() }
            try handler.close()
        }
}

/// Nanoseconds of a call that is not enabled, of the deepest logger of a tree.
func disabled(_ count: Int, loggers: Int, handlers: Int, depth: Int) -> Double {
    let system = LoggingSystem()
    for number in 0..<loggers { _ = system.logger("other\(number)") }
    for _ in 0..<handlers { system.root.addHandler(NullHandler()) }
    var name = "a"
    for _ in 1..<depth { name += ".a" }
    let log = system.logger(name)
    return seconds { for number in 0..<count { log.debug("request \(number) done") } } / Double(count) * 1e9
}

func lua(_ body: String, _ count: Int, _ path: String) throws -> Double {
    let runtime = Runtime(policy: .trusted) { lua in
        try lua.set("now") { () in Double(Deadline.now.nanoseconds) / 1e9 }
    }
    defer { runtime.shutdown() }
    let lua = try runtime.makeState()
    defer { lua.close() }
    let source = """
        local count, path, format = ...
        local logging = require "logging"
        local log = logging.getLogger("bench")
        \(body)
        """
    return try lua.call(lua.load(source), count, path, format, returning: Double.self)
}

let luaRecords = """
    local handler = logging.FileHandler{filename = path, async = ASYNC}
    handler:setFormatter(logging.Formatter(format))
    log:addHandler(handler)
    log:setLevel("INFO")
    local start = now()
    for i = 1, count do log:info("request %d done", i) end
    handler:close()
    return count / (now() - start)
    """
let luaDisabled = """
    local start = now()
    for i = 1, count do log:debug("request %d done", i) end
    return (now() - start) / count * 1e9
    """

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[3]) else { fatalError("usage: logs MODE FILE COUNT") }
let path = arguments[2]
let result =
    switch arguments[1] {
    case "through": try records(count, fileHandler(path))
    case "buffered": try records(count, fileHandler(path, buffer: 1 << 16))
    case "async": try records(count, fileHandler(path), .standard)
    case "async-2": try records(count, fileHandler(path), .standard, threads: 2)
    case "disabled": disabled(count, loggers: 1, handlers: 1, depth: 1)
    case "disabled-large": disabled(count, loggers: 10_000, handlers: 100, depth: 1_000)
    case "lua-through": try lua(luaRecords.replacing("ASYNC", with: "false"), count, path)
    case "lua-async": try lua(luaRecords.replacing("ASYNC", with: "true"), count, path)
    case "lua-disabled": try lua(luaDisabled, count, path)
    default: fatalError("no mode \(arguments[1])")
    }
print(result)
