public import NightjarLogging
public import NightjarLua

extension StreamHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.stream }
}

extension FileHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.file }
}

extension NullHandler: CrossesThreads {
    public static var luaType: LuaType { HandlerTypes.null }
}

/// A handler of the application, of a class that scripts do not know.
final class NativeHandler: CrossesThreads {
    let handler: any Handler
    init(_ handler: any Handler) { self.handler = handler }

    static let luaType = LuaType(
        "NativeHandler", for: NativeHandler.self, module: "logging", parent: HandlerTypes.handler
    ) { _ in }
}

extension LuaCall {
    /// The handler at `index`, for a logger to keep: one of the script's gets its cell now.
    func handler(_ index: Int32) throws -> any Handler {
        let handler = try handlerObject(index)
        try (handler as? ScriptHandler)?.adopt(stack, instanceAt: index)
        return handler
    }

    /// The handler at `index`, as it is.
    func handlerObject(_ index: Int32) throws -> any Handler {
        switch stack.object(at: index) {
        case let native as NativeHandler: return native.handler
        case let handler as any Handler: return handler
        default: throw badArgument(index, "Handler expected, got \(stack.typeName(at: index))")
        }
    }

    /// Argument 1 as a handler of ours, or the one that does the work of a script's subclass of it.
    func handlerSelf<Kind: Handler>(as kind: Kind.Type) throws -> Kind {
        let handler = try handlerObject(1)
        guard let found = handler as? Kind ?? (handler as? ScriptHandler)?.base as? Kind else {
            throw badArgument(1, "\(kind) expected, got \(stack.typeName(at: 1)) (was 'super.init' called?)")
        }
        return found
    }

    /// Argument 1 as a handler with a file, or the one that does the work of a script's subclass of it.
    func fileSelf() throws -> any FileBacked {
        let handler = try handlerObject(1)
        guard let found = handler as? any FileBacked ?? (handler as? ScriptHandler)?.base as? any FileBacked else {
            throw badArgument(1, "FileHandler expected, got \(stack.typeName(at: 1)) (was 'super.init' called?)")
        }
        return found
    }
}

/// The handler classes as scripts see them.
enum HandlerTypes {
    /// The attributes that handlers of ours have; anything else on a script's handler is a field.
    static let attributes: Set<String> = [
        "name", "level", "formatter", "filters", "terminator", "stream", "baseFilename", "mode", "encoding", "namer",
        "rotator", "delay", "atTime", "dayOfWeek", "extMatch", "maxBytes", "backupCount", "rolloverAt", "suffix",
        "when", "interval", "utc",
        "capacity", "flushLevel", "flushOnClose", "below", "target", "buffer", "queue", "listener",
        "host", "port", "closeOnError", "retryStart", "retryMax", "retryFactor", "retryTime", "sock", "address",
        "color", "errors", "facility", "socktype", "unixsocket", "ident", "append_nul", "mailhost", "mailport",
        "fromaddr", "toaddrs", "timeout",
        "subject", "url", "method", "secure", "endpoint", "resource",
    ]

    static let handler = LuaType(
        "Handler", for: ScriptHandler.self, module: "logging",
        doc: "Takes records to where they are seen; subclass it and give it emit."
    ) { type in
        let parameters = DeliveryArguments.added(to: LuaSignature("level"))
        type.constructor(
            parameters,
            pushing: { call in
                try HandlerMaking.push(call) { ScriptHandler(core: HandlerCore(level: try level($0))) }
            })
        type.fields()
        // What a configuration has set on a handler.
        type.metamethod(
            "__index",
            unbound: { call in
                guard call.stack.type(at: 2) == .string, let handler = try? call.handlerObject(1),
                    let value = handler.core.attributes[ScriptText.text(call.stack, at: 2)]
                else { return 0 }
                try ScriptMaker.push(value, call)
                return 1
            })
        type.method(
            "init", parameters,
            unbound: { call in
                let handler = try call.handlerObject(1)
                handler.level = try level(call)
                try DeliveryArguments.apply(call, to: handler)
                return 0
            })
        HandlerMethods.addSettings(&type)
        HandlerMethods.addFilters(&type)
        HandlerMethods.addRecords(&type)
        MethodAssignment.add(&type)
    }

