import NightjarLogging
import NightjarLua
import Synchronization

/// A Lua table in Python's `dictConfig` schema as a ``ConfigurationValue``. Nothing of it is made or called yet.
struct ConfigurationReading {
    private let call: LuaCall
    private var stack: LuaStack { call.stack }
    /// Tables nested deeper than this are a mistake, or a circle.
    private static let deepest = 64

    /// The table at `index`.
    static func value(_ call: LuaCall, at index: Int32) throws -> ConfigurationValue {
        try ConfigurationReading(call: call).read(call.stack.absolute(index), [])
    }

    private func read(_ index: Int32, _ path: [String]) throws -> ConfigurationValue {
        switch stack.type(at: index) {
        case .nil, .none: return .null
        case .boolean: return .bool(stack.boolean(at: index))
        case .number where stack.isInteger(at: index): return .int(stack.integer(at: index))
        case .number: return .double(stack.number(at: index))
        case .string: return .string(ScriptText.text(stack, at: index))
        case .table where !ClassTable.isClass(stack, at: index): return try table(index, path)
        default: return try live(index, path)
        }
    }

    private func table(_ index: Int32, _ path: [String]) throws -> ConfigurationValue {
        guard path.count < Self.deepest else { throw problem(path, "tables nested too deeply") }
        if Self.isStream(path), let stream = try ScriptStream.stream(call, at: index) { return .native(stream) }
        if isFilter(path), try isCallable(index, "filter") { return .native(try ScriptFilter.filter(call, at: index)) }
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(12)
        let length = stack.rawLength(at: index)
        if length > 0 { return .array(try elements(index, length, path)) }
        var entries: [String: ConfigurationValue] = [:]
        stack.pushNil()
        while stack.next(index) {
            guard stack.type(at: -2) == .string else {
                throw problem(path, "key \(stack.describeKey(at: -2)) is no string")
            }
            let name = ScriptText.text(stack, at: -2)
            entries[name] = try read(stack.top, path + [name])
            stack.pop()
        }
        return .object(entries)
    }

    private func elements(_ index: Int32, _ length: Int, _ path: [String]) throws -> [ConfigurationValue] {
        var result: [ConfigurationValue] = []
        for position in 0..<length {
            stack.rawGet(index, position + 1)
            result.append(try read(stack.top, path + ["[\(position)]"]))
            stack.pop()
        }
        stack.pushNil()
        while stack.next(index) {
            guard stack.type(at: -2) == .number else {
                throw problem(path, "a list with the key \"\(stack.describeKey(at: -2))\"")
            }
            stack.pop()
        }
        return result
    }

    /// What no text could say: streams, objects, functions and classes.
    private func live(_ index: Int32, _ path: [String]) throws -> ConfigurationValue {
        if let stream = ScriptStreams.standard(stack, at: index) { return .native(stream) }
        if Self.isStream(path), let sink = try ScriptStreams.sink(call, at: index) { return .native(sink) }
        if path.last == "()" || path.last == "class" || Self.isMadeByFactory(path), let maker = try maker(index, path) {
            return maker
        }
        if isFilter(path), stack.type(at: index) == .function || stack.object(at: index) is any Filter {
            return .native(try ScriptFilter.filter(call, at: index))
        }
        if let object = stack.object(at: index) as? any CrossesThreads { return .native(object) }
        throw problem(path, "a \(stack.typeName(at: index)) cannot be here")
    }

    /// `handlers.x.stream`
    private static func isStream(_ path: [String]) -> Bool {
        path.count == 3 && path[0] == "handlers" && (path[2] == "stream" || path[2] == "strm")
    }

    /// The queue and the listener of a queue handler, which classes and functions may make.
    private static func isMadeByFactory(_ path: some BidirectionalCollection<String>) -> Bool {
        path.last == "queue" || path.last == "listener"
    }

    /// `loggers.x.filters[0]`
    private func isFilter(_ path: [String]) -> Bool {
        path.count >= 2 && path[path.count - 2] == "filters" && path.last?.first == "["
    }

    private func isCallable(_ index: Int32, _ method: String) throws -> Bool {
        try stack.get(index, method)
        defer { stack.pop() }
        return stack.type(at: -1) == .function
    }

    /// What makes a component; nil for an object where one would do as well.
    private func maker(_ index: Int32, _ path: [String]) throws -> ConfigurationValue? {
        let isClass = ClassTable.isClass(stack, at: index)
        guard stack.type(at: index) == .function || isClass else {
            if Self.isMadeByFactory(path) { return nil }
            throw problem(path, "expected a class or a function, got a \(stack.typeName(at: index))")
        }
        let isFormatter = isClass && LuaType.native(stack, classAt: index) === StandardFormatter.luaType
        let maker = ScriptMaker(LuaReference(stack, at: index), call, isFormatterClass: isFormatter)
        guard path.count == 3 || Self.isMadeByFactory(path.dropLast(path.last == "()" ? 1 : 0)) else {
            throw problem(path, "only formatters, filters, handlers, queues and listeners can be made")
        }
        if Self.isMadeByFactory(path) || path.count > 3 { return .native(maker) }
        switch path.first {
        case "formatters": return .native(maker.kind { try ScriptFormatter.formatter($0, at: $1) })
        case "filters": return .native(maker.kind { try ScriptFilter.filter($0, at: $1) })
        case "handlers": return .native(maker.handlerKind())
        default: return .native(maker)
        }
    }

    private func problem(_ path: [String], _ message: String) -> ConfigurationError {
        ConfigurationError([.init(path: ConfigurationPath.text(path), message: message)])
    }
}

enum ConfigurationPath {
    /// `handlers.mail["()"]`
    static func text(_ path: [String]) -> String {
        path.reduce("") { text, step in
            if step.hasPrefix("[") { return text + step }
            if step == "()" || step == "." { return text + "[\"\(step)\"]" }
            return text.isEmpty ? step : text + "." + step
        }
    }
}
