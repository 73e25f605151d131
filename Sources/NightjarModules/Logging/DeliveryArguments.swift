import NightjarLogging
import NightjarLua

/// The arguments that all handler classes have for how their records are handed on.
enum DeliveryArguments {
    static let names = ["async", "retry", "fallback"]

    /// The parameters of a handler class, and those that all have, which go by name alone.
    static func added(to own: LuaSignature) -> LuaSignature {
        var names = own.parameters
        names.insert("*", at: own.keywordOnlyFrom)
        return LuaSignature(
            (names + Self.names).joined(separator: ", "), aliases: own.aliases, dataMethod: own.dataMethod)
    }

    /// Gives the handler of a constructor call the queue that was asked for.
    /// - Parameter standard: what handlers of the class do unless told otherwise.
    static func apply(_ call: LuaCall, to handler: any Handler, standard: DeliveryOptions? = nil) throws {
        let stack = call.stack
        guard let async = call.index(of: "async"), let retry = call.index(of: "retry"),
            let fallback = call.index(of: "fallback")
        else { return }
        let given = [async, retry, fallback].contains { !stack.isNilOrNone(at: $0) }
        guard given || standard != nil else { return }
        let reading = DeliveryReading(
            async: try ConfigurationReading.value(call, at: async),
            retry: try ConfigurationReading.value(call, at: retry),
            hasFallback: !stack.isNilOrNone(at: fallback), standard: standard, levels: call.logging.levelNames)
        guard reading.problems.isEmpty else {
            let problems = reading.problems.map(\.description).joined(separator: "; ")
            throw LuaException(.valueError, "\(call.name)(): \(problems)")
        }
        guard let options = reading.options else { return }
        try handler.setDelivery(options, fallback: self.fallback(call, at: fallback))
    }

    /// A handler, or the name of one.
    private static func fallback(_ call: LuaCall, at index: Int32) throws -> (any Handler)? {
        if call.stack.isNilOrNone(at: index) { return nil }
        guard call.stack.type(at: index) == .string else { return try call.handler(index) }
        let name = ScriptText.text(call.stack, at: index)
        guard let handler = call.logging.handler(named: name) else {
            throw LuaException(.valueError, "\(call.name)(): fallback: no handler named \"\(name)\"")
        }
        // By way of the script's object, because one of the script's classes goes to work only now.
        try ComponentList.pushOne(handler, to: call.stack)
        defer { call.stack.pop() }
        return try call.handler(call.stack.top)
    }
}
