import NightjarConcurrency
import NightjarLogging
import NightjarLua

extension HandlerTypes {
    static let queue = LuaType(
        "QueueHandler", for: QueueHandler.self, module: "logging.handlers", parent: handler,
        doc: "Puts records into a queue, for a QueueListener elsewhere."
    ) { type in
        HandlerMaking.add(&type, LuaSignature("queue")) { call in
            QueueHandler(try call.argument(2, as: ScriptQueue.self))
        }
        type.method(
            "prepare", doc: "The record as it goes into the queue.",
            unbound: { call in
                let handler = try call.handlerSelf(as: QueueHandler.self), record = try call.record(2)
                return try call.results(RecordObject(QueueHandler.prepared(record, handler.format(record))))
            })
        type.method(
            "enqueue", doc: "Puts a record into the queue.",
            unbound: { call in
                try call.handlerSelf(as: QueueHandler.self).enqueue(call.record(2))
                return 0
            })
        type.property(
            "queue", unboundGet: { call in try call.results(call.handlerSelf(as: QueueHandler.self).queue) })
        type.property(
            "listener", doc: "The listener that a configuration made with it.",
            unboundGet: { call in
                guard let listener = try call.handlerSelf(as: QueueHandler.self).listener else { return 0 }
                return try call.results(listener)
            },
            unboundSet: { call in
                try call.handlerSelf(as: QueueHandler.self).listener =
                    call.stack.isNilOrNone(at: 2) ? nil : call.argument(2, as: QueueListener.self)
            })
    }

    static let listener = LuaType(
        "QueueListener", for: QueueListener.self, module: "logging.handlers",
        doc: "Takes records from a queue and gives them to handlers, on a thread of its own."
    ) { type in
        type.constructor(LuaSignature("queue, handlers, respect_handler_level")) { call in
            try QueueListener(
                call.argument(2), ListenerArguments.handlers(call, at: 3),
                respectsHandlerLevel: call.argument(4, default: false), reporter: call.logging.reporter)
        }
        type.method("start", doc: "Starts the thread.") { (listener: QueueListener) in try listener.start() }
        type.method("stop", doc: "Handles what is in the queue, then ends the thread.") { listener, call in
            try stop(listener, call)
        }
        type.metamethod("__close") { listener, call in try stop(listener, call) }
        type.method("handle", doc: "Gives a record to the handlers.") { listener, call in
            listener.handle(try call.record(2))
            return 0
        }
        type.method("prepare", doc: "The record as it is handled.") { _, call in
            call.stack.setTop(2)
            return 1
        }
        type.method("enqueue_sentinel", doc: "Puts the sign to stop into the queue.") { (listener: QueueListener) in
            try listener.enqueueSentinel()
        }
        type.method("dequeue", LuaSignature("block"), doc: "Takes the next record.") { listener, call in
            let deadline: Deadline? = try call.argument(2, default: true) ? nil : .passed
            let message: Message = try call.waiting { try listener.queue.get(until: deadline) }
            try MessageDecoder.push(message, to: call.stack)
            return 1
        }
        type.property("queue", get: { $0.queue })
        type.property("respect_handler_level", get: { $0.respectsHandlerLevel })
        type.property(
            "handlers", rawGet: { listener, call in try ComponentList.push(listener.handlers, to: call.stack) })
    }

    private static func stop(_ listener: QueueListener, _ call: LuaCall) throws -> Int32 {
        try listener.stop { thread in _ = try call.waiting { try thread.join() } }
        return 0
    }
}

private enum ListenerArguments {
    /// An array of handlers, or one.
    static func handlers(_ call: LuaCall, at index: Int32) throws -> [any Handler] {
        let stack = call.stack
        if stack.isNilOrNone(at: index) { return [] }
        guard stack.type(at: index) == .table else { return [try call.handler(index)] }
        return try (0..<stack.rawLength(at: index)).map { position in
            stack.rawGet(index, position + 1)
            defer { stack.pop() }
            return try call.handler(stack.top)
        }
    }
}

// MARK: - In configurations

extension ComponentKind where Product == PreparedHandler {
    /// `QueueHandler` with the keys that Python has since 3.12: `handlers` and `respect_handler_level` make a listener, which is
    /// `handler.listener` and is to be started.
    static var queue: Self {
        Self(
            names: ["logging.handlers.QueueHandler", "QueueHandler"],
            parameters: [
                .init("queue", .any), .init("handlers", .any), .init("respect_handler_level", .bool),
            ],
            check: { _ = try queue(of: $0) }
        ) { arguments, context in
            let handler = QueueHandler(try queue(of: arguments))
            handler.listener = QueueListener(
                handler.queue, try handlers(of: arguments, context),
                respectsHandlerLevel: arguments.bool("respect_handler_level") ?? false,
                reporter: context.system.reporter)
            return PreparedHandler(handler)
        }
    }

    private static func queue(of arguments: ComponentArguments) throws(LoggingError) -> ScriptQueue {
        switch arguments["queue"] {
        case nil: return ScriptQueue()
        case .native(let object)?: if let queue = object as? ScriptQueue { return queue }
        case .object(let entries)?:
            // As Python has it: the class to make the queue of, and its arguments.
            guard case .string("queue.Queue")? = entries["()"],
                entries.keys.allSatisfy({ ["()", "maxsize"].contains($0) })
            else { break }
            guard let maxsize = entries["maxsize"] else { return ScriptQueue() }
            if case .int(let maxsize) = maxsize { return ScriptQueue(maxsize: Int(maxsize)) }
        default: break
        }
        throw LoggingError(.type, "queue: expected a queue, or {[\"()\"] = \"queue.Queue\", maxsize = n}")
    }

    private static func handlers(
        of arguments: ComponentArguments, _ context: PreparationContext
    ) throws -> [any Handler] {
        guard let given = arguments["handlers"] else { return [] }
        guard case .array(let names) = given else {
            throw LoggingError(.type, "handlers: expected a list of names of handlers")
        }
        return try names.compactMap { try context.handler($0) }
    }
}
