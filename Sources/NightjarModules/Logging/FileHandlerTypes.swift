public import NightjarLogging
public import NightjarLua

extension WatchedFileHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.watched }
}

extension RotatingFileHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.rotating }
}

extension TimedRotatingFileHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.timedRotating }
}

extension HandlerTypes {
    static let watched = LuaType(
        "WatchedFileHandler", for: WatchedFileHandler.self, module: "logging.handlers", parent: file,
        doc: "Writes records to a file that others rotate, such as logrotate."
    ) { type in
        HandlerMaking.add(&type, LuaSignature("filename, mode, encoding, delay, errors")) { call in
            try WatchedFileHandler(
                call.argument(2), mode: call.argument(3, default: "a"), encoding: call.argument(4, as: String?.self),
                delay: call.argument(5, default: false), errors: call.argument(6, as: String?.self))
        }
        type.method(
            "reopenIfNeeded", doc: "Opens the file of the name if the open one has lost it.",
            unbound: { call in
                try call.handlerSelf(as: WatchedFileHandler.self).reopenIfNeeded()
                return 0
            })
    }

    /// What the two rotating handlers have in common. A subclass says when and how it rotates; the class itself never does.
    static let baseRotating = LuaType(
        "BaseRotatingHandler", for: ScriptHandler.self, module: "logging.handlers", parent: file,
        doc: "What handlers that rotate their file have in common."
    ) { type in
        let parameters = DeliveryArguments.added(to: LuaSignature("filename, mode, encoding, delay, errors"))
        let make: @Sendable (LuaCall) throws -> RotatingFileHandler = { call in
            try RotatingFileHandler(
                call.argument(2), mode: call.argument(3, default: "a"), encoding: call.argument(4, as: String?.self),
                delay: call.argument(5, default: false), errors: call.argument(6, as: String?.self))
        }
        type.constructor(parameters, pushing: { call in try HandlerMaking.push(call, make) })
        type.method("init", parameters, unbound: { call in try HandlerMaking.initialize(call, make) })
        RotationMethods.add(&type)
    }

    static let rotating = LuaType(
        "RotatingFileHandler", for: RotatingFileHandler.self, module: "logging.handlers", parent: baseRotating,
        doc: "Writes records to a file that is rotated before it grows to a size."
    ) { type in
        let parameters = LuaSignature(
            "filename, mode, maxBytes, backupCount, encoding, delay, errors, compress, multi_process")
        HandlerMaking.add(&type, parameters) { call in
            try RotatingFileHandler(
                call.argument(2), mode: call.argument(3, default: "a"), maxBytes: call.argument(4, default: 0),
                backupCount: call.argument(5, default: 0), encoding: call.argument(6, as: String?.self),
                delay: call.argument(7, default: false), errors: call.argument(8, as: String?.self),
                compress: call.argument(9, default: false), multiProcess: call.argument(10, default: true))
        }
        RotationMethods.property(&type, "maxBytes", \.maxBytes)
        RotationMethods.property(&type, "backupCount", \.backupCount)
    }

    static let timedRotating = LuaType(
        "TimedRotatingFileHandler", for: TimedRotatingFileHandler.self, module: "logging.handlers",
        parent: baseRotating, doc: "Writes records to a file that is rotated by the clock."
    ) { type in
        let parameters = LuaSignature(
            "filename, when, interval, backupCount, encoding, delay, utc, atTime, errors, compress, multi_process")
        HandlerMaking.add(&type, parameters, complete: TimedRotation.complete) { call in
            let schedule = try RotationSchedule(
                when: call.argument(3, default: "h"), interval: call.argument(4, default: 1),
                utc: call.argument(8, default: false), atTime: RotationMethods.timeOfDay(call, 9))
            return try TimedRotatingFileHandler(
                call.argument(2), schedule, backupCount: call.argument(5, default: 0),
                encoding: call.argument(6, as: String?.self), delay: call.argument(7, default: false),
                errors: call.argument(10, as: String?.self), compress: call.argument(11, default: false),
                multiProcess: call.argument(12, default: true))
        }
        RotationMethods.property(&type, "backupCount", \.backupCount)
        TimedRotation.add(&type)
    }
}

extension HandlerMaking {
    /// The constructor and `init` of a handler class of ours.
    /// - Parameters:
    ///   - delivery: how its records are handed on unless a script says otherwise; nil is on the thread that logs.
    ///   - complete: what the `init` of a script's subclass does with the instance at last.
    static func add<Kind: Handler & LuaObject>(
        _ type: inout LuaType.Builder<Kind>, _ own: LuaSignature, delivery: DeliveryOptions? = nil,
        complete: @escaping @Sendable (LuaCall) throws -> Void = { _ in },
        _ make: @escaping @Sendable (LuaCall) throws -> Kind
    ) {
        let parameters = DeliveryArguments.added(to: own)
        type.constructor(parameters, pushing: { call in try push(call, delivery: delivery, make) })
        type.method(
            "init", parameters,
            unbound: { call in
                let results = try initialize(call, delivery: delivery, make)
                try complete(call)
                return results
            })
    }
}

