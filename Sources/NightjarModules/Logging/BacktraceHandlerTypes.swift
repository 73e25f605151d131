public import NightjarLogging
public import NightjarLua

extension BacktraceHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.backtrace }
}

extension HandlerTypes {
    static let backtrace = LuaType(
        "BacktraceHandler", for: BacktraceHandler.self, module: "logging.handlers", parent: handler,
        doc: "Keeps the last unimportant records, and hands them to its target when an error comes."
    ) { type in
        HandlerMaking.add(&type, LuaSignature("capacity, target, below, flushLevel")) { call in
            try BacktraceHandler(
                capacity: call.argument(2), target: call.handler(3),
                below: call.stack.isNilOrNone(at: 4) ? .info : call.level(4),
                flushLevel: call.stack.isNilOrNone(at: 5) ? .error : call.level(5))
        }
        type.method(
            "writeBacktrace", doc: "Hands what is kept to the target now.",
            unbound: { call in
                try call.handlerSelf(as: BacktraceHandler.self).writeBacktrace()
                return 0
            })
        type.property(
            "buffer", doc: "The records that are kept, as an array.",
            unboundGet: { call in
                let records = try call.handlerSelf(as: BacktraceHandler.self).buffer
                call.stack.newTable(array: records.count)
                for (offset, record) in records.enumerated() {
                    try RecordObject(record).push(to: call.stack)
                    call.stack.rawSet(-2, offset + 1)
                }
                return 1
            })
        type.property(
            "target",
            unboundGet: { call in
                try ComponentList.pushOne(call.handlerSelf(as: BacktraceHandler.self).target, to: call.stack)
                return 1
            })
        RotationMethods.constant(&type, "capacity") { $0.capacity }
        RotationMethods.constant(&type, "below") { $0.below.rawValue }
        RotationMethods.constant(&type, "flushLevel") { $0.flushLevel.rawValue }
    }
}
