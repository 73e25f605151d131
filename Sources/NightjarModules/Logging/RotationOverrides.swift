import NightjarLogging
import NightjarLua

/// The methods of a script's subclass in the course of a rotation, called as Python's handlers call them.
extension RotationMethods {
    private static let names = ["rotation_filename", "rotate", "getFilesToDelete", "computeRollover"]

    /// What the instance at 1 does in its own way. Good for as long as the call.
    static func steps(_ call: LuaCall) throws -> RotationSteps {
        let stack = call.stack
        var steps = RotationSteps()
        try stack.reserve(8)
        guard stack.object(at: 1) is ScriptHandler else { return steps }
        if try LogCustomization.overrides("rotation_filename", at: 1, stack) {
            steps.name = { usual in
                try ask("rotation_filename", stack, { stack.push(usual) }) {
                    guard stack.type(at: -1) == .string else { throw wrong("rotation_filename", "a string", stack) }
                    return ScriptText.text(stack, at: -1)
                }
            }
        }
        if try LogCustomization.overrides("rotate", at: 1, stack) {
            steps.move = { source, destination in
                try ask(
                    "rotate", stack,
                    {
                        stack.push(source)
                        stack.push(destination)
                    }, {})
            }
        }
        if try LogCustomization.overrides("getFilesToDelete", at: 1, stack) {
            steps.filesToDelete = { try ask("getFilesToDelete", stack, {}) { try paths(stack) } }
        }
        if try LogCustomization.overrides("computeRollover", at: 1, stack) {
            steps.nextRollover = { time in
                try ask("computeRollover", stack, { stack.push(time) }) {
                    guard stack.type(at: -1) == .number, let whole = Int(exactly: stack.number(at: -1).rounded(.down))
                    else { throw wrong("computeRollover", "a number of seconds", stack) }
                    return whole
                }
            }
        }
        return steps
    }

    /// Calls a method of the instance at 1; `read` finds the result on top.
    private static func ask<Result>(
        _ method: String, _ stack: LuaStack, _ push: () -> Void, _ read: () throws -> Result
    ) throws -> Result {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        try stack.get(1, method)
        stack.pushCopy(of: 1)
        push()
        try stack.call(arguments: stack.top - top - 1, results: 1)
        return try read()
    }

    private static func paths(_ stack: LuaStack) throws -> [String] {
        guard stack.type(at: -1) == .table else { throw wrong("getFilesToDelete", "a table of names", stack) }
        let list = stack.top
        return try (0..<stack.rawLength(at: list)).map { position in
            stack.rawGet(list, position + 1)
            defer { stack.pop() }
            guard stack.type(at: -1) == .string else { throw wrong("getFilesToDelete", "a table of names", stack) }
            return ScriptText.text(stack, at: -1)
        }
    }

    private static func wrong(_ method: String, _ expected: String, _ stack: LuaStack) -> LuaException {
        LuaException(.typeError, "\(method) must return \(expected), got \(stack.typeName(at: -1))")
    }

    /// Whether the instance at 1 has any part in rotations.
    private static func takesPart(_ call: LuaCall) throws -> Bool {
        try (["shouldRollover", "doRollover"] + names).contains {
            try LogCustomization.overrides($0, at: 1, call.stack)
        }
    }

    // MARK: Native methods

    /// `shouldRollover`: the record's text is as the instance's own `format` makes it.
    static func shouldRollover(_ call: LuaCall) throws -> Bool {
        let handler = try rotating(call), record = try call.record(2)
        guard call.stack.object(at: 1) is ScriptHandler, handler is RotatingFileHandler else {
            return try handler.shouldRollover(record)
        }
        var text = Array(try HandlerMethods.formatted(call).utf8)
        try handler.encode(&text)
        return handler.shouldRollover(adding: text)
    }

    /// `doRollover`. That of a handler that works in an interpreter of its own has its steps there.
    static func doRollover(_ call: LuaCall) throws {
        if let cell = (call.stack.object(at: 1) as? ScriptHandler)?.cell {
            let done: Void? = try cell.run { stack in
                try stack.get(-1, "doRollover")
                stack.insert(at: -2)
                try stack.call(arguments: 1, results: 0)
            }
            if done != nil { return }
        }
        try rotating(call).doRollover(steps(call))
    }

    // MARK: Emitting

    /// Python's `BaseRotatingHandler.emit` for a subclass that has a part in rotations. What goes wrong with a rotation is reported, and the
    /// record is written all the same; the next rotation is not tried at once, because each may push older files out.
    /// - Returns: false, and nothing done, if it has no such part.
    static func emit(_ call: LuaCall, _ handler: any RotatingHandler, text: () throws -> [UInt8]) throws -> Bool {
        guard try takesPart(call) else { return false }
        if handler.mayRollover {
            do { try rollOver(call) } catch {
                let failure = try ScriptFailure.reportable(error)
                handler.noteFailedRollover()
                try HandlerMethods.report(failure, call)
            }
        }
        var text = try text()
        try handler.encode(&text)
        handler.endText(&text)
        try handler.core.lock.withLock { try handler.write(text) }
        return true
    }

    private static func rollOver(_ call: LuaCall) throws {
        let stack = call.stack
        let isDue = try ask("shouldRollover", stack, { stack.pushCopy(of: 2) }) { stack.boolean(at: -1) }
        if isDue { try ask("doRollover", stack, {}, {}) }
    }
}
