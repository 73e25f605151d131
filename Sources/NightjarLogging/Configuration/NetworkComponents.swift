/// A network handler as scripts and configurations make it: from the same arguments, in Python's order.
public struct NetworkKind<Kind: Handler>: Sendable {
    /// Python's name of the class.
    public let name: String
    public let parameters: [ComponentParameter]
    /// Makes one that opens nothing, and has no delivery yet.
    public let make: @Sendable (ComponentArguments) throws -> Kind

    var component: ComponentKind<PreparedHandler> {
        let make = make
        return ComponentKind(
            names: ["logging.handlers.\(name)", name], parameters: parameters, delivery: .network,
            check: { _ = try make($0) }
        ) { arguments, _ in
            let handler = try make(arguments)
            return PreparedHandler(handler, rollBack: { try? handler.close() })
        }
    }
}

/// The network handlers.
public enum NetworkKinds {
    private static var socket: [ComponentParameter] {
        [
            .init("host", .string, required: true), .init("port", .int), .init("format", .string),
            .init("timeout", .number),
        ]
    }

    public static let socketHandler = NetworkKind(name: "SocketHandler", parameters: socket) { arguments in
        try SocketHandler(
            host: arguments.string("host") ?? "", port: arguments.int("port"),
            wire: SocketFormat.named(arguments.string("format")),
            timeout: NetworkText.timeout(arguments.double("timeout")), delivery: nil)
    }

    public static let datagramHandler = NetworkKind(name: "DatagramHandler", parameters: socket) { arguments in
        try DatagramHandler(
            host: arguments.string("host") ?? "", port: arguments.int("port"),
            wire: SocketFormat.named(arguments.string("format")),
            timeout: NetworkText.timeout(arguments.double("timeout")), delivery: nil)
    }

    public static let sysLogHandler = NetworkKind(
        name: "SysLogHandler",
        parameters: [
            .init("address", .any), .init("facility", .any), .init("socktype", .any), .init("timeout", .number),
            .init("format", .string), .init("framing", .string), .init("ident", .string), .init("append_nul", .bool),
            .init("app_name", .string), .init("hostname", .string), .init("sd_id", .string),
        ]
    ) { arguments in
        let address = try arguments.address("address") ?? ("localhost", 514)
        let handler = try SysLogHandler(
            address: address.port.map { .host(address.host, port: $0) } ?? .path(address.host),
            facility: arguments.facility("facility"), socketType: arguments.socketType("socktype"),
            format: arguments.choice("format") ?? .python, framing: arguments.choice("framing"),
            program: arguments.string("app_name"), host: arguments.string("hostname"),
            structureName: arguments.string("sd_id") ?? "fields@32473",
            timeout: NetworkText.timeout(arguments.double("timeout")), delivery: nil)
        handler.ident = arguments.string("ident") ?? ""
        handler.appendsZero = arguments.bool("append_nul") ?? true
        return handler
    }

    public static let smtpHandler = NetworkKind(
        name: "SMTPHandler",
        parameters: [
            .init("mailhost", .any, required: true), .init("fromaddr", .string, required: true),
            .init("toaddrs", .any, required: true), .init("subject", .string, required: true),
            .init("credentials", .any), .init("secure", .any), .init("timeout", .number),
            .init("records_per_mail", .int),
        ]
    ) { arguments in
        let (host, port) = try arguments.address("mailhost") ?? ("", nil)
        let (security, tls) = try arguments.mailSecurity("secure")
        return try SMTPHandler(
            mailhost: host, mailport: port ?? (security == .tls ? 465 : 25),
            fromaddr: arguments.string("fromaddr") ?? "", toaddrs: arguments.strings("toaddrs"),
            subject: arguments.string("subject") ?? "", credentials: arguments.credentials(), security: security,
            tls: tls, timeout: NetworkText.timeout(arguments.double("timeout")),
            recordsPerMail: arguments.int("records_per_mail") ?? 1, delivery: nil)
    }

    public static let httpHandler = NetworkKind(
        name: "HTTPHandler",
        parameters: [
            .init("host", .string, required: true), .init("url", .string, required: true), .init("method", .string),
            .init("secure", .bool), .init("credentials", .any), .init("context", .any), .init("format", .string),
            .init("headers", .any), .init("records_per_request", .int), .init("timeout", .number),
        ]
    ) { arguments in
        try HTTPHandler(
            host: arguments.string("host") ?? "", url: arguments.string("url") ?? "",
            method: arguments.string("method") ?? "GET", secure: arguments.bool("secure") ?? false,
            credentials: arguments.credentials(), tls: arguments.tls("context"),
            format: arguments.choice("format") ?? .form, headers: arguments.headers(),
            recordsPerRequest: arguments.int("records_per_request") ?? 1,
            timeout: NetworkText.timeout(arguments.double("timeout")), delivery: nil)
    }

    public static let otlpHandler = NetworkKind(
        name: "OTLPHandler",
        parameters: [
            .init("endpoint", .string), .init("resource", .any), .init("headers", .any), .init("credentials", .any),
            .init("context", .any), .init("records_per_request", .int), .init("timeout", .number),
        ]
    ) { arguments in
        try OTLPHandler(
            endpoint: arguments.string("endpoint") ?? OTLPHandler.defaultEndpoint,
            resource: resource(arguments["resource"]), headers: arguments.headers(),
            credentials: arguments.credentials(), tls: arguments.tls("context") ?? NetworkTLS(),
            recordsPerRequest: arguments.int("records_per_request") ?? 512,
            timeout: NetworkText.timeout(arguments.double("timeout")), delivery: nil)
    }

    private static func resource(_ value: ConfigurationValue?) throws(LoggingError) -> LogFields {
        switch value?.logValue {
        case nil: return LogFields()
        case .object(let fields)?: return fields
        case .array(let elements)? where elements.isEmpty: return LogFields()
        default: throw LoggingError(.type, "resource: expected a table of attributes")
        }
    }

    static func register(in registry: inout ComponentRegistry) {
        registry.register(handler: socketHandler.component)
        registry.register(handler: datagramHandler.component)
        registry.register(handler: sysLogHandler.component)
        registry.register(handler: smtpHandler.component)
        registry.register(handler: httpHandler.component)
        registry.register(handler: otlpHandler.component)
    }
}
