import NightjarConcurrency
import NightjarLogging
import NightjarLua

/// One enabled logging call of a script: from the arguments on Lua's stack to a record.
struct LogCall {
    let stack: LuaStack
    let logger: Logger
    let level: Level
    /// Where the message is; its arguments follow.
    let message: Int32
    private let last: Int32
    /// How many of the arguments the format uses up.
    private(set) var used: Int32 = 0
    private(set) var options: LogOptions?
    let isException: Bool

    /// Makes a record of what stands from `message` on, and hands it to the logger.
    /// - Parameter options: where the table with fields is, on top; nil is for finding it by what the format uses up.
    /// - Throws: what must end the script. A message that cannot be formatted is reported instead.
    static func write(
        _ logger: Logger, _ level: Level, _ call: LuaCall, message: Int32, options: Int32? = nil,
        isException: Bool = false
    ) throws {
        guard call.count >= message else { throw call.badArgument(message, "value expected") }
        if options == nil, !isException, ShortLogCall.write(logger, level, call.stack, message) { return }
        let log = try LogCall(call.stack, logger, level, message, options, isException)
        if LogCustomization.isUsed, try log.runCustomized(call.logging) { return }
        try log.run()
    }

    /// Makes a record of a call that the logger itself is not interested in, if a script's class of loggers is.
    static func writeDisabled(
        _ logger: Logger, _ level: Level, _ call: LuaCall, message: Int32, isException: Bool = false
    ) throws {
        guard let script = ScriptLogger(call.stack, logger),
            try script.overridesAny(["isEnabledFor", "getEffectiveLevel"])
        else { return }
        try write(logger, level, call, message: message, isException: isException)
    }

    /// Python's `_log`: makes a record whatever its level.
    /// - Parameter arguments: where the table of the message's arguments is; that of the fields follows it.
    static func writeEnabled(_ logger: Logger, _ level: Level, _ call: LuaCall, arguments: Int32?) throws {
        guard call.count >= 3 else { throw call.badArgument(3, "value expected") }
        let stack = call.stack, count = arguments.map { Int32(clamping: stack.rawLength(at: $0)) } ?? 0
        stack.setTop(5)
        try stack.reserve(count + 16)
        stack.pushCopy(of: 3)
        for position in 0..<count { stack.rawGet(4, Int(position) + 1) }
        let hasOptions = stack.type(at: 5) == .table
        if hasOptions { stack.pushCopy(of: 5) }
        let log = try LogCall(stack, logger, level, 6, hasOptions ? stack.top : nil, false)
        _ = try log.runCustomized(call.logging, isWanted: true)
    }

    init(
        _ stack: LuaStack, _ logger: Logger, _ level: Level, _ message: Int32, _ known: Int32?, _ isException: Bool
    ) throws {
        self.stack = stack
        self.logger = logger
        self.level = level
        self.message = message
        self.isException = isException
        last = stack.top
        guard last > message else { return }
        try stack.reserve(12)
        if stack.type(at: message) != .string {
            // One that has no text is reported when the text is made.
            guard let text = try ScriptValue.text(stack, at: message) else { return }
            stack.push(text)
            stack.replace(at: message)
        }
        used = min(ScriptMessage.conversions(stack.bytes(at: message)), (known.map { $0 - 1 } ?? last) - message)
        if let index = known ?? LogOptions.find(stack, message: message, used: used, last: last) {
            options = try LogOptions(stack, at: index)
        }
    }

    /// Whether there is anything to merge in: a table of fields alone leaves the text literal.
    private var isLiteral: Bool {
        used == 0 && (last == message || (last == message + 1 && stack.type(at: last) == .table))
    }

    private func run() throws {
        try logger.log(
            level,
            fill: { content, needs in
                do throws(LuaError) {
                    content.message = try text()
                    complete(&content, needs)
                    return true
                } catch {
                    try report(error)
                    return false
                }
            }, details: { complete(&$0, .everything) })
    }

    /// Tells that the message has no text.
    /// - Throws: what must end the script.
    func report(_ error: LuaError) throws(LuaError) {
        if error.kind == .interrupted || error.kind == .memory { throw error }
        var content = RecordContent(message: template)
        complete(&content, .everything)
        logger.report(ScriptFailure(error: error), level, content)
    }

    func text() throws(LuaError) -> String {
        if isLiteral || stack.type(at: message) != .string { return try literal() }
        return try ScriptMessage.text(stack, format: message, first: message + 1, count: used)
    }

    private func literal() throws(LuaError) -> String {
        if stack.type(at: message) == .string { return ScriptText.text(stack, at: message) }
        try stack.reserve(4)
        try stack.pushToString(message)
        defer { stack.pop() }
        return ScriptText.text(stack, at: -1)
    }

    private var template: String {
        stack.type(at: message) == .string ? ScriptText.text(stack, at: message) : stack.typeName(at: message)
    }

    func complete(_ content: inout RecordContent, _ needs: RecordNeeds) {
        if let options {
            content.fields = options.fields
            content.excText = options.excText
            content.stackInfo = options.stackInfo
            content.payload = options.error
        }
        if isException, content.excText == nil, options?.deniesError != true { content.excText = ErrorValueText.none }
        if needs.contains(.callSite) { CallSites.of(stack).add(to: &content, stack, level: options?.stackLevel ?? 1) }
        if needs.contains(.arguments), used > 0 {
            content.template = template
            content.arguments = (message + 1...message + used).map { index in
                // One whose text cannot be had is why there is a report at all.
                (try? ScriptValue.read(stack, at: index)) ?? .string("<\(stack.typeName(at: index))>")
            }
        }
    }
}

