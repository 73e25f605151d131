import NightjarLogging
import NightjarLua

/// A logging call in a program that has a record factory or a logger class of its own: the record is made and handled by the
/// script's methods, in Python's order (`makeRecord`, then `handle`).
extension LogCall {
    /// - Returns: false, and nothing done, where neither is concerned.
    func runCustomized() throws -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(24)
        // Argument 1 is the logger, except in the module's own functions and in adapters.
        let instance: Int32? = stack.object(at: 1) === logger ? 1 : nil
        let makesRecord = try instance.map { try LogCustomization.overrides("makeRecord", at: $0, stack) } ?? false
        let handles = try instance.map { try LogCustomization.overrides("handle", at: $0, stack) } ?? false
        let hasFactory = try LogCustomization.pushRecordFactory(stack)
        guard makesRecord || handles || hasFactory else { return false }
        // As without any of these: what cannot be formatted is reported, and the script goes on.
        do throws(LuaError) { _ = try text() } catch {
            try report(error)
            return true
        }
        if makesRecord, let instance {
            try stack.get(instance, "makeRecord")
            stack.pushCopy(of: instance)
            try pushRecordArguments()
            pushExtra()
            try stack.call(arguments: 11, results: 1)
        } else if hasFactory {
            try pushRecordArguments()
            try stack.call(arguments: 9, results: 1)
        } else {
            try RecordObject(record()).push(to: stack)
        }
        guard let made = stack.object(at: -1) as? RecordObject else {
            throw LuaException(
                .typeError, "a record factory must return a LogRecord, got \(stack.typeName(at: -1))")
        }
        if !makesRecord, let options {
            made.update { record in options.fields.forEach { record.fields[$0.name] = $0.value } }
        }
        try CustomizedCall.settleMessage(made, stack)
        guard handles, let instance else {
            logger.handle(made.record)
            return true
        }
        try stack.get(instance, "handle")
        stack.pushCopy(of: instance)
        stack.pushCopy(of: -3)
        try stack.call(arguments: 2, results: 0)
        return true
    }

    /// The record as it is made without any customization.
    private func record() throws -> LogRecord {
        var content = RecordContent(message: try text())
        complete(&content, .everything)
        var record = logger.makeRecord(
            level, content.message, content.fields, pathname: content.pathname, lineno: content.lineno,
            funcName: content.funcName)
        if let template = content.template { record.template = template }
        record.arguments = content.arguments
        record.excText = content.excText
        record.payload = content.payload
        record.stackInfo = content.stackInfo
        return record
    }

    /// Pushes name, level, pathname, line, message, arguments, error, function, call stack; the last two in the order of the factory,
    /// which is `makeRecord`'s but for `extra` between them.
    private func pushRecordArguments() throws {
        var content = RecordContent(message: "")
        complete(&content, .callSite)
        stack.push(logger.name)
        stack.push(level.rawValue)
        stack.push(content.pathname)
        stack.push(content.lineno)
        stack.pushCopy(of: message)
        if used > 0 {
            stack.newTable(array: Int(used))
            for position in 1...used {
                stack.pushCopy(of: message + position)
                stack.rawSet(-2, Int(position))
            }
        } else {
            stack.pushNil()
        }
        if let options { stack.rawGet(options.index, "exc_info") } else { stack.pushNil() }
        if isException, stack.type(at: -1) == .nil {
            stack.pop()
            stack.push(true)
        }
        stack.push(content.funcName)
        try content.stackInfo.push(to: stack)
    }

    /// Puts `extra` before the call stack on top.
    private func pushExtra() {
        if let options, !options.fields.isEmpty {
            if (try? options.fields.push(to: stack)) == nil { stack.pushNil() }
        } else {
            stack.pushNil()
        }
        stack.insert(at: -2)
    }
}

enum CustomizedCall {
    /// `makeRecord` of ours in a program with a record factory; false, and nothing pushed, without one.
    static func pushByFactory(_ call: LuaCall) throws -> Bool {
        let stack = call.stack
        try stack.reserve(16)
        guard try LogCustomization.pushRecordFactory(stack) else { return false }
        // name, level, fn, lno, msg, args, exc_info, func, sinfo
        for index in [2, 3, 4, 5, 6, 7, 8, 9, 11] { stack.pushCopy(of: Int32(index)) }
        try stack.call(arguments: 9, results: 1)
        guard let made = stack.object(at: -1) as? RecordObject else {
            throw LuaException(
                .typeError, "a record factory must return a LogRecord, got \(stack.typeName(at: -1))")
        }
        if stack.type(at: 10) == .table {
            let extra = try ScriptValue.fields(stack, at: 10)
            made.update { record in extra.forEach { record.fields[$0.name] = $0.value } }
        }
        return true
    }

    /// Lets a script's own `getMessage` say what the record at the top reads: formatters of ours show `message`.
    static func settleMessage(_ made: RecordObject, _ stack: LuaStack) throws {
        guard try LogCustomization.overrides("getMessage", at: stack.top, stack) else { return }
        try stack.get(-1, "getMessage")
        stack.pushCopy(of: -2)
        try stack.call(arguments: 1, results: 1)
        let message = ScriptText.text(stack, at: -1)
        made.update { $0.message = message }
        stack.pop()
    }
}
