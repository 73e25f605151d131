import NightjarLogging
import NightjarLua

/// What scripts can do with socket and datagram handlers.
enum SocketMethods {
    static func add(_ type: inout LuaType.Builder<SocketHandler>) {
        type.method(
            "makePickle", doc: "The bytes that go over the wire for a record; to be overridden.",
            unbound: { call in try call.results(LuaBytes(socket(call).makePickle(call.record(2)))) })
        type.method(
            "send", doc: "Sends bytes as they are; to be overridden.",
            unbound: { call in
                let bytes: LuaBytes = try call.argument(2)
                try socket(call).send(bytes.bytes)
                return 0
            })
        type.method(
            "createSocket", doc: "Connects now, unless it is too early after a failure.",
            unbound: { call in
                try socket(call).createSocket()
                return 0
            })
        type.property("host", unboundGet: { call in try call.results(socket(call).host) })
        type.property("port", unboundGet: { call in try call.results(socket(call).port) })
        type.property(
            "sock", doc: "true while there is a connection, else nil.",
            unboundGet: { call in try call.results(socket(call).isConnected ? true : nil as Bool?) })
        type.property(
            "retryTime", doc: "When there may be a next attempt to connect, in seconds since 1970.",
            unboundGet: { call in try call.results(socket(call).state.retryTime) })
        type.property(
            "closeOnError", unboundGet: { call in try call.results(socket(call).state.closeOnError) },
            unboundSet: { call in try socket(call).state.closeOnError = call.argument(2) })
        number(&type, "retryStart", \.retryStart)
        number(&type, "retryMax", \.retryMax)
        number(&type, "retryFactor", \.retryFactor)
    }

    private static func number(
        _ type: inout LuaType.Builder<SocketHandler>, _ name: String,
        _ path: any ReferenceWritableKeyPath<SocketState, Double> & Sendable
    ) {
        type.property(
            name, unboundGet: { call in try call.results(socket(call).state[keyPath: path]) },
            unboundSet: { call in try socket(call).state[keyPath: path] = call.argument(2) })
    }

    /// The handler that argument 1 is, or that does the work of a script's.
    private static func socket(_ call: LuaCall) throws -> any SocketBacked {
        let handler = try call.handlerObject(1)
        guard let found = handler as? any SocketBacked ?? (handler as? ScriptHandler)?.base as? any SocketBacked else {
            throw call.badArgument(
                1, "SocketHandler expected, got \(call.stack.typeName(at: 1)) (was 'super.init' called?)")
        }
        return found
    }
}

enum SysLogMethods {
    static func add(_ type: inout LuaType.Builder<SysLogHandler>) {
        type.method(
            "mapPriority", doc: "The name of the priority for the name of a level; to be overridden.",
            unbound: { call in try call.results(mapPriority(call)) })
        type.method(
            "encodePriority", LuaSignature("facility, priority"), doc: "The number of a facility and a priority.",
            unbound: { call in
                let handler = try call.handlerSelf(as: SysLogHandler.self)
                let facility = try number(call, 2, SyslogNames.facilities, "facility")
                let priority = try number(call, 3, SyslogNames.priorities, "priority")
                return try call.results(handler.encodePriority(facility: facility, priority: priority))
            })
        type.method(
            "createSocket", doc: "Opens the socket now.",
            unbound: { call in
                try call.handlerSelf(as: SysLogHandler.self).createSocket()
                return 0
            })
        addAttributes(&type)
    }

    /// As the table `priority_map` of the instance or its class says, which a script may have replaced.
    private static func mapPriority(_ call: LuaCall) throws -> String {
        let stack = call.stack, level: String = try call.argument(2)
        try stack.reserve(4)
        try stack.get(1, "priority_map")
        guard stack.type(at: -1) == .table else {
            return try call.handlerSelf(as: SysLogHandler.self).mapPriority(level)
        }
        return stack.rawGet(-1, level) == .string ? ScriptText.text(stack, at: -1) : "warning"
    }

    private static func addAttributes(_ type: inout LuaType.Builder<SysLogHandler>) {
        type.property(
            "ident", doc: "Put in front of the text.",
            unboundGet: { call in try call.results(call.handlerSelf(as: SysLogHandler.self).ident) },
            unboundSet: { call in try call.handlerSelf(as: SysLogHandler.self).ident = call.argument(2) })
        type.property(
            "append_nul", doc: "Whether a zero byte ends each message.",
            unboundGet: { call in try call.results(call.handlerSelf(as: SysLogHandler.self).appendsZero) },
            unboundSet: { call in
                try call.handlerSelf(as: SysLogHandler.self).appendsZero = call.argument(2)
            })
        type.property(
            "facility", doc: "Its number; set by number or name.",
            unboundGet: { call in try call.results(call.handlerSelf(as: SysLogHandler.self).facility) },
            unboundSet: { call in
                let facility = try number(call, 2, SyslogNames.facilities, "facility")
                try call.handlerSelf(as: SysLogHandler.self).facility = facility
            })
        RotationMethods.constant(&type, "socktype") { handler -> String? in
            handler.socketType.map { $0 == .stream ? "tcp" : "udp" }
        }
        RotationMethods.constant(&type, "unixsocket") { handler -> Bool in
            if case .path = handler.address { true } else { false }
        }
        type.property(
            "address",
            unboundGet: { call in
                switch try call.handlerSelf(as: SysLogHandler.self).address {
                case .path(let path): return try call.results(path)
                case .host(let host, let port):
                    return try call.results(LogValue.array([.string(host), .int(Int64(port))]))
                }
            })
    }