/// The table after the arguments: fields, and the words that Python has as keyword arguments.
struct LogOptions {
    var fields = LogFields()
    var excText: String?
    /// Whether `exc_info` is false, which has `exception` show none.
    var deniesError = false
    /// What `exc_info` held, for handlers and formatters of scripts.
    var error: ErrorPayload?
    var stackInfo: String?
    var stackLevel: Int32 = 1
    /// Where the table is.
    let index: Int32

    /// Where the table is: right after the arguments that the format uses, or after surplus ones; nil where there is none.
    static func find(_ stack: LuaStack, message: Int32, used: Int32, last: Int32) -> Int32? {
        let next = message + used + 1
        guard next <= last else { return nil }
        if stack.type(at: next) == .table { return next }
        return stack.type(at: last) == .table ? last : nil
    }

    init(_ stack: LuaStack, at index: Int32) throws {
        self.index = index
        fields = try ScriptValue.fields(stack, at: index, except: ["extra", "exc_info", "stack_info", "stacklevel"])
        let top = stack.top
        defer { stack.setTop(top) }
        if stack.rawGet(index, "extra") == .table {
            for field in try ScriptValue.fields(stack, at: -1) { fields[field.name] = field.value }
        }
        if stack.rawGet(index, "exc_info") != .nil {
            excText = try ErrorValueText.text(stack, at: -1)
            error = ErrorPayload(stack, at: -1)
            deniesError = excText == nil
        }
        if stack.rawGet(index, "stacklevel") == .number, let level = stack.exactInteger(at: -1), level > 1 {
            stackLevel = Int32(clamping: level)
        }
        stack.rawGet(index, "stack_info")
        if stack.boolean(at: -1) { stackInfo = CallStackText.text(stack, level: stackLevel) }
    }
}

/// The error value of a record, as it crosses to the interpreters of handlers and formatters.
struct ErrorPayload: Sendable {
    let message: Message

    /// Nil for booleans, which stand for no error, and for what cannot cross.
    init?(_ stack: LuaStack, at index: Int32) {
        guard stack.type(at: index) != .boolean, stack.type(at: index) != .nil,
            let message = try? MessageEncoder.encode(
                stack, at: stack.absolute(index), as: MessageRoot(name: "exc_info"))
        else { return nil }
        self.message = message
    }
}

/// What a record shows of an error value.
enum ErrorValueText {
    /// Lua has no current exception that could be found.
    static let none = "NoneType: None"

    /// The traceback, if the error has one, and `Class: message`; nil for `false`.
    static func text(_ stack: LuaStack, at index: Int32) throws(LuaError) -> String? {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        if stack.type(at: index) == .boolean { return stack.boolean(at: index) ? none : nil }
        let message = try ScriptValue.text(stack, at: index) ?? "<\(stack.typeName(at: index))>"
        guard stack.type(at: index) == .table, ClassTable.pushClass(of: index, stack) else { return message }
        let name = ClassTable.qualifiedName(stack, at: -1)
        let last = message.isEmpty ? name : "\(name): \(message)"
        guard stack.rawGet(index, "traceback") == .string else { return last }
        let traceback = ScriptText.text(stack, at: -1)
        return traceback.isEmpty ? last : traceback + "\n" + last
    }
}

/// The call stack of a script in the order of Python's `stack_info`: the innermost function last.
enum CallStackText {
    static func text(_ stack: LuaStack, level: Int32) -> String {
        stack.frames(level: level).reversed().reduce("Stack (most recent call last):") { $0 + "\n\t" + $1.description }
    }
}

/// Finds call sites; keeps the names of chunks as the strings that records want.
final class CallSites {
    private var lastName: [UInt8] = []
    private var lastPath = ""

    static func of(_ stack: LuaStack) -> CallSites { LuaState.of(stack).attachment { CallSites() } }

    func add(to content: inout RecordContent, _ stack: LuaStack, level: Int32) {
        guard let site = stack.callSite(level: level) ?? Self.outermost(stack, within: level) else {
            content.pathname = "(unknown file)"
            content.funcName = "(unknown function)"
            return
        }
        content.lineno = site.line
        content.pathname = path(site.chunkName)
        content.funcName = site.isMainChunk ? "<module>" : site.functionName.map { String(cString: $0) } ?? "?"
    }

    /// The function furthest out, as in Python, where there are fewer than `level`.
    private static func outermost(_ stack: LuaStack, within level: Int32) -> LuaCallSite? {
        var inside: Int32 = 1, outside = level
        while inside + 1 < outside {
            let middle = inside + (outside - inside) / 2
            if stack.callSite(level: middle) == nil { outside = middle } else { inside = middle }
        }
        return stack.callSite(level: inside)
    }

    private func path(_ name: UnsafeRawBufferPointer) -> String {
        if lastName.elementsEqual(name) { return lastPath }
        lastName = Array(name)
        let isLiteral = name.first == UInt8(ascii: "@") || name.first == UInt8(ascii: "=")
        lastPath = isLiteral ? ScriptText.text(UnsafeRawBufferPointer(rebasing: name.dropFirst())) : "<string>"
        return lastPath
    }
}
