import NightjarConcurrency
import NightjarLogging
import NightjarLua

extension HandlerTypes {
    static let listener = LuaType(
        "QueueListener", for: QueueListener.self, module: "logging.handlers",
        doc: "Takes records from a queue and gives them to handlers, on a thread of its own."
    ) { type in
        type.fields()
        type.constructor(pushing: { call in
            let settings = QueueListener.Settings(queue: ScriptQueue(), handlers: [], respectsHandlerLevel: false)
            let listener = QueueListener(settings, reporter: call.logging.reporter)
            guard LuaType.native(call.stack, exactClassAt: 1) != nil else {
                return try ClassTable.pushInitialized(listener, classAt: 1, call)
            }
            listener.settings = try ListenerArguments.read(call)
            try listener.push(to: call.stack)
        })
        type.method("init", doc: "The queue, then handlers, or named arguments.") { listener, call in
            listener.settings = try ListenerArguments.read(call)
            return 0
        }
        addThread(&type)
        addRecords(&type)
        addAttributes(&type)
    }

    private static func addThread(_ type: inout LuaType.Builder<QueueListener>) {
        let start: @Sendable (QueueListener, LuaCall) throws -> Int32 = { listener, call in
            try listener.adopt(call.stack, instanceAt: 1)
            try listener.start()
            return 0
        }
        type.method("start", doc: "Starts the thread.", raw: start)
        type.method("stop", doc: "Handles what is in the queue, then ends the thread.") { listener, call in
            try stop(listener, call)
        }
        type.metamethod("__close") { listener, call in try stop(listener, call) }
        type.method("enqueue_sentinel", doc: "Puts the sign to stop into the queue.") { (listener: QueueListener) in
            try listener.enqueueSentinel()
        }
    }

    private static func addRecords(_ type: inout LuaType.Builder<QueueListener>) {
        type.method("handle", doc: "Gives a record to the handlers.") { listener, call in
            listener.handle(try call.record(2))
            return 0
        }
        type.method("prepare", doc: "The record as it is handled.") { _, call in
            call.stack.setTop(2)
            return 1
        }
        type.method("dequeue", LuaSignature("block"), doc: "Takes the next record.") { listener, call in
            let deadline: Deadline? = try call.argument(2, default: true) ? nil : .passed
            let message: Message = try call.waiting { try listener.queue.get(until: deadline) }
            try MessageDecoder.push(message, to: call.stack)
            return 1
        }
    }

    private static func addAttributes(_ type: inout LuaType.Builder<QueueListener>) {
        type.property("queue", get: { $0.queue })
        type.property(
            "respect_handler_level", get: { $0.settings.respectsHandlerLevel },
            set: { $0.settings.respectsHandlerLevel = $1 })
        type.property(
            "handlers",
            rawGet: { listener, call in try ComponentList.push(listener.settings.handlers, to: call.stack) },
            rawSet: { listener, call in listener.settings.handlers = try ComponentList.handlers(call, at: 2) })
        type.metamethod("__tostring") { listener, call in
            let state = listener.isRunning ? "started" : "stopped"
            return try call.results(
                "<\(call.stack.typeName(at: 1)) handlers=\(listener.settings.handlers.count) \(state)>")
        }
    }

    private static func stop(_ listener: QueueListener, _ call: LuaCall) throws -> Int32 {
        try listener.stop { thread in _ = try call.waiting { try thread.join() } }
        return 0
    }
}

/// `QueueListener(queue, handler, ...)`, with `{respect_handler_level = true}` at the end if need be, or `QueueListener{queue = q,
/// handlers = {h}, respect_handler_level = true}`; an array of handlers will do too.
private enum ListenerArguments {
    private static let known = ["queue", "handlers", "respect_handler_level"]

    static func read(_ call: LuaCall) throws -> QueueListener.Settings {
        let stack = call.stack, last = stack.top
        try stack.reserve(12)
        if last == 2, isTable(2, stack) {
            try checkNames(2, call)
            stack.rawGet(2, "queue")
            stack.rawGet(2, "handlers")
            stack.rawGet(2, "respect_handler_level")
            return try .init(
                queue: call.argument(last + 1), handlers: handlers(call, last + 2),
                respectsHandlerLevel: stack.boolean(at: last + 3))
        }
        var settings = try QueueListener.Settings(
            queue: call.argument(2), handlers: [], respectsHandlerLevel: false)
        for index in Int32(3)..<max(last + 1, 3) {
            if index == last, index > 3, stack.type(at: index) == .boolean {
                settings.respectsHandlerLevel = stack.boolean(at: index)
            } else if isTable(index, stack), stack.rawLength(at: index) == 0 {
                try checkNames(index, call)
                stack.rawGet(index, "respect_handler_level")
                settings.respectsHandlerLevel = stack.boolean(at: -1)
                stack.pop()
            } else {
                settings.handlers += try handlers(call, index)
            }
        }
        return settings
    }

    private static func isTable(_ index: Int32, _ stack: LuaStack) -> Bool { stack.type(at: index) == .table }

    private static func checkNames(_ index: Int32, _ call: LuaCall) throws {
        let stack = call.stack
        stack.pushNil()
        while stack.next(index) {
            let key = stack.describeKey(at: -2)
            guard known.contains(key) else {
                throw LuaException(
                    .typeError,
                    "QueueListener() got an unexpected named argument '\(key)' (known: \(known.joined(separator: ", ")))"
                )
            }
            stack.pop()
        }
    }

    /// An array of handlers, or one.
    private static func handlers(_ call: LuaCall, _ index: Int32) throws -> [any Handler] {
        if call.stack.isNilOrNone(at: index) { return [] }
        return isTable(index, call.stack) ? try ComponentList.handlers(call, at: index) : [try call.handler(index)]
    }
}
