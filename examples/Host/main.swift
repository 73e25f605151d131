// A small program that embeds Nightjar. Where its log goes, and what runs beside it, is said by a script:
//
//     Host [SCRIPT [LOGFILE]]
//
// Edit logging.lua and start it again: nothing is compiled anew.

import Nightjar

/// Something of the program's own that scripts can use.
final class Inventory: LuaObject, Sendable {
    private let items = FIFOQueue<String>()

    func add(_ item: String) { try? items.put(item) }
    var count: Int { items.qsize }

    static let luaType = LuaType("Inventory", for: Inventory.self) {
        $0.method("add") { (inventory: Inventory, item: String) in inventory.add(item) }
        $0.property("count", get: { $0.count })
    }
}

let arguments = CommandLine.arguments.dropFirst()
let script = arguments.first ?? "\(#filePath)".replacingLast("main.swift", by: "logging.lua")
let logPath = arguments.dropFirst().first ?? "host.log"
let inventory = Inventory()

// Two functions and an object for scripts, in every interpreter, those of background threads included.
let runtime = Runtime(policy: .configuration) { lua in
    try lua.set("log_path") { () in logPath }
    try lua.set("is_busy") { (items: Int) in items > 3 }
    try lua.set("inventory", inventory)
}

do {
    try runtime.run(file: script)
} catch {
    print("host: \(LuaError.wrapping(error).report)")
}

// Two threads of the program log through the tree that the script has configured.
let log = runtime.logging.logger("app.db")
let workers = try ["reader", "writer"].map { name in
    try NativeThread.start(name: name) {
        for turn in 1...3 {
            inventory.add("\(name)-\(turn)")
            log.debug("\(name) turn \(turn)")
            log.info("\(name) stored item \(turn)", ["turn": .int(Int64(turn))])
        }
        log.warning("\(name) has the password hunter2")
    }
}
for worker in workers { _ = try worker.join() }
try runtime.waitForThreads()
log.error("done, \(inventory.count) items")
runtime.shutdown()

extension String {
    /// The path with its last component exchanged.
    func replacingLast(_ name: String, by other: String) -> String { String(dropLast(name.count)) + other }
}
