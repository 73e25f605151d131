public import NightjarLogging
public import NightjarLua

extension RateLimitFilter: CrossesThreads {
    public static let luaType = LimitingFilters.type(
        "RateLimitFilter", RateLimitFilter.self, "rate, burst, key, interval",
        doc: "Lets so many records a second pass, and says how many it held back."
    ) { call in
        let filter = try RateLimitFilter(
            rate: call.argument(2), burst: call.argument(3, as: Int?.self),
            key: RateLimitFilter.Key.named(call.argument(4, default: "template")),
            interval: call.argument(5, default: 1.0))
        return filter
    } properties: { type in
        type.property("rate", get: { $0.rate })
        type.property("burst", get: { $0.burst })
        type.property("key", get: { $0.key.rawValue })
    }
}

extension DuplicateFilter: CrossesThreads {
    public static let luaType = LimitingFilters.type(
        "DuplicateFilter", DuplicateFilter.self, "interval",
        doc: "Sums up records that say the same: last message repeated 37 times."
    ) { call in
        DuplicateFilter(interval: try call.argument(2, default: 1.0))
    } properties: { type in
        type.property("interval", get: { $0.interval })
    }
}

extension SamplingFilter: CrossesThreads {
    public static let luaType = LimitingFilters.type(
        "SamplingFilter", SamplingFilter.self, "rate, seed, level",
        doc: "Lets a share of the records pass, the same ones in every run if there is a seed."
    ) { call in
        try SamplingFilter(
            rate: call.argument(2), seed: call.argument(3, as: Int?.self),
            level: call.stack.isNilOrNone(at: 4) ? nil : call.level(4))
    } properties: { type in
        type.property("rate", get: { $0.rate })
    }
}

/// The classes of filters that hold records back by more than their name.
enum LimitingFilters {
    static func type<Kind: Filter & LuaObject>(
        _ name: String, _ kind: Kind.Type, _ parameters: String, doc: String,
        _ make: @escaping @Sendable (LuaCall) throws -> Kind, properties: (inout LuaType.Builder<Kind>) -> Void
    ) -> LuaType {
        LuaType(name, for: kind, module: "logging", parent: NameFilter.luaType, doc: doc) { type in
            type.constructor(
                LuaSignature(parameters),
                pushing: { call in
                    guard LuaType.native(call.stack, exactClassAt: 1) != nil else {
                        throw LuaException(
                            .typeError, "\(name) cannot be subclassed; call one from a filter of your own")
                    }
                    try call.bind()
                    try make(call).push(to: call.stack)
                })
            type.method(
                "flush", doc: "Says now what the filter would say later.",
                unbound: { call in
                    try call.argument(1, as: Kind.self).flush()
                    return 0
                })
            properties(&type)
        }
    }
}
