import NightjarLua

/// From the arguments of a thread to its run.
extension LuaThread {
    /// Marks the fields of an object whose target has been run, or is on its way to be.
    private static let spent = RegistryKey()

    @Sendable static func initialize(_ thread: LuaThread, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 2) == .nil else {
            throw LuaException(.assertionError, "group argument must be nil for now")
        }
        guard stack.type(at: 3) == .nil || stack.isCallable(at: 3) else {
            throw call.badArgument(3, "function expected, got \(stack.typeName(at: 3))")
        }
        for index: Int32 in [5, 6] where stack.type(at: index) != .nil && stack.type(at: index) != .table {
            throw call.badArgument(index, "table expected, got \(stack.typeName(at: index))")
        }
        let name = stack.type(at: 4) == .nil ? "" : try call.text(4)
        if let isDaemon: Bool = try call.argument(7) { thread.withSettings { $0.isDaemon = isDaemon } }
        if name.isEmpty { thread.giveName(target: targetName(3, stack)) } else { thread.name = name }
        if stack.type(at: 5) == .nil {
            // Python's default: subclasses unpack it.
            stack.newTable()
            stack.replace(at: 5)
        }
        ThreadFields.pushTable(of: 1, stack)
        for (index, field) in [
            (3, ThreadStart.targetField), (5, ThreadStart.argumentsField), (6, ThreadStart.keywordsField),
        ] {
            stack.pushCopy(of: Int32(index))
            stack.rawSet(-2, field)
        }
        return 0
    }

    /// The name that the caller has for the function at `index`, as Python puts a function's name into the thread's.
    static func targetName(_ index: Int32, _ stack: LuaStack) -> String? {
        guard stack.type(at: index) == .function else { return nil }
        if let name = stack.variableName(of: index) { return name }
        let top = stack.top
        defer { stack.setTop(top) }
        let index = stack.absolute(index)
        stack.pushGlobals()
        return Baseline.name(of: index, inTableOnTop: stack)
    }

    func start(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard phase == .initial else { throw LuaException(.runtimeError, "threads can only be started once") }
        let start = try ThreadStart(self, objectAt: 1, stack)
        let object = LuaReference(stack, at: 1)
        withSettings { $0.object = object }
        try launch(in: ScriptEnvironment.of(call.state), fields: ThreadFields.names(1, stack)) { state in
            start.run(state)
        }
        // What was to be run belongs to the thread from here on.
        if stack.pushUserValue(of: 1) == .table { LuaThread.takeTarget(stack.top, stack) }
        return 0
    }

    /// Removes what is to be run from the fields at `fields` and pushes it: target, arguments, keywords.
    private static func takeTarget(_ fields: Int32, _ stack: LuaStack) {
        for name in [ThreadStart.targetField, ThreadStart.argumentsField, ThreadStart.keywordsField] {
            stack.rawGet(fields, name)
            stack.pushNil()
            stack.rawSet(fields, name)
        }
        stack.push(true)
        stack.rawSet(fields, key: spent.pointer)
    }

    static func runTarget(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(1)
        guard stack.pushUserValue(of: 1) == .table else { return 0 }
        if stack.rawGet(2, key: spent.pointer) != .nil {
            throw LuaException(
                .attributeError,
                "'\(ObjectText.shortClassName(call))' object has no attribute '_target': it has been run")
        }
        stack.setTop(2)
        takeTarget(2, stack)
        guard stack.type(at: 3) != .nil else { return 0 }
        return try callTarget(call, function: 3, arguments: 4, keywords: 5)
    }

    /// Calls the function at `function` with the elements of a table and, where there is one, a table of keywords; its results
    /// are on top.
    static func callTarget(_ call: LuaCall, function: Int32, arguments: Int32, keywords: Int32) throws -> Int32 {
        let stack = call.stack, base = stack.top
        stack.pushCopy(of: function)
        var count = Int32(try ThreadStart.pushArguments(arguments, stack).count)
        if stack.type(at: keywords) == .table {
            stack.pushCopy(of: keywords)
            count += 1
        }
        try stack.call(arguments: count, results: -1)
        return stack.top - base
    }
}
