// A program whose background work is a script's: the program puts jobs into a queue, and workers.lua says how many threads
// take them and what becomes of them.
//
//     Background [SCRIPT]

import Nightjar

let jobs = ScriptQueue(maxsize: 10)
let results = ScriptQueue()
let runtime = Runtime(policy: .trusted) { lua in
    try lua.set("jobs", jobs)
    try lua.set("results", results)
}
let script = CommandLine.arguments.dropFirst().first ?? "\(#filePath)".replacing("main.swift", with: "workers.lua")

do {
    try runtime.run(file: script)
    print("threads:", runtime.threads.map(\.threadName).joined(separator: ", "))

    // Swift puts, Lua gets; and the other way round. Full queues hold up who puts.
    for (id, word) in ["one", "two", "three", "four"].enumerated() {
        try jobs.put(["id": LuaData(id + 1), "word": LuaData(word)])
    }
    jobs.shutdown()
    var lengths: [Int: Int] = [:]
    for try await result in results.items {
        lengths[result["id"].integer ?? 0] = result["length"].integer
        if lengths.count == 4 { break }
    }
    print("lengths:", lengths.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))

    // A Lua function on an executor, awaited like any other asynchronous work.
    let executor = runtime.makeExecutor(maxWorkers: 2)
    let futures = try (1...3).map { try executor.submit(source: "local n = ... return n, n * n", LuaData($0)) }
    for future in futures {
        print("square:", try await future.values.map { "\($0.integer ?? 0)" }.joined(separator: " "))
    }

    // An endless one is stopped from outside.
    let endless = try executor.submit(source: "while true do end")
    while !endless.isRunning { await Task.yield() }
    for thread in runtime.threads where thread.threadName.hasPrefix("executor") { thread.stop() }
    do { print(try await endless.values) } catch let error as CrossedError { print("stopped:", error.className ?? "") }
    executor.close()

    try runtime.waitForThreads()
} catch {
    print("background: \(LuaError.wrapping(error).report)")
}
runtime.shutdown()

extension String {
    /// The path with its last component exchanged.
    func replacing(_ name: String, with other: String) -> String { String(dropLast(name.count)) + other }
}