    private static func level(_ call: LuaCall) throws -> Level {
        call.stack.isNilOrNone(at: 2) ? .notSet : try call.level(2)
    }

    static let null = LuaType(
        "NullHandler", for: NullHandler.self, module: "logging", parent: handler, doc: "Does nothing with records."
    ) { type in
        HandlerMaking.add(&type, LuaSignature("")) { _ in NullHandler() }
    }

    static let stream = LuaType(
        "StreamHandler", for: StreamHandler.self, module: "logging", parent: handler,
        doc: "Writes records to io.stderr, or another file or object with a method write."
    ) { type in
        HandlerMaking.add(&type, LuaSignature("stream, *, color, colors", dataMethod: "write")) { call in
            let handler = StreamHandler(try call.stream(2))
            try ColorArguments.apply(call, to: handler)
            return handler
        }
        ColorArguments.add(&type)
        StreamAttribute.add(&type)
        type.property(
            "terminator",
            unboundGet: { call in
                if let file = try? call.fileSelf() { return try call.results(file.terminator) }
                return try call.results(call.handlerSelf(as: StreamHandler.self).terminator)
            },
            unboundSet: { call in
                if let file = try? call.fileSelf() { return file.terminator = try call.argument(2) }
                try call.handlerSelf(as: StreamHandler.self).terminator = call.argument(2)
            })
    }

    static let file = LuaType(
        "FileHandler", for: FileHandler.self, module: "logging", parent: stream, doc: "Writes records to a file."
    ) { type in
        HandlerMaking.add(
            &type, LuaSignature("filename, mode, encoding, delay, errors, buffer_size, flush_level"), HandlerMaking.file
        )
        type.property(
            "baseFilename",
            unboundGet: { call in
                try call.results(call.fileSelf().baseFilename)
            })
        type.property(
            "mode",
            unboundGet: { call in
                try call.results(call.fileSelf().mode.rawValue)
            })
        type.property(
            "encoding",
            unboundGet: { call in
                try call.results(call.fileSelf().encoding)
            })
        type.property("errors", unboundGet: { call in try call.results(call.fileSelf().errors) })
        type.property(
            "delay", doc: "Whether the file is opened at the first record.",
            unboundGet: { call in try call.results(call.fileSelf().delay) })
    }
}

enum HandlerMaking {
    /// Pushes the handler of a constructor call: ours as it is, or an instance of a script's subclass.
    static func push<Kind: Handler & LuaObject>(
        _ call: LuaCall, delivery: DeliveryOptions? = nil, _ make: (LuaCall) throws -> Kind
    ) throws {
        guard LuaType.native(call.stack, exactClassAt: 1) == nil else {
            try call.bind()
            let handler = try make(call)
            try DeliveryArguments.apply(call, to: handler, standard: delivery)
            call.logging.register(handler)
            // The class itself, which a handler without a type of its own in Swift does not know.
            if handler is ScriptHandler { return LuaType.pushInstance(handler, classAt: 1, to: call.stack) }
            return try handler.push(to: call.stack)
        }
        let name = ClassTable.qualifiedName(call.stack, at: 1).split(separator: ".").last.map(String.init)
        let handler = ScriptHandler(kindName: name ?? "Handler")
        call.logging.register(handler)
        try ClassTable.pushInitialized(handler, classAt: 1, call)
    }

    /// `super.init(self, ...)` of a script's subclass: makes the handler of ours that does the superclass's work.
    static func initialize(
        _ call: LuaCall, delivery: DeliveryOptions? = nil, _ make: (LuaCall) throws -> any Handler
    ) throws -> Int32 {
        let handler: ScriptHandler = try call.argument(1)
        handler.base = try make(call)
        try DeliveryArguments.apply(call, to: handler, standard: delivery)
        return 0
    }

    static func file(_ call: LuaCall) throws -> FileHandler {
        let size = try call.argument(7, default: 0)
        return try FileHandler(
            call.argument(2), mode: call.argument(3, default: "a"), encoding: call.argument(4, as: String?.self),
            delay: call.argument(5, default: false), errors: call.argument(6, as: String?.self),
            buffering: size > 0 ? .buffered(bytes: size) : .writeThrough,
            flushLevel: call.stack.isNilOrNone(at: 8) ? .error : try call.level(8))
    }
}
