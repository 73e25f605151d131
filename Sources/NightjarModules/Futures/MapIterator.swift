import DequeModule
import NightjarConcurrency
import NightjarLua

/// The results of `map`, in the order of the items.
///
/// Belongs to the interpreter that made it. Leaving a loop over it cancels what has not begun; so does an error, and so does forgetting it
/// half read.
final class MapIterator: LuaObject {
    static let functionSlot = 1, executorSlot = 2, submitSlot = 3, firstSourceSlot = 4

    /// Where the items go; nil once all have gone.
    private var executor: (any LuaObject & Sendable)?
    private var sources: [IterableSource]
    private let buffersize: Int?
    private let deadline: Deadline?
    private var futures = Deque<ScriptFuture>()
    private var isStarted = false
    /// Code of the script that gives the items may not ask for a result.
    private var isFetching = false

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

    /// Submits the items of the sources in the table, or as many as the buffer takes, and pushes what a loop takes.
    /// - Throws: what the script raised, and why an item could not be submitted; then those before it are cancelled.
    func pushAsLoop(_ stack: LuaStack, _ table: Int32) throws -> Int32 {
        do {
            while futures.count < buffersize ?? .max, try submitNext(stack, table) {}
        } catch {
            EndingInterpreter.with(LuaState.of(stack)) { cancelRest() }
            throw error
        }
        try push(to: stack)
        if executor != nil {
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
        guard let executor else { return false }
        let top = stack.top
        defer { stack.setTop(top) }
        let isScripted = stack.rawGet(table, MapIterator.submitSlot) != .nil
        if isScripted { stack.rawGet(table, MapIterator.executorSlot) } else { stack.pop() }
        let first = stack.top + 1
        stack.rawGet(table, MapIterator.functionSlot)
        guard try pushItems(stack, table) else {
            self.executor = nil
            return false
        }
        if !isScripted, let executor = executor as? ScriptExecutor {
            futures.append(try executor.submit(PackedValues(stack, callFrom: first)))
        } else {
            try stack.call(arguments: stack.top - top - 1, results: 1)
            guard let future = stack.object(at: -1) as? ScriptFuture else {
                throw LuaException(.typeError, "submit() gave \(stack.typeName(at: -1)) and no Future")
            }
            futures.append(future)
        }
        return true
    }

    /// Pushes the next value of each source.
    private func pushItems(_ stack: LuaStack, _ table: Int32) throws -> Bool {
        isFetching = true
        defer { isFetching = false }
        for index in sources.indices {
            guard try sources[index].pushNext(stack, table, all: sources.count == 1) else { return false }
        }
        return !sources.isEmpty
    }

    private func next(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        if isFetching { throw LuaException(.valueError, "generator already executing") }
        isStarted = true
        stack.setTop(1)
        do {
            if executor != nil {
                stack.pushStorage(of: 1)
                if try !submitNext(stack, 2) { letGoOfSources(call) }
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
        guard isStarted, !isFetching else { return 0 }
        letGoOfSources(call)
        EndingInterpreter.with(call.state) { cancelRest() }
        return 0
    }

    private func letGoOfSources(_ call: LuaCall) {
        executor = nil
        call.stack.pushNil()
        call.stack.setStorage(of: 1)
    }

    private func cancelRest() {
        while let future = futures.popFirst() { future.cancel() }
    }
}
