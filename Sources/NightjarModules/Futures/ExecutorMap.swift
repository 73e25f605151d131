import DequeModule
import NightjarConcurrency
import NightjarLua

/// `executor:map(fn, list, ..., {timeout =, chunksize =, buffersize =})`
enum ExecutorMap {
    /// The names that come in a last table.
    private struct Options {
        var timeout: Double?
        var buffersize: Int?
    }

    /// Gives four values, as a loop takes them: the iterator, its state and control variable, which are nil, and what the loop closes
    /// when it is left.
    static func map(_ executor: any LuaObject & Sendable, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        try stack.reserve(call.count + 24)
        try call.checkCallable(2)
        let options = try takeOptions(call)
        let last = stack.top
        stack.newTable(array: Int(last) * IterableSource.width)
        let table = stack.top
        stack.pushCopy(of: 2)
        stack.rawSet(table, MapIterator.functionSlot)
        // The class that a script gave it, and its fields, live as long as somebody has it.
        stack.pushCopy(of: 1)
        stack.rawSet(table, MapIterator.executorSlot)
        try noteSubmit(executor, table, stack)
        let sources = try IterableSource.read(
            call, from: 3, through: last, into: table, slot: MapIterator.firstSourceSlot)
        let iterator = MapIterator(executor, sources, options.buffersize, options.timeout.map { Deadline(after: $0) })
        try iterator.fill(stack, table)
        return try iterator.pushAsLoop(stack, table)
    }

    /// A `submit` that a script has written is called for each item; ours is not looked up.
    private static func noteSubmit(_ executor: any LuaObject, _ table: Int32, _ stack: LuaStack) throws {
        try stack.get(1, "submit")
        if executor is ScriptExecutor, stack.isNativeFunction(at: -1) { return stack.pop() }
        stack.rawSet(table, MapIterator.submitSlot)
    }

    /// Takes the table of names off the stack, if it is there.
    private static func takeOptions(_ call: LuaCall) throws -> Options {
        let stack = call.stack, index = stack.top
        var options = Options()
        guard index > 2, isNames(stack, index) else { return options }
        stack.pushNil()
        while stack.next(index) {
            switch stack.describeKey(at: -2) {
            case "timeout": options.timeout = try named("timeout", call)
            case "chunksize": let _: Double? = try named("chunksize", call)
            case "buffersize":
                guard let size = stack.exactInteger(at: -1), stack.isInteger(at: -1) else {
                    throw LuaException(.typeError, "buffersize must be an integer or nil")
                }
                guard size > 0 else { throw LuaException(.valueError, "buffersize must be nil or > 0") }
                options.buffersize = Int(size)
            case let key:
                throw LuaException(
                    .typeError,
                    "map() got an unexpected named argument '\(key)' (known: timeout, chunksize, buffersize)")
            }
            stack.pop()
        }
        stack.setTop(index - 1)
        return options
    }

    private static func named(_ name: String, _ call: LuaCall) throws -> Double? {
        do {
            return try Double?.read(from: call.stack, at: -1)
        } catch {
            throw LuaException(.typeError, "bad argument '\(name)' to 'map' (\(error.description))")
        }
    }

    /// A list, an empty table and one with a metatable are sources.
    private static func isNames(_ stack: LuaStack, _ index: Int32) -> Bool {
        guard stack.type(at: index) == .table else { return false }
        defer { stack.setTop(index) }
        if stack.pushMetatable(of: index) { return false }
        if stack.rawGet(index, 1) != .nil || stack.rawGet(index, "n") != .nil { return false }
        stack.setTop(index)
        stack.pushNil()
        return stack.next(index)
    }
}

/// The results of `map`, in the order of the items.
///
/// Belongs to the interpreter that made it. Leaving a loop over it cancels what has not begun; so does an error, and so does forgetting it
/// half read.
final class MapIterator: LuaObject {
    static let functionSlot = 1, executorSlot = 2, submitSlot = 3, firstSourceSlot = 4

    private let executor: any LuaObject & Sendable
    private var sources: [IterableSource]
    private let buffersize: Int?
    private let deadline: Deadline?
    private var futures = Deque<ScriptFuture>()
    private var isStarted = false

