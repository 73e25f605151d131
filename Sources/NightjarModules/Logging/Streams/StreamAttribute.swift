import NightjarLogging
import NightjarLua

extension LuaCall {
    /// What a stream argument stands for: nil is standard error, as in Python.
    func stream(_ index: Int32) throws -> any Sink {
        if stack.isNilOrNone(at: index) { return logging.standardError }
        if let sink = try ScriptStreams.sink(self, at: index) { return sink }
        throw badArgument(
            index,
            "a file such as io.stdout, or an object with a method 'write' expected, got \(stack.typeName(at: index))"
        )
    }
}

/// What scripts write to, as a sink, and back.
enum ScriptStreams {
    /// The sink for the value at `index`; nil if it is nothing to write to.
    static func sink(_ call: LuaCall, at index: Int32) throws -> (any Sink)? {
        let stack = call.stack
        if let stream = standard(stack, at: index) {
            return stream == .output ? call.logging.standardOutput : call.logging.standardError
        }
        if let stream = stack.object(at: index) as? HandlerStream { return stream.sink }
        if let file = LuaFile(stack, at: index) { return ScriptFileSink(file) }
        return try ScriptStream.stream(call, at: index)
    }

    /// `io.stdout` and `io.stderr`, and what else stands for C's streams of these names.
    static func standard(_ stack: LuaStack, at index: Int32) -> StandardStream? {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard stack.type(at: index) == .userdata, Baseline.push("io", stack), stack.type(at: -1) == .table else {
            return nil
        }
        let io = stack.top
        stack.rawGet(io, "stdout")
        if stack.rawEqual(-1, index) { return .output }
        stack.rawGet(io, "stderr")
        if stack.rawEqual(-1, index) { return .error }
        switch StandardStreams.number(stack, at: index) {
        case 1: return .output
        case 2: return .error
        default: return nil
        }
    }

    /// Pushes one value: the script's own file or object where it has one for the sink.
    static func push(_ sink: any Sink, _ call: LuaCall) throws -> Int32 {
        let system = call.logging
        let name: StaticString
        if sink === system.standardOutput {
            name = "stdout"
        } else if sink === system.standardError {
            name = "stderr"
        } else if let sink = sink as? ScriptFileSink, sink.file.push(to: call.stack) {
            return 1
        } else if let stream = sink as? ScriptStream {
            return try stream.pushOrigin(to: call.stack) ? 1 : call.results(stream)
        } else {
            return try call.results(HandlerStream(sink))
        }
        guard Baseline.push("io", call.stack) else { return 1 }
        call.stack.rawGet(-1, name)
        call.stack.remove(at: -2)
        return 1
    }
}

/// `handler.stream` and `handler:setStream`.
enum StreamAttribute {
    static func add(_ type: inout LuaType.Builder<StreamHandler>) {
        type.method(
            "setStream", doc: "Goes on with another stream; gives the one before, or nil if it is the same.",
            unbound: { call in
                guard let before = try set(call) else { return try call.results(nil as String?) }
                return try ScriptStreams.push(before, call)
            })
        type.property(
            "stream", doc: "What is written to; nil for a file that is not open.", unboundGet: get,
            unboundSet: { call in _ = try set(call) })
    }

    @Sendable private static func get(_ call: LuaCall) throws -> Int32 {
        if let handler = try? call.handlerSelf(as: StreamHandler.self) {
            return try ScriptStreams.push(handler.stream, call)
        }
        guard let file = try? call.fileSelf(), file.isOpen else { return try call.results(nil as String?) }
        return try call.results(HandlerStream(file))
    }

    private static func set(_ call: LuaCall) throws -> (any Sink)? {
        if let file = try? call.fileSelf() {
            // As Python's handlers do it before they move the file away; the next record opens it again.
            if call.stack.isNilOrNone(at: 2) {
                try file.closeStream()
                return nil
            }
            throw LuaException(.typeError, "the stream of a handler with a file cannot be set: make another handler")
        }
        let handler = try call.handlerSelf(as: StreamHandler.self), stack = call.stack
        // The same file is the same stream, whatever stands for it.
        if let current = handler.stream as? ScriptFileSink, current.file.push(to: stack) {
            defer { stack.pop() }
            if stack.rawEqual(-1, 2) { return nil }
        }
        return try handler.setStream(call.stream(2))
    }
}
