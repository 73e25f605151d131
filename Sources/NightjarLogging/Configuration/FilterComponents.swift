extension ComponentKind where Product == any Filter {
    static var rateLimit: Self {
        kind(
            "RateLimitFilter",
            [
                .init("rate", .number, required: true), .init("burst", .int), .init("key", .string),
                .init("interval", .number),
            ]
        ) { arguments in
            try RateLimitFilter(
                rate: arguments.double("rate") ?? 0, burst: arguments.int("burst"),
                key: try RateLimitFilter.Key.named(arguments.string("key") ?? "template"),
                interval: arguments.double("interval") ?? 1)
        }
    }

    static var duplicate: Self {
        kind("DuplicateFilter", [.init("interval", .number)]) { arguments in
            DuplicateFilter(interval: arguments.double("interval") ?? 1)
        }
    }

    static var sampling: Self {
        kind(
            "SamplingFilter", [.init("rate", .number, required: true), .init("seed", .int), .init("level", .level)]
        ) { arguments in
            try SamplingFilter(
                rate: arguments.double("rate") ?? 0, seed: arguments.int("seed"),
                level: arguments.int("level").map(Level.init(_:)))
        }
    }

    private static func kind(
        _ name: String, _ parameters: [ComponentParameter],
        _ make: @escaping @Sendable (ComponentArguments) throws -> any Filter
    ) -> Self {
        Self(
            names: ["logging.\(name)", name], parameters: parameters, check: { _ = try make($0) },
            make: { arguments, _ in try make(arguments) })
    }
}

extension RateLimitFilter.Key {
    /// - Throws: `LoggingError` of kind `.value` that lists the known names.
    public static func named(_ name: String) throws(LoggingError) -> RateLimitFilter.Key {
        if let key = RateLimitFilter.Key(rawValue: name) { return key }
        let known = allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw LoggingError(.value, "unknown key \"\(name)\"; known are \(known)")
    }
}

extension ComponentKind where Product == PreparedHandler {
    static var backtrace: Self {
        Self(
            names: ["logging.handlers.BacktraceHandler", "BacktraceHandler"],
            parameters: [
                .init("capacity", .int, required: true), .init("target", .handler, required: true),
                .init("below", .level), .init("flushLevel", .level),
            ]
        ) { arguments, context in
            guard let target = try context.handler(arguments["target"]) else {
                throw LoggingError(.value, "missing \"target\"")
            }
            return PreparedHandler(
                BacktraceHandler(
                    capacity: arguments.int("capacity") ?? 0, target: target,
                    below: arguments.int("below").map(Level.init(_:)) ?? .info,
                    flushLevel: arguments.int("flushLevel").map(Level.init(_:)) ?? .error))
        }
    }
}
