import NightjarLogging
import NightjarLua

/// `logging.BufferingFormatter`: the text of several records, with a header and a footer that subclasses give.
///
/// Used by scripts in their own interpreter; nothing of ours formats several records at once.
final class BufferingFormatter: LuaObject, Sendable {
    static let luaType = LuaType(
        "BufferingFormatter", for: BufferingFormatter.self, module: "logging",
        doc: "The text of several records, with a header and a footer."
    ) { type in
        type.subclassable { _ in BufferingFormatter() }
        type.method(
            "init", LuaSignature("linefmt"),
            raw: { _, call in
                let stack = call.stack
                if stack.isNilOrNone(at: 2) {
                    try StandardFormatter.messageOnly.push(to: stack)
                } else {
                    stack.pushCopy(of: 2)
                }
                try stack.set(1, "linefmt")
                return 0
            })
        type.method("formatHeader", doc: "What goes before the records.") { (_: BufferingFormatter) in "" }
        type.method("formatFooter", doc: "What goes after the records.") { (_: BufferingFormatter) in "" }
        type.method("format", doc: "The text of an array of records.") { _, call in try format(call) }
    }

    private static func format(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 2) == .table else {
            throw call.badArgument(2, "table of records expected, got \(stack.typeName(at: 2))")
        }
        let count = stack.rawLength(at: 2)
        guard count > 0 else { return try call.results("") }
        try stack.reserve(12)
        var text = try part("formatHeader", of: 1, argument: 2, stack)
        try stack.get(1, "linefmt")
        if stack.type(at: -1) == .nil {
            // A subclass that did not call `super.init`.
            stack.pop()
            try StandardFormatter.messageOnly.push(to: stack)
        }
        let line = stack.top
        for position in 1...count {
            stack.rawGet(2, position)
            text += try part("format", of: line, argument: stack.top, stack)
            stack.pop()
        }
        text += try part("formatFooter", of: 1, argument: 2, stack)
        return try call.results(LuaBytes(text))
    }

    /// The text that a method gives.
    private static func part(
        _ name: String, of object: Int32, argument: Int32, _ stack: LuaStack
    ) throws -> [UInt8] {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.get(object, name)
        stack.pushCopy(of: object)
        stack.pushCopy(of: argument)
        try stack.call(arguments: 2, results: 1)
        guard stack.type(at: -1) == .string else {
            throw LuaException(.typeError, "\(name) must return a string, got \(stack.typeName(at: -1))")
        }
        return Array(stack.bytes(at: -1))
    }
}
