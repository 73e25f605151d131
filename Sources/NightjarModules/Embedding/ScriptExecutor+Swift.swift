public import NightjarConcurrency
public import NightjarLua

extension ScriptExecutor {
    /// An executor for the program itself, for which the end of scripts means nothing.
    public convenience init(_ environment: ScriptEnvironment, maxWorkers: Int, namePrefix: String) {
        self.init(environment)
        // A new executor takes its settings; they are refused only the second time.
        try? configure(Settings(maxWorkers: max(1, maxWorkers), namePrefix: namePrefix, isBackground: true))
    }

    /// Puts the call of a Lua function into the queue of the executor.
    ///
    /// The function crosses as it does between threads: code and upvalues by copy.
    /// ```swift
    /// let future = try executor.submit(function, of: lua, 6, 7)
    /// let product = try await future.values[0].integer
    /// ```
    /// - Parameter lua: the interpreter of the function, which belongs to the calling thread.
    /// - Throws: ``TransferError``, which names what cannot cross; `LuaError`; `ExecutorError`; ``LuaDataError``.
    public func submit(_ function: LuaFunction, of lua: LuaState, _ arguments: LuaData...) throws -> ScriptFuture {
        try submit(function, of: lua, arguments: arguments)
    }

    /// As ``submit(_:of:_:)``.
    public func submit(_ function: LuaFunction, of lua: LuaState, arguments: [LuaData]) throws -> ScriptFuture {
        let packed = try LuaData.pack(arguments)
        let stack = lua.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(24)
        try function.push(to: stack)
        try packed.push(to: stack)
        return try submit(PackedValues(stack, from: top + 1) { $0 == 0 ? .target : .argument($0) })
    }

    /// Puts a piece of Lua into the queue of the executor: it gets the arguments as `...`, and what it returns is the result.
    /// - Throws: `ExecutorError`; ``LuaDataError``. A syntax error is the future's.
    public func submit(source: String, name: String = "submitted", _ arguments: LuaData...) throws -> ScriptFuture {
        let packed = try LuaData.pack(arguments)
        return try pool.submit { state in try SourceJob(source: source, name: name, arguments: packed).run(state) }
    }

    /// Takes no more calls. Waits for nothing; the futures tell of their ends.
    /// - Parameter cancelPending: cancels what no worker has begun.
    public func close(cancelPending: Bool = false) { try? shutdown(cancelPending: cancelPending) }
}

/// A piece of Lua on a worker.
private struct SourceJob: Sendable {
    let source: String
    let name: String
    let arguments: PackedValues

    func run(_ state: LuaState) throws(CrossedError) -> PackedValues {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try state.load(source, name: name).push(to: stack)
            try arguments.push(to: stack)
            try stack.call(arguments: Int32(arguments.count), results: -1)
            return try PackedValues(stack, from: top + 1) { _ in .result }
        } catch {
            stack.setTop(top)
            throw ScriptJob.failure(error, state)
        }
    }
}

extension Future where Value == PackedValues {
    /// What the Lua function returned, for Swift's tasks: suspends until it is there.
    /// - Throws: the script's error as a `CrossedError`; `FutureError.cancelled`; ``LuaDataError`` if a result is no data;
    ///   `CancellationError` if the task was cancelled first.
    public var values: [LuaData] {
        get async throws { try LuaData.unpack(await value) }
    }

    /// Waits for what the Lua function returned.
    /// - Throws: as ``values``, and `FutureError.timeout` at the deadline.
    public func waitForValues(until deadline: Deadline? = nil) throws -> [LuaData] {
        try LuaData.unpack(result(until: deadline))
    }
}
