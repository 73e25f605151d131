public import NightjarLogging
public import NightjarLua

extension NameFilter: CrossesThreads {
    /// `logging.Filter`; scripts' subclasses of it are ``ScriptFilter`` objects.
    public static let luaType = LuaType(
        "Filter", for: NameFilter.self, module: "logging",
        doc: "Passes the records of one logger and of those below it."
    ) { type in
        let parameters = LuaSignature("name")
        type.constructor(
            parameters,
            pushing: { call in
                if LuaType.native(call.stack, exactClassAt: 1) != nil {
                    try call.bind()
                    try NameFilter(call.argument(2, default: "")).push(to: call.stack)
                } else {
                    try ClassTable.pushInitialized(ScriptFilter(), classAt: 1, call)
                }
            })
        type.fields()
        type.method(
            "init", parameters,
            unbound: { call in
                try call.argument(1, as: ScriptFilter.self).nameFilter = NameFilter(call.argument(2, default: ""))
                return 0
            })
        type.method(
            "filter", doc: "Whether the record passes.",
            unbound: { call in
                guard let filter = try ScriptFilter.known(call, at: 1) else {
                    throw call.badArgument(1, "filter expected")
                }
                let object = try call.argument(2, as: RecordObject.self)
                var record = object.record
                let decision = try filter.filter(&record)
                object.record = record
                switch decision {
                case .keep: return try call.results(true)
                case .drop: return try call.results(false)
                case .replace(let other): return try call.results(RecordObject(other))
                }
            })
        type.property(
            "name",
            unboundGet: { call in
                switch call.stack.object(at: 1) {
                case let filter as NameFilter: try call.results(filter.name)
                case let filter as ScriptFilter: try call.results(filter.nameFilter.name)
                default: try call.results(nil as String?)
                }
            },
            unboundSet: { call in
                try call.argument(1, as: ScriptFilter.self).nameFilter = NameFilter(call.argument(2))
            })
    }
}

/// A filter of the application, of a class that scripts do not know.
final class NativeFilter: CrossesThreads {
    let filter: any Filter
    init(_ filter: any Filter) { self.filter = filter }

    static let luaType = LuaType("NativeFilter", for: NativeFilter.self, module: "logging", parent: NameFilter.luaType)
    { _ in }
}

/// What `filter(record)` of loggers and handlers gives a script: the record that goes on, or false.
enum FilterResult {
    static func push(_ passed: LogRecord?, _ call: LuaCall, record index: Int32) throws -> Int32 {
        guard let passed else { return try call.results(false) }
        let object = try call.argument(index, as: RecordObject.self)
        object.record = passed
        return try call.results(object)
    }
}