    init(
        _ executor: any LuaObject & Sendable, _ sources: [IterableSource], _ buffersize: Int?, _ deadline: Deadline?
    ) {
        self.executor = executor
        self.sources = sources
        self.buffersize = buffersize
        self.deadline = deadline
    }

    deinit { if isStarted { cancelRest() } }

    static let luaType = LuaType("MapIterator", for: MapIterator.self, module: "futures") {
        $0.storage()
        $0.metamethod("__call") { iterator, call in try iterator.next(call) }
        $0.method("close", doc: "Cancels what has not begun.") { iterator, call in iterator.close(call) }
        $0.metamethod("__close") { iterator, call in iterator.close(call) }
    }

    /// Submits the items, or as many as the buffer takes. If one cannot be submitted, none is.
    func fill(_ stack: LuaStack, _ table: Int32) throws {
        do {
            while futures.count < buffersize ?? .max, try submitNext(stack, table) {}
        } catch {
            EndingInterpreter.with(LuaState.of(stack)) { cancelRest() }
            throw error
        }
    }

    func pushAsLoop(_ stack: LuaStack, _ table: Int32) throws(LuaError) -> Int32 {
        try push(to: stack)
        if buffersize != nil {
            stack.pushCopy(of: table)
            stack.setStorage(of: -2)
        }
        stack.pushNil()
        stack.pushNil()
        stack.pushCopy(of: -3)
        return 4
    }

    /// Submits the call for the next items; false if one of the sources has ended. Without sources there are no items.
    private func submitNext(_ stack: LuaStack, _ table: Int32) throws -> Bool {
        guard !sources.isEmpty else { return false }
        let top = stack.top
        defer { stack.setTop(top) }
        let isScripted = stack.rawGet(table, MapIterator.submitSlot) != .nil
        if isScripted { stack.rawGet(table, MapIterator.executorSlot) } else { stack.pop() }
        let first = stack.top + 1
        stack.rawGet(table, MapIterator.functionSlot)
        for index in sources.indices {
            guard try sources[index].pushNext(stack, table, all: sources.count == 1) else { return false }
        }
        if !isScripted, let executor = executor as? ScriptExecutor {
            let call = try PackedValues(stack, callFrom: first)
            futures.append(try executor.submit(call))
        } else {
            try stack.call(arguments: stack.top - top - 1, results: 1)
            guard let future = stack.object(at: -1) as? ScriptFuture else {
                throw LuaException(.typeError, "submit() gave \(stack.typeName(at: -1)) and no Future")
            }
            futures.append(future)
        }
        return true
    }

    private func next(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        isStarted = true
        stack.setTop(1)
        do {
            if buffersize != nil {
                stack.pushStorage(of: 1)
                if stack.type(at: 2) == .table { _ = try submitNext(stack, 2) }
                stack.setTop(1)
            }
            guard let future = futures.popFirst() else {
                stack.pushNil()
                return 1
            }
            return try push(future, call)
        } catch {
            _ = close(call)
            throw error
        }
    }

    private func push(_ future: ScriptFuture, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard let outcome = try call.waiting({ try future.wait(until: deadline) }) else {
            EndingInterpreter.with(call.state) { _ = future.cancel() }
            throw FutureError.timeout
        }
        switch outcome {
        case .success(let values):
            try values.push(to: stack)
            // nil would end the loop: false stands for it.
            if values.count == 0 { stack.push(false) }
            if stack.type(at: 2) == .nil {
                stack.push(false)
                stack.replace(at: 2)
            }
            return stack.top - 1
        case .failure(let error as CrossedError): try error.raise(call)
        case .failure(let error): throw error
        }
    }

    private func close(_ call: LuaCall) -> Int32 {
        guard isStarted else { return 0 }
        call.stack.pushNil()
        call.stack.setStorage(of: 1)
        EndingInterpreter.with(call.state) { cancelRest() }
        return 0
    }

    private func cancelRest() {
        while let future = futures.popFirst() { future.cancel() }
    }
}
