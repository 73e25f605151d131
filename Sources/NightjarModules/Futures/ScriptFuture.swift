public import NightjarConcurrency
public import NightjarLua

/// The future of what a script's function returns.
public typealias ScriptFuture = Future<PackedValues>

private let futureType = LuaType(
    "Future", for: ScriptFuture.self, module: "futures", doc: "The result of work that is done elsewhere."
) {
    $0.constructor(LuaSignature("")) { _ in ScriptFuture() }
    $0.fields()
    $0.storage()
    $0.method(
        "result", LuaSignature("timeout"), doc: "Waits, then gives what the function returned, or raises its error."
    ) {
        try $0.result($1)
    }
    $0.method("exception", LuaSignature("timeout"), doc: "Waits, then gives the error, or nil.") {
        try $0.exception($1)
    }
    $0.method("done", doc: "Whether it is finished or cancelled.") { (future: ScriptFuture) in future.isDone }
    $0.method("running", doc: "Whether the work is being done.") { (future: ScriptFuture) in future.isRunning }
    $0.method("cancelled", doc: "Whether it was cancelled.") { (future: ScriptFuture) in future.isCancelled }
    $0.method("cancel", doc: "Cancels work that has not begun; whether it is cancelled.") { future, call in
        try call.results(EndingInterpreter.with(call.state) { future.cancel() })
    }
    $0.method("add_done_callback", doc: "Calls fn(future) when it is done; at once if it is.") { future, call in
        try future.addCallback(call)
    }
    $0.method("set_result", doc: "For those who do the work: what it gave.") { future, call in
        try future.setResult(call)
    }
    $0.method("set_exception", doc: "For those who do the work: how it failed.") { future, call in
        try future.setException(call)
    }
    $0.method("set_running_or_notify_cancel", doc: "For those who do the work, before they begin: whether to do it.") {
        future, call in
        try future.setRunning(call)
    }
    $0.metamethod("__tostring") { future, call in try call.results(future.describe(call.stack)) }
}

extension Future: LuaPushable, LuaReadable, LuaObject, CrossesThreads where Value == PackedValues {
    public static var luaType: LuaType { futureType }

    // MARK: What came out

    fileprivate func result(_ call: LuaCall) throws -> Int32 {
        let outcome = try awaited(call)
        switch outcome {
        case .success(let values): return try FutureMemory.push(values, call)
        case .failure(let error):
            if isCancelled { throw FutureError.cancelled }
            try FutureMemory.push(error, call)
            throw LuaError.raising(call.stack, at: -1)
        }
    }

    fileprivate func exception(_ call: LuaCall) throws -> Int32 {
        guard case .failure(let error) = try awaited(call) else {
            call.stack.pushNil()
            return 1
        }
        if isCancelled { throw FutureError.cancelled }
        try FutureMemory.push(error, call)
        if call.stack.type(at: -1) == .nil {
            // `error(nil)` is an error too.
            call.stack.push(error: LuaException(.runtimeError, "(error object is a nil value)"))
        }
        return 1
    }

    private func awaited(_ call: LuaCall) throws -> Result<PackedValues, any Error> {
        if let outcome { return outcome }
        let deadline = try call.deadline(2)
        guard let outcome = try call.waiting({ try wait(until: deadline) }) else { throw FutureError.timeout }
        return outcome
    }

    // MARK: For those who do the work

    fileprivate func setResult(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        let values = try PackedValues(stack, from: 2) { _ in .result }
        try finish(.success(values), call) { FutureMemory.note(call, from: 2, as: .results) }
        return 0
    }

    fileprivate func setException(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(2)
        // Python's future has no exception then, and so no failure.
        if stack.type(at: 2) == .nil { return try setResult(call) }
        let value = try MessageEncoder.encode(stack, at: 2, as: MessageRoot(name: "exception"))
        let error = CrossedError(LuaError.raising(stack, at: 2), value: value)
        try finish(.failure(error), call) { FutureMemory.note(call, from: 2, as: .error) }
        return 0
    }

    private func finish(
        _ outcome: Result<PackedValues, any Error>, _ call: LuaCall, noting note: () -> Void
    ) throws {
        let isFirst = !isDone
        do {
            // What this interpreter set, it finds again as it is; its callbacks too.
            if isFirst { note() }
            try EndingInterpreter.with(call.state) { try finish(outcome) }
        } catch FutureError.invalidState(let status) {
            // Another thread was faster.
            if isFirst { FutureMemory.clear(call) }
            throw LuaException(.invalidState, "\(status.pythonName): \(try describe(call.stack))")
        }
    }

    fileprivate func setRunning(_ call: LuaCall) throws -> Int32 {
        do {
            return try call.results(begin())
        } catch FutureError.unexpectedState(let status) {
            FuturesLog.critical(
                "Future \(address) in unexpected state: \(status.pythonName)", nil, ScriptEnvironment.of(call.state))
            throw FutureError.unexpectedState(status)
        }
    }

    // MARK: Callbacks

    fileprivate func addCallback(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        try call.checkCallable(2)
        let state = call.state
        if isDone {
            FutureCallback.call(with: self, state) { stack.pushCopy(of: 2) }
        } else {
            let callback = try FutureCallback(stack, at: 2, for: self)
            EndingInterpreter.with(state) { onDone { callback.run($0) } }
        }
        return 0
    }

    // MARK: Description

    private var address: UInt { UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()) }

    /// Python's `repr`: `<Future at 0x7f31 state=finished returned table>`.
    func describe(_ stack: LuaStack) throws -> String {
        var text = "<Future at 0x\(String(address, radix: 16)) state=\(status.pythonDescription)"
        switch outcome {
        case .success(let values)?: text += " returned \(try typeName(values, stack))"
        case .failure(let error)? where !isCancelled:
            let name = LuaError.wrapping(error).className ?? (error as? CrossedError)?.className ?? "RuntimeError"
            text += " raised \(name.split(separator: ".").last ?? "")"
        default: break
        }
        return text + ">"
    }

    private func typeName(_ values: PackedValues, _ stack: LuaStack) throws -> String {
        if values.count == 0 { return "nil" }
        switch values.message.content {
        case .nil: return "nil"
        case .boolean: return "boolean"
        case .integer: return "integer"
        case .number: return "float"
        case .encoded:
            let top = stack.top
            defer { stack.setTop(top) }
            try values.push(to: stack)
            guard stack.type(at: top + 1) == .number else { return stack.typeName(at: top + 1) }
            return stack.isInteger(at: top + 1) ? "integer" : "float"
        }
    }
}

extension FutureStatus {
    /// The name of the state in Python's messages.
    fileprivate var pythonName: String {
        switch self {
        case .pending: "PENDING"
        case .running: "RUNNING"
        case .cancelled: "CANCELLED"
        case .cancelledAndNotified: "CANCELLED_AND_NOTIFIED"
        case .finished: "FINISHED"
        }
    }

    /// How Python's `repr` calls the state.
    fileprivate var pythonDescription: String { self == .cancelledAndNotified ? "cancelled" : rawValue }
}
