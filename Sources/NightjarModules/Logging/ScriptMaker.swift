import NightjarLogging
import NightjarLua

/// Calls the class or function that a configuration has for `()`, with the other keys as named arguments.
// Sendable because components must be, although it holds the script's interpreter: a system calls its makers only while it
// applies the configuration they are in, which is within the script's call and on its thread.
final class ScriptMaker: @unchecked Sendable {
    private let callable: LuaReference
    private let call: LuaCall

    /// Whether it is a subclass of `logging.Formatter`, whose constructor has another name for `format`.
    private let isFormatterClass: Bool

    init(_ callable: LuaReference, _ call: LuaCall, isFormatterClass: Bool = false) {
        self.callable = callable
        self.call = call
        self.isFormatterClass = isFormatterClass
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

    /// What it makes, if that is an object of ours.
    func object(_ arguments: [String: ConfigurationValue]) throws -> AnyObject? {
        try make(ComponentArguments(arguments)) { call, index in
            let object = call.stack.object(at: index)
            // Nobody may have the instance when it is started.
            try (object as? QueueListener)?.adopt(call.stack, instanceAt: index)
            return object
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
        for (name, value) in arguments.values where name != "." {
            try push(value, call)
            stack.rawSet(-2, isFormatterClass && name == "format" ? "fmt" : name)
        }
        do { try stack.call(arguments: 1, results: 1) } catch { throw ScriptProblem(error) }
        let made = stack.top
        if case .object(let attributes)? = arguments["."] {
            for (name, value) in attributes {
                try push(value, call)
                try stack.set(made, name)
            }
        }
        return try read(call, made)
    }

    private func push(_ value: ConfigurationValue, _ call: LuaCall) throws { try ScriptMaker.push(value, call) }

    /// Pushes a value of a configuration as the script would have written it.
    static func push(_ value: ConfigurationValue, _ call: LuaCall) throws {
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
            } else if let sink = object as? any Sink {
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
