public import NightjarLogging
public import NightjarLua

extension SocketHandler: CrossesThreads {
    public static var luaType: LuaType { NetworkTypes.socket }
}

extension DatagramHandler: CrossesThreads {
    public static var luaType: LuaType { NetworkTypes.datagram }
}

extension SysLogHandler: CrossesThreads {
    public static var luaType: LuaType { NetworkTypes.sysLog }
}

extension SMTPHandler: CrossesThreads {
    public static var luaType: LuaType { NetworkTypes.smtp }
}

extension HTTPHandler: CrossesThreads {
    public static var luaType: LuaType { NetworkTypes.http }
}

extension OTLPHandler: CrossesThreads {
    public static var luaType: LuaType { NetworkTypes.otlp }
}

/// The network handlers as scripts see them.
enum NetworkTypes {
    static let socket = LuaType(
        "SocketHandler", for: SocketHandler.self, module: "logging.handlers", parent: HandlerTypes.handler,
        doc: "Sends records over TCP or a Unix socket: a line of JSON each, or format = \"pickle\"."
    ) { type in
        NetworkMaking.add(&type, NetworkKinds.socketHandler)
        SocketMethods.add(&type)
    }

    static let datagram = LuaType(
        "DatagramHandler", for: DatagramHandler.self, module: "logging.handlers", parent: socket,
        doc: "Sends each record as one datagram, by UDP or to a Unix socket."
    ) { type in NetworkMaking.add(&type, NetworkKinds.datagramHandler) }

    static let sysLog = LuaType(
        "SysLogHandler", for: SysLogHandler.self, module: "logging.handlers", parent: HandlerTypes.handler,
        doc: "Sends records to a syslog server; format = \"rfc5424\" keeps their fields."
    ) { type in
        NetworkMaking.add(&type, NetworkKinds.sysLogHandler)
        SysLogMethods.add(&type)
    }

    static let smtp = LuaType(
        "SMTPHandler", for: SMTPHandler.self, module: "logging.handlers", parent: HandlerTypes.handler,
        doc: "Sends records by mail."
    ) { type in
        NetworkMaking.add(&type, NetworkKinds.smtpHandler)
        type.method(
            "getSubject", doc: "The subject of the mail with a record; to be overridden.",
            unbound: { call in
                try call.results(call.handlerSelf(as: SMTPHandler.self).getSubject(call.record(2)))
            })
        RotationMethods.constant(&type, "mailhost") { $0.mailhost }
        RotationMethods.constant(&type, "mailport") { $0.mailport }
        RotationMethods.constant(&type, "timeout") { $0.timeout / .seconds(1) }
        RotationMethods.property(&type, "subject", \.subject)
        type.property(
            "fromaddr", unboundGet: { call in try call.results(call.handlerSelf(as: SMTPHandler.self).fromaddr) },
            unboundSet: { call in try call.handlerSelf(as: SMTPHandler.self).setSender(call.argument(2)) })
        type.property(
            "toaddrs", doc: "The addresses of the recipients, as an array.",
            unboundGet: { call in try call.results(call.handlerSelf(as: SMTPHandler.self).toaddrs) },
            unboundSet: { call in
                let isOne = call.stack.type(at: 2) == .string
                let addresses: [String] = isOne ? [try call.argument(2, as: String.self)] : try call.argument(2)
                try call.handlerSelf(as: SMTPHandler.self).setRecipients(addresses)
            })
    }

    static let http = LuaType(
        "HTTPHandler", for: HTTPHandler.self, module: "logging.handlers", parent: HandlerTypes.handler,
        doc: "Sends records to a web server, as forms or as JSON."
    ) { type in
        NetworkMaking.add(&type, NetworkKinds.httpHandler)
        type.method(
            "mapLogRecord", doc: "The table that is sent of a record; to be overridden.",
            unbound: { call in
                try call.results(call.handlerSelf(as: HTTPHandler.self).mapLogRecord(call.record(2)))
            })
        RotationMethods.constant(&type, "host") { $0.host }
        RotationMethods.constant(&type, "url") { $0.url }
        RotationMethods.constant(&type, "method") { $0.method }
        RotationMethods.constant(&type, "secure") { $0.secure }
    }

    static let otlp = LuaType(
        "OTLPHandler", for: OTLPHandler.self, module: "logging.handlers", parent: HandlerTypes.handler,
        doc: "Sends records to an OpenTelemetry collector, by OTLP over HTTP."
    ) { type in
        NetworkMaking.add(&type, NetworkKinds.otlpHandler)
        RotationMethods.constant(&type, "endpoint") { $0.endpoint }
        RotationMethods.constant(&type, "resource") { $0.resource }
    }
}

/// Constructors that take what configurations take.
enum NetworkMaking {
    static func add<Kind: Handler & LuaObject>(_ type: inout LuaType.Builder<Kind>, _ kind: NetworkKind<Kind>) {
        let signature = LuaSignature(kind.parameters.map(\.name).joined(separator: ", "))
        HandlerMaking.add(&type, signature, delivery: .network) { call in
            try kind.make(arguments(call, kind.parameters))
        }
    }

    /// The arguments from 2 on, bound to their parameters.
    private static func arguments(_ call: LuaCall, _ parameters: [ComponentParameter]) throws -> ComponentArguments {
        var values: [String: ConfigurationValue] = [:]
        for (offset, parameter) in parameters.enumerated() {
            let index = Int32(offset) + 2
            if call.stack.isNilOrNone(at: index) {
                guard parameter.isRequired else { continue }
                throw call.badArgument(index, "\(expected(parameter)) expected, got \(call.stack.typeName(at: index))")
            }
            let value = try ConfigurationReading.value(call, at: index)
            guard parameter.expectation.accepts(value) else {
                throw call.badArgument(index, "\(expected(parameter)) expected, got \(call.stack.typeName(at: index))")
            }
            values[parameter.name] = value
        }
        return ComponentArguments(values)
    }

    /// `string`, without its article.
    private static func expected(_ parameter: ComponentParameter) -> Substring {
        parameter.expectation.name.split(separator: " ").last ?? "value"
    }
}
