// A program with a handler, a filter and a formatter of its own, which configurations name beside Nightjar's.
//
//     Components [SCRIPT]
//
// Edit config.lua to send alarms elsewhere, to hide another word, or to leave all three out.

import Nightjar
import Synchronization

/// Raises an alarm once so many records have come.
final class AlarmHandler: Handler {
    let core = HandlerCore()
    private let limit: Int
    private let count = Atomic(0)

    init(limit: Int) { self.limit = limit }

    func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        // Called under the handler's lock, on the thread that logs; with `async = true` in the configuration on another one.
        let count = count.add(1, ordering: .relaxed).newValue
        if count == limit {
            print("ALARM after \(count) errors, the last one: \(String(decoding: text, as: UTF8.self))")
        }
    }
}

/// The level's first letter, the message, and the fields.
final class ShortFormatter: Formatter {
    func format(_ record: LogRecord, into buffer: inout [UInt8]) throws {
        buffer += "\(record.levelName.first ?? "?") \(record.message)".utf8
        for field in record.fields { buffer += " \(field.name)=\(field.value)".utf8 }
    }
}

let runtime = Runtime(policy: .configuration)
runtime.logging.updateRegistry { registry in
    let limit = ComponentParameter("limit", .int, required: true)
    registry.register(
        handler: ComponentKind(names: ["app.AlarmHandler"], parameters: [limit]) { arguments, _ in
            PreparedHandler(AlarmHandler(limit: arguments.int("limit") ?? 1))
        })
    registry.register(formatter: ComponentKind(names: ["app.ShortFormatter"]) { _, _ in ShortFormatter() })
    let word = ComponentParameter("word", .string, required: true)
    registry.register(
        filter: ComponentKind(names: ["app.Hide"], parameters: [word]) { arguments, _ in
            let word = arguments.string("word") ?? ""
            return ClosureFilter { record in
                record.message = record.message.replacing(word, with: "***")
                return .keep
            }
        })
}

let script = CommandLine.arguments.dropFirst().first ?? "\(#filePath)".replacing("main.swift", with: "config.lua")
do {
    try runtime.run(file: script)
} catch {
    print("components: \(LuaError.wrapping(error).report)")
}

let log = runtime.logging.logger("app.login")
for attempt in 1...3 {
    log.info("attempt \(attempt)", ["user": "ada"])
    log.error("the password hunter2 is wrong", ["attempt": LogValue(attempt)])
}
runtime.shutdown()