    /// A number, or the number of a name.
    private static func number(_ call: LuaCall, _ index: Int32, _ names: [String: Int], _ what: String) throws -> Int {
        if let number = call.stack.exactInteger(at: index) { return Int(number) }
        return try SyslogNames.number(call.argument(index), in: names, what: what)
    }
}

/// Constants of the module, and of the class `SysLogHandler`.
enum NetworkConstants {
    static func add(_ module: inout LuaModuleBuilder) throws {
        for (name, port) in [
            ("DEFAULT_TCP_LOGGING_PORT", 9020), ("DEFAULT_UDP_LOGGING_PORT", 9021),
            ("DEFAULT_HTTP_LOGGING_PORT", 9022), ("DEFAULT_SOAP_LOGGING_PORT", 9023), ("SYSLOG_UDP_PORT", 514),
            ("SYSLOG_TCP_PORT", 514),
        ] { try module.value(name, doc: "\(port)", port) }
        let stack = module.stack
        try stack.reserve(8)
        NetworkTypes.sysLog.pushClass(to: stack)
        for (name, value) in SyslogNames.constants {
            stack.push(value)
            stack.rawSet(-2, name)
        }
        for (name, table) in [
            ("priority_names", SyslogNames.priorities), ("facility_names", SyslogNames.facilities),
        ] {
            try table.push(to: stack)
            stack.rawSet(-2, name)
        }
        try SyslogNames.usualPriorities.push(to: stack)
        stack.rawSet(-2, "priority_map")
        stack.pop()
    }
}

/// What the methods of a script's subclass of a network handler say about a record.
enum NetworkChoices {
    static func isNetwork(_ handler: any Handler) -> Bool {
        handler is any SocketBacked || handler is HTTPHandler || handler is OTLPHandler || handler is SysLogHandler
            || handler is SMTPHandler
    }

    /// The handler that does the work formats as the script's is told to.
    static func shareFormatter(of script: ScriptHandler, with base: any Handler) {
        guard isNetwork(base), base.formatter !== script.formatter else { return }
        base.formatter = script.formatter
    }

    /// Asks the methods that the instance at 1 overrides, with the record at 2.
    /// - Returns: false if the instance has sent the record by itself.
    static func collect(_ call: LuaCall, _ base: any Handler, _ record: inout LogRecord) throws -> Bool {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        switch base {
        case is any SocketBacked: return try collectBytes(call, &record)
        case let handler as SysLogHandler:
            record.choices.priority = try priority(call, handler, record)
        case is SMTPHandler:
            if try callOverride("getSubject", call) { record.choices.subject = ScriptText.text(stack, at: -1) }
        case is HTTPHandler:
            if try callOverride("mapLogRecord", call) {
                guard stack.type(at: -1) == .table else {
                    throw LuaException(.typeError, "mapLogRecord must return a table, got \(stack.typeName(at: -1))")
                }
                record.choices.fields = try ScriptValue.fields(stack, at: -1)
            }
        default: break
        }
        return true
    }

    /// Calls a method with the record if the script has one of its own; its result is on top then.
    private static func callOverride(_ method: String, _ call: LuaCall) throws -> Bool {
        let stack = call.stack
        guard try LogCustomization.overrides(method, at: 1, stack) else { return false }
        try callMethod(method, call) { stack.pushCopy(of: 2) }
        return true
    }

    private static func callMethod(_ method: String, _ call: LuaCall, _ push: () throws -> Void) throws {
        let stack = call.stack, top = stack.top
        try stack.get(1, method)
        stack.pushCopy(of: 1)
        try push()
        try stack.call(arguments: stack.top - top - 1, results: 1)
    }

    private static func collectBytes(_ call: LuaCall, _ record: inout LogRecord) throws -> Bool {
        let stack = call.stack
        let sends = try LogCustomization.overrides("send", at: 1, stack)
        guard try LogCustomization.overrides("makePickle", at: 1, stack) || sends else { return true }
        try callMethod("makePickle", call) { stack.pushCopy(of: 2) }
        guard stack.type(at: -1) == .string else {
            throw LuaException(.typeError, "makePickle must return a string, got \(stack.typeName(at: -1))")
        }
        guard sends else {
            record.choices.bytes = Array(stack.bytes(at: -1))
            return true
        }
        let bytes = stack.top
        try callMethod("send", call) { stack.pushCopy(of: bytes) }
        return false
    }

    private static func priority(_ call: LuaCall, _ handler: SysLogHandler, _ record: LogRecord) throws -> Int {
        let stack = call.stack
        try callMethod("mapPriority", call) { stack.push(record.levelName) }
        let priority = stack.top
        try callMethod("encodePriority", call) {
            stack.push(handler.facility)
            stack.pushCopy(of: priority)
        }
        guard let number = stack.exactInteger(at: -1) else {
            throw LuaException(.typeError, "encodePriority must return an integer, got \(stack.typeName(at: -1))")
        }
        return Int(number)
    }
}
