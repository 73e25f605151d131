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

    /// Pushes one value: what there is under argument 2 of the call.
    func pushItem(_ call: LuaCall) throws -> Int32 {
        if call.stack.type(at: 2) == .string { return try pushAttribute(call.stack.string(at: 2), call) }
        let key = try MessageEncoder.encode(call.stack, at: 2, as: MessageRoot(name: "key"))
        let found = try run { stack -> Message in
            try MessageDecoder.push(key, to: stack)
            try stack.get(stack.top - 1)
            return try MessageEncoder.encode(stack, at: stack.top, as: MessageRoot(name: "value"))
        }
        guard let found else { return 0 }
        try MessageDecoder.push(found, to: call.stack)
        return 1
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

    /// Calls a method, or a function that is an attribute, with copies of the arguments; gives copies of the results.
    private func forward(_ name: String, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack, isMethod = Self.isOrigin(stack, at: 1), first: Int32 = isMethod ? 2 : 1
        let values = (first..<max(Int32(call.count) + 1, first)).map {
            (index: $0, root: MessageRoot.argument(Int($0 - first) + 1))
        }
        let message = try MessageEncoder.encode(stack, values)
        let answer = try run { stack -> (Message, Int) in
            let base = stack.top - 1
            try stack.get(-1, name)
            if isMethod { stack.insert(at: -2) } else { stack.remove(at: -2) }
            try stack.reserve(Int32(values.count) + 4)
            try MessageDecoder.push(message, count: values.count, to: stack)
            try stack.call(arguments: stack.top - base - 1, results: -1)
            let results = (base + 1..<stack.top + 1).map { (index: $0, root: MessageRoot.result) }
            return (try MessageEncoder.encode(stack, results), results.count)
        }
        guard let (message, results) = answer else {
            throw LuaException(.runtimeError, "'\(name)' was called from within the object that it belongs to")
        }
        try MessageDecoder.push(message, count: results, to: stack)
        return Int32(results)
    }

    /// Whether the value at `index` stands for one in a cell: a call with it is one of a method.
    private static func isOrigin(_ stack: LuaStack, at index: Int32) -> Bool {
        if let object = stack.object(at: index) { return object is any WorksInCell || object is ScriptStream }
        return MovedTable.object(stack, at: index) != nil
    }
}
