import NightjarConcurrency
import NightjarLua

/// A cell's value as another interpreter sees it: copies of its attributes, and functions that call its methods there.
extension ScriptCell {
    private enum Attribute {
        case value(Message)
        case method
    }

    /// Pushes one value: a copy of the attribute, or a function that calls the method.
    func pushAttribute(_ name: String, _ call: LuaCall) throws -> Int32 {
        let found = try run { stack -> Attribute in
            try stack.get(-1, name)
            if stack.type(at: -1) == .function { return .method }
            return .value(try MessageEncoder.encode(stack, at: stack.top, as: MessageRoot(name: name)))
        }
        switch found {
        case nil: return 0
        case .method: return try pushForwarder(name, call)
        case .value(let message):
            try MessageDecoder.push(message, to: call.stack)
            return 1
        }
    }

    func pushForwarder(_ name: String, _ call: LuaCall) throws -> Int32 {
        try call.results(call.state.function(name, raw: { try self.forward(name, $0) }))
    }

    /// Sets an attribute: argument 2 of the call is the key, argument 3 the value.
    func setAttribute(_ call: LuaCall) throws {
        let roots = [(Int32(2), MessageRoot(name: "key")), (Int32(3), MessageRoot(name: "value"))]
        let message = try MessageEncoder.encode(call.stack, roots.map { (index: $0.0, root: $0.1) })
        _ = try run { stack in
            try MessageDecoder.push(message, count: 2, to: stack)
            try stack.set(stack.top - 2)
        }
    }

    /// Calls a method with copies of the arguments from 2 on; gives copies of the results.
    private func forward(_ name: String, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack, count = call.count
        let values = (1..<max(count, 1)).map { (index: $0 + 1, root: MessageRoot.argument(Int($0))) }
        let message = try MessageEncoder.encode(stack, values)
        let answer = try run { stack -> (Message, Int) in
            try stack.get(-1, name)
            stack.insert(at: -2)
            let base = stack.top - 2
            try stack.reserve(count + 4)
            try MessageDecoder.push(message, count: values.count, to: stack)
            try stack.call(arguments: Int32(values.count) + 1, results: -1)
            let results = (base + 1..<stack.top + 1).map { (index: $0, root: MessageRoot.result) }
            return (try MessageEncoder.encode(stack, results), results.count)
        }
        guard let (message, results) = answer else {
            throw LuaException(.runtimeError, "'\(name)' was called from within the object that it belongs to")
        }
        try MessageDecoder.push(message, count: results, to: stack)
        return Int32(results)
    }
}