/// What scripts can do with handlers that rotate.
enum RotationMethods {
    static func add(_ type: inout LuaType.Builder<ScriptHandler>) {
        type.method(
            "shouldRollover", doc: "Whether a record would have the file rotated first.",
            unbound: { call in try call.results(shouldRollover(call)) })
        type.method(
            "doRollover", doc: "Rotates the file now.",
            unbound: { call in
                try doRollover(call)
                return 0
            })
        type.method(
            "rotate", doc: "Moves a file to its rotated name: by the rotator, or by renaming it.",
            unbound: { call in
                try rotating(call).rotate(from: call.argument(2), to: call.argument(3))
                return 0
            })
        type.method(
            "rotation_filename", doc: "The name that the namer gives for the usual one.",
            unbound: { call in try call.results(rotating(call).rotationFilename(call.argument(2))) })
        type.property(
            "namer", doc: "A function that names rotated files.",
            unboundGet: { call in
                guard let namer = try rotating(call).namer else { return try call.results(nil as String?) }
                return try call.results(
                    call.state.function("namer", raw: { try $0.results(namer($0.argument(1))) }))
            }, unboundSet: { call in try rotating(call).namer = namer(call) })
        type.property(
            "rotator", doc: "A function that moves a file to its rotated name.",
            unboundGet: { call in
                guard let rotator = try rotating(call).rotator else { return try call.results(nil as String?) }
                return try call.results(
                    call.state.function(
                        "rotator",
                        raw: { call in
                            try rotator(call.argument(1), call.argument(2))
                            return 0
                        }))
            }, unboundSet: { call in try rotating(call).rotator = rotator(call) })
    }

    /// The handler that argument 1 is, or that does the work of a script's.
    static func rotating(_ call: LuaCall) throws -> any RotatingHandler {
        guard let handler = try call.fileSelf() as? any RotatingHandler else {
            throw call.badArgument(1, "a rotating handler expected, got \(call.stack.typeName(at: 1))")
        }
        return handler
    }

    /// The function at 2, in an interpreter of its own: records come from any thread.
    private static func cell(_ call: LuaCall, _ name: String) throws -> ScriptCell? {
        if call.stack.isNilOrNone(at: 2) { return nil }
        guard call.stack.type(at: 2) == .function else {
            throw call.badArgument(2, "function expected, got \(call.stack.typeName(at: 2))")
        }
        return try ScriptCell(call.stack, at: 2, as: name)
    }

    private static func namer(_ call: LuaCall) throws -> RotationNamer? {
        guard let cell = try cell(call, "namer") else { return nil }
        return { usual in
            let name = try cell.call("namer") { stack in
                stack.push(usual)
                return 1
            } _: { stack in
                guard stack.type(at: -1) == .string else {
                    throw LuaException(.typeError, "namer must return a string, got \(stack.typeName(at: -1))")
                }
                return ScriptText.text(stack, at: -1)
            }
            return name ?? usual
        }
    }

    private static func rotator(_ call: LuaCall) throws -> RotationRotator? {
        guard let cell = try cell(call, "rotator") else { return nil }
        return { source, destination in
            _ = try cell.call("rotator") { stack in
                stack.push(source)
                stack.push(destination)
                return 2
            } _: { _ in
            }
        }
    }

    /// `atTime`: `{hour = 3, minute = 30}`, as `os.date("*t")` has it with `min` and `sec`, or `"03:30"`.
    static func timeOfDay(_ call: LuaCall, _ index: Int32) throws -> RotationSchedule.TimeOfDay? {
        if call.stack.isNilOrNone(at: index) { return nil }
        return try RotationSchedule.TimeOfDay(ConfigurationReading.value(call, at: index))
    }

    // MARK: Attributes

    static func property<Kind: Handler, Value: LuaConvertible>(
        _ type: inout LuaType.Builder<Kind>, _ name: String,
        _ path: any ReferenceWritableKeyPath<Kind, Value> & Sendable
    ) {
        type.property(
            name, unboundGet: { call in try call.results(call.handlerSelf(as: Kind.self)[keyPath: path]) },
            unboundSet: { call in try call.handlerSelf(as: Kind.self)[keyPath: path] = call.argument(2) })
    }

    static func constant<Kind: Handler>(
        _ type: inout LuaType.Builder<Kind>, _ name: String,
        _ get: @escaping @Sendable (Kind) -> some LuaPushable
    ) {
        type.property(name, unboundGet: { call in try call.results(get(call.handlerSelf(as: Kind.self))) })
    }
}
