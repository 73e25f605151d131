import NightjarLogging
import NightjarLua

/// A logging call in a program that has a record factory or a logger class of its own: the record is made and handled by the
/// script's methods, in Python's order (`makeRecord`, then `handle`).
extension LogCall {
    /// - Returns: false, and nothing done, where neither is concerned.
    func runCustomized(_ system: LoggingSystem, isWanted: Bool = false) throws -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(24)
        // Argument 1 is the logger, except in the module's own functions.
        let script = ScriptLogger(stack, logger)
        if !isWanted, let script {
            if try !script.isEnabled(level, system) { return true }
            if try script.overrides("_log") {
                try script.call("_log", results: 0) { try pushLogArguments() }
                return true
            }
        }
        let makesRecord = try script?.overrides("makeRecord") ?? false
        let handles = try script?.overrides("handle") ?? false
        let others = ["isEnabledFor", "getEffectiveLevel", "findCaller", "filter", "callHandlers"]
        let hasFactory = try LogCustomization.pushRecordFactory(stack)
        guard try isWanted || makesRecord || handles || hasFactory || script?.overridesAny(others) ?? false else {
            return false
        }
        // As without any of these: what cannot be formatted is reported, and the script goes on.
        do throws(LuaError) { _ = try text() } catch {
            try report(error)
            return true
        }
        if makesRecord, let script {
            try stack.get(script.instance, "makeRecord")
            stack.pushCopy(of: script.instance)
            try pushRecordArguments(script)
            pushExtra()
            try stack.call(arguments: 11, results: 1)
        } else if hasFactory {
            try pushRecordArguments(script)
            try stack.call(arguments: 9, results: 1)
        } else {
            try RecordObject(record(script)).push(to: stack)
        }
        guard let made = stack.object(at: -1) as? RecordObject else {
            throw LuaException(
                .typeError, "a record factory must return a LogRecord, got \(stack.typeName(at: -1))")
        }
        if !makesRecord, let options {
            made.update { record in options.fields.forEach { record.fields[$0.name] = $0.value } }
        }
        try CustomizedCall.settleMessage(made, stack)
        if hasFactory { try CustomizedCall.noteOrigin(made, stack) }
        guard let script else {
            logger.handle(made.record)
            return true
        }
        let object = stack.top
        if handles {
            try script.call("handle", results: 0) { stack.pushCopy(of: object) }
        } else {
            try script.handle(object, system.reporter)
        }
        return true
    }

    /// Everything there is of the call, its place by the script's `findCaller` where there is one.
    private func complete(_ content: inout RecordContent, _ script: ScriptLogger?) throws {
        complete(&content, .everything)
        guard let script, try script.overrides("findCaller") else { return }
        try script.findCaller(
            &content, level: options?.stackLevel ?? 1, wantsStack: options?.stackInfo != nil)
    }

    /// The record as it is made without any customization.
    private func record(_ script: ScriptLogger?) throws -> LogRecord {
        var content = RecordContent(message: try text())
        try complete(&content, script)
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

    /// Pushes level, message, arguments and the table of fields, with what Python has as keyword arguments in it.
    private func pushLogArguments() throws {
        stack.push(level.rawValue)
        stack.pushCopy(of: message)
        pushUsed()
        if let options {
            stack.pushCopy(of: options.index)
        } else if isException {
            stack.newTable()
        } else {
            stack.pushNil()
        }
        guard isException else { return }
        if options != nil {
            stack.newTable()
            stack.copyPairs(from: stack.top - 1, to: stack.top)
            stack.remove(at: -2)
        }
        if stack.rawGet(stack.top, "exc_info") == .nil {
            stack.push(true)
            stack.rawSet(stack.top - 2, "exc_info")
        }
        stack.pop()
    }

    /// Pushes the arguments that the message uses up, in a table.
    private func pushUsed() {
        stack.newTable(array: Int(used))
        for position in 0..<used {
            stack.pushCopy(of: message + position + 1)
            stack.rawSet(-2, Int(position) + 1)
        }
    }

    /// Pushes name, level, pathname, line, message, arguments, error, function, call stack; the last two in the order of the factory,
    /// which is `makeRecord`'s but for `extra` between them.
    private func pushRecordArguments(_ script: ScriptLogger?) throws {
        var content = RecordContent(message: "")
        try complete(&content, script)
        stack.push(logger.name)
        stack.push(level.rawValue)
        stack.push(content.pathname)
        stack.push(content.lineno)
        stack.pushCopy(of: message)
        if used > 0 {
            pushUsed()
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
        try noteOrigin(made, stack)
        return true
    }

    /// Notes on the record, the value on top, that a class of a script's has made it: handlers in other interpreters are given such an
    /// instance, too.
    static func noteOrigin(_ made: RecordObject, _ stack: LuaStack) throws {
        let version = LogCustomization.of(LuaState.of(stack)).recordFactory.version, top = stack.top
        defer { stack.setTop(top) }
        guard try LogCustomization.pushRecordFactory(stack), ClassTable.isClass(stack, at: -1) else { return }
        made.update { $0.origin = RecordOrigin(version: version) }
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
