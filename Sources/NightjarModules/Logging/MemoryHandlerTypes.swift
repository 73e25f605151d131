public import NightjarLogging
public import NightjarLua

extension MemoryHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.memory }
}

extension HandlerTypes {
    /// `BufferingHandler`: keeps records and, when there are many, throws them away; subclasses give `flush` something to do.
    static let buffering = LuaType(
        "BufferingHandler", for: ScriptHandler.self, module: "logging.handlers", parent: handler,
        doc: "Keeps records until there are many; a subclass says what then."
    ) { type in
        let parameters = DeliveryArguments.added(to: LuaSignature("capacity"))
        type.constructor(
            parameters,
            pushing: { call in
                try HandlerMaking.push(call) { ScriptHandler(base: MemoryHandler(forgettingAfter: try $0.argument(2))) }
            })
        type.method(
            "init", parameters,
            unbound: { call in try HandlerMaking.initialize(call) { MemoryHandler(forgettingAfter: try $0.argument(2)) }
            })
        type.method(
            "shouldFlush", doc: "Whether the record is the one that has all handed on.",
            unbound: { call in
                try call.results(call.handlerSelf(as: MemoryHandler.self).shouldFlush(call.record(2)))
            })
        type.property("capacity", \.capacity)
        type.property(
            "buffer", doc: "The records that are kept back, as an array.",
            unboundGet: { call in
                let records = try call.handlerSelf(as: MemoryHandler.self).buffer
                call.stack.newTable(array: records.count)
                for (offset, record) in records.enumerated() {
                    try RecordObject(record).push(to: call.stack)
                    call.stack.rawSet(-2, offset + 1)
                }
                return 1
            },
            unboundSet: { call in
                guard call.stack.type(at: 2) == .table else {
                    throw call.badArgument(2, "table of records expected, got \(call.stack.typeName(at: 2))")
                }
                let records = try (0..<call.stack.rawLength(at: 2)).map { position in
                    call.stack.rawGet(2, position + 1)
                    defer { call.stack.pop() }
                    return try call.record(call.stack.top)
                }
                try call.handlerSelf(as: MemoryHandler.self).buffer = records
            })
    }

    static let memory = LuaType(
        "MemoryHandler", for: MemoryHandler.self, module: "logging.handlers", parent: buffering,
        doc: "Keeps records back until there are many or one is severe, and then hands all to its target."
    ) { type in
        let parameters = LuaSignature("capacity, flushLevel, target, flushOnClose")
        HandlerMaking.add(&type, parameters) { call in
            try MemoryHandler(
                capacity: call.argument(2), flushLevel: call.stack.isNilOrNone(at: 3) ? .error : call.level(3),
                target: call.stack.isNilOrNone(at: 4) ? nil : call.handler(4),
                flushOnClose: call.argument(5, default: true))
        }
        type.method(
            "setTarget", doc: "Sets the handler that gets the records.",
            unbound: { call in
                try setTarget(call)
                return 0
            })
        type.property(
            "target",
            unboundGet: { call in
                try ComponentList.pushOne(call.handlerSelf(as: MemoryHandler.self).target, to: call.stack)
                return 1
            }, unboundSet: setTarget)
        type.property(
            "flushLevel",
            unboundGet: { call in try call.results(call.handlerSelf(as: MemoryHandler.self).flushLevel.rawValue) },
            unboundSet: { call in try call.handlerSelf(as: MemoryHandler.self).flushLevel = call.level(2) })
        RotationMethods.property(&type, "flushOnClose", \.flushOnClose)
    }

    @Sendable private static func setTarget(_ call: LuaCall) throws {
        let handler = try call.handlerSelf(as: MemoryHandler.self)
        handler.target = call.stack.isNilOrNone(at: 2) ? nil : try call.handler(2)
    }
}

extension LuaType.Builder where Object == ScriptHandler {
    /// An attribute of the memory handler that does the work.
    fileprivate mutating func property<Value: LuaConvertible>(
        _ name: String, _ path: any ReferenceWritableKeyPath<MemoryHandler, Value> & Sendable
    ) {
        property(
            name, unboundGet: { call in try call.results(call.handlerSelf(as: MemoryHandler.self)[keyPath: path]) },
            unboundSet: { call in try call.handlerSelf(as: MemoryHandler.self)[keyPath: path] = call.argument(2) })
    }
}
