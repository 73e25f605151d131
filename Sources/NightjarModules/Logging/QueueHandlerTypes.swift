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
                guard call.stack.object(at: 1) is ScriptHandler else {
                    return try call.results(RecordObject(QueueHandler.prepared(record, handler.format(record))))
                }
                let text = try HandlerMethods.formatted(call)
                return try call.results(RecordObject(QueueHandler.prepared(record, text)))
            })
        type.method(
            "enqueue", doc: "Puts a record into the queue.",
            unbound: { call in
                let handler = try call.handlerSelf(as: QueueHandler.self)
                if let object = call.stack.object(at: 2) as? RecordObject {
                    try handler.enqueue(object.record)
                } else {
                    // What a script's own `prepare` has made of the record.
                    try handler.put(MessageEncoder.encode(call.stack, at: 2, as: MessageRoot(name: "item")))
                }
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
}
