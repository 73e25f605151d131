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
        if path.last == "()" { return try maker(index, path) }
        if isFilter(path), stack.type(at: index) == .function || stack.object(at: index) is any Filter {
            return .native(try ScriptFilter.filter(call, at: index))
        }
        if let object = stack.object(at: index) as? any CrossesThreads { return .native(object) }
        throw problem(path, "a \(stack.typeName(at: index)) cannot be here")
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

    private func maker(_ index: Int32, _ path: [String]) throws -> ConfigurationValue {
        guard stack.type(at: index) == .function || ClassTable.isClass(stack, at: index) else {
            throw problem(path, "expected a class or a function, got a \(stack.typeName(at: index))")
        }
        let maker = ScriptMaker(LuaReference(stack, at: index), call)
        switch path.first {
        case "formatters": return .native(maker.kind { try ScriptFormatter.formatter($0, at: $1) })
        case "filters": return .native(maker.kind { try ScriptFilter.filter($0, at: $1) })
        case "handlers": return .native(maker.handlerKind())
        default: throw problem(path, "only formatters, filters and handlers can be made")
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

/// Calls the class or function that a configuration has for `()`, with the other keys as named arguments.
// Sendable because components must be, although it holds the script's interpreter: a system calls its makers only while it
// applies the configuration they are in, which is within the script's call and on its thread.
final class ScriptMaker: @unchecked Sendable {
    private let callable: LuaReference
    private let call: LuaCall

    init(_ callable: LuaReference, _ call: LuaCall) {
        self.callable = callable
        self.call = call
    }

    func kind<Product: Sendable>(
        _ read: @escaping @Sendable (LuaCall, Int32) throws -> Product?
    ) -> ComponentKind<Product> {
        ComponentKind(names: [], allowsOtherArguments: true) { [self] arguments, _ in
            try make(arguments) { call, index in
                guard let product = try read(call, index) else {
                    throw LuaException(.typeError, "the factory returned nil")
                }
                return product
            }
        }
    }

    func handlerKind() -> ComponentKind<PreparedHandler> {
        ComponentKind(names: [], allowsOtherArguments: true) { [self] arguments, _ in
            let handler = try make(arguments) { call, index in
                guard call.stack.object(at: index) is any Handler || call.stack.object(at: index) is NativeHandler
                else {
                    throw LuaException(
                        .typeError, "the factory must return a handler, got \(call.stack.typeName(at: index))")
                }
                return try call.handler(index)
            }
            // One that was made for nothing is closed again; if that fails too, the first error is the one to tell.
            return PreparedHandler(handler, rollBack: { try? handler.close() })
        }
    }

    private func make<Product>(
        _ arguments: ComponentArguments, _ read: (LuaCall, Int32) throws -> Product
    ) throws -> Product {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(12)
        guard callable.push(to: stack) else {
            throw LuaError(.closed, "the interpreter of the configuration was closed")
        }
        stack.newTable(record: arguments.values.count)
        for (name, value) in arguments.values {
            try push(value, call)
            stack.rawSet(-2, name)
        }
        do { try stack.call(arguments: 1, results: 1) } catch { throw ScriptProblem(error) }
        return try read(call, stack.top)
    }

    private func push(_ value: ConfigurationValue, _ call: LuaCall) throws {
        let stack = call.stack
        switch value {
        case .array(let elements):
            stack.newTable(array: elements.count)
            for (offset, element) in elements.enumerated() {
                try push(element, call)
                stack.rawSet(-2, offset + 1)
            }
        case .object(let entries):
            stack.newTable(record: entries.count)
            for (name, entry) in entries {
                try push(entry, call)
                stack.rawSet(-2, name)
            }
        case .native(let object):
            if let stream = object as? StandardStream {
                let sink = stream == .output ? call.logging.standardOutput : call.logging.standardError
                _ = try ScriptStreams.push(sink, call)
            } else {
                try ComponentList.pushOne(object as AnyObject, to: stack)
            }
        default: try value.logValue.push(to: stack)
        }
    }
}

/// An error of a factory, in the words that a configuration's problem has.
private struct ScriptProblem: Error, CustomStringConvertible {
    let description: String
    init(_ error: LuaError) { description = error.className.map { "\($0): \(error.message)" } ?? error.message }
}
