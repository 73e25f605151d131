import NightjarConcurrency
import NightjarLua

/// What a worker's interpreter gets before its first job: a call of the initializer.
struct WorkerPreparation: Sendable {
    private let values: PackedValues
    private let hasInitializer: Bool

    /// Takes the function at `initializer`, if there is one, and the array at `arguments`.
    /// - Throws: a `TypeError` that names what cannot cross.
    init(initializer: Int32, arguments: Int32, _ stack: LuaStack) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        hasInitializer = stack.type(at: initializer) != .nil
        if hasInitializer {
            stack.pushCopy(of: initializer)
            _ = try ThreadStart.pushArguments(arguments, stack)
        }
        values = try PackedValues(stack, from: top + 1) { position in
            MessageRoot(name: position == 0 ? "initializer" : "initargs[\(position)]")
        }
    }

    /// Whether there is nothing to do.
    var isEmpty: Bool { values.count == 0 }

    /// Prepares the interpreter of a worker.
    /// - Throws: what the initializer raised, which is logged.
    func run(_ state: LuaState) throws {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try values.push(to: stack)
            guard hasInitializer else { return }
            try stack.call(arguments: stack.top - top - 1, results: 0)
        } catch {
            if LuaError.wrapping(error).kind != .interrupted {
                FuturesLog.critical("Exception in initializer:", error, ScriptEnvironment.of(state))
            }
            throw error
        }
    }
}
