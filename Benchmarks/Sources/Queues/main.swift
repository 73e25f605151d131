// One measurement of queues, so many items: prints how many items went through in a second. `queue.sh` compares them.
import CQueues
import Glibc
import Nightjar
import NightjarConcurrency
import NightjarLua

/// The bound of queues between two threads: large enough that neither side waits for each item.
let bound = 1024

func ours(_ source: String, _ items: Int) throws -> Double {
    let runtime = Runtime(policy: .trusted) { lua in
        try lua.set("now") { () in Double(Deadline.now.nanoseconds) }
        try lua.set("cpu_time") { () in cpuTime() }
    }
    defer { runtime.shutdown() }
    let lua = try runtime.makeState()
    defer { lua.close() }
    return try lua.call(lua.load(source), items, bound, returning: Double.self)
}

/// Nanoseconds that the process has computed: the measure for one thread, also on a busy machine.
func cpuTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

func c(_ nanoseconds: Int64) -> Double {
    guard nanoseconds >= 0 else { fatalError("the reference failed") }
    return Double(nanoseconds)
}

func cLua(_ items: Int, _ producer: String, _ consumer: String? = nil) -> Double {
    c(ring_measure_lua(bound, items, producer, consumer))
}

let pairsLoop =
    "local sum = 0 for i = 1, items do q:put(i) sum = sum + q:get() end assert(sum == items * (items + 1) // 2)"
let putLoop = "for i = 1, items do q:put(i) end"
let getLoop = "local sum = 0 for i = 1, items do sum = sum + q:get() end assert(sum == items * (items + 1) // 2)"
let putTables = "for i = 1, items do q:put{id = i, name = 'item', vals = {1, 2, 3}} end"
let getTables = "local sum = 0 for i = 1, items do sum = sum + q:get().id end assert(sum == items * (items + 1) // 2)"

/// A chunk that measures `body` with a queue that `make` makes.
func alone(_ make: String, _ body: String) -> String {
    "local items, bound = ... local q = \(make) local start = now() \(body) return now() - start"
}

/// A chunk that measures a thread that puts and one that gets.
func between(_ make: String, _ producer: String, _ consumer: String) -> String {
    """
    local items, bound = ... local q = \(make)
    local producer = require "threading".Thread{target = function() \(producer) end}
    local start = now() producer:start() \(consumer) producer:join() return now() - start
    """
}

let putMany = "for i = 1, items, 100 do local t = {} for k = 1, 100 do t[k] = i + k end q:put_many(t) end"
let getMany = "local seen = 0 while seen < items do local t, n = q:get_many(100) seen = seen + n end"

let queue = "require 'queue'.Queue(bound)"
let unbounded = "require 'queue'.Queue()"
/// Fills a queue, then empties it, as often as it takes to move two million items; gives the processor time for once.
func growth(_ kind: String) -> String {
    """
    local items = ...
    local make, rounds = require "queue".\(kind), math.max(1, 2000000 // items)
    local start = cpu_time()
    for round = 1, rounds do
      local q = make()
      for i = 1, items do q:put(i) end
      for i = 1, items do q:get() end
    end
    return (cpu_time() - start) / rounds
    """
}

let measurements: [(name: String, run: (Int) throws -> Double)] = [
    ("pairs", { try ours(alone(queue, pairsLoop), $0) }),
    ("pairs-simple", { try ours(alone("require 'queue'.SimpleQueue()", pairsLoop), $0) }),
    ("pairs-c-lua", { cLua($0, "local items, q = ..., q " + pairsLoop) }),
    ("pairs-c", { c(ring_measure_pairs($0)) }),
    ("threads", { try ours(between(queue, putLoop, getLoop), $0) }),
    ("threads-unbounded", { try ours(between(unbounded, putLoop, getLoop), $0) }),
    ("threads-many", { try ours(between(queue, putMany, getMany), $0 / 100 * 100) }),
    ("threads-c-lua", { cLua($0, "local items, q = ..., q " + putLoop, "local items, q = ..., q " + getLoop) }),
    ("threads-c", { c(ring_measure_threads(bound, $0)) }),
    ("tables", { try ours(between(queue, putTables, getTables), $0) }),
    ("tables-c-lua", { cLua($0, "local items, q = ..., q " + putTables, "local items, q = ..., q " + getTables) }),
    ("growth-Queue", { try ours(growth("Queue"), $0) }),
    ("growth-LifoQueue", { try ours(growth("LifoQueue"), $0) }),
    ("growth-PriorityQueue", { try ours(growth("PriorityQueue"), $0) }),
]

guard CommandLine.arguments.count == 3, let items = Int(CommandLine.arguments[2]), items > 0,
    let measurement = measurements.first(where: { $0.name == CommandLine.arguments[1] })
else {
    print("usage: queues \(measurements.map(\.name).joined(separator: "|")) ITEMS")
    exit(2)
}
do {
    print(Int(Double(items) / (try measurement.run(items) / 1e9)))
} catch {
    print("queues: \(error)")
    exit(1)
}
