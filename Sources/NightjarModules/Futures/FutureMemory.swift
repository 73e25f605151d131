import NightjarConcurrency
import NightjarLua

/// What a future gave, as an interpreter has seen it: the same values each time, as in Python.
///
/// Kept with the interpreter's handle of the future, which is argument 1 of the calls.
enum FutureMemory {
    /// What the table of values holds.
    enum Kind: Int {
        case results, error
    }

    /// Keeps the values from `first` to the top.
    static func note(_ call: LuaCall, from first: Int32, as kind: Kind) {
        let stack = call.stack, last = stack.top
        stack.newTable(array: Int(last - first) + 1, record: 2)
        for index in stride(from: first, through: last, by: 1) {
            stack.pushCopy(of: index)
            stack.rawSet(-2, Int(index - first) + 1)
        }
        stack.push(Int(last - first) + 1)
        stack.rawSet(-2, "n")
        stack.push(kind.rawValue)
        stack.rawSet(-2, 0)
        stack.setStorage(of: 1)
    }

    static func clear(_ call: LuaCall) {
        call.stack.pushNil()
        call.stack.setStorage(of: 1)
    }

    /// Pushes the values; gives how many.
    static func push(_ values: PackedValues, _ call: LuaCall) throws -> Int32 {
        // What holds no reference is the same each time anyway.
        guard case .encoded = values.message.content else {
            try values.push(to: call.stack)
            return Int32(values.count)
        }
        if let count = try pushKept(.results, call) { return count }
        let first = call.stack.top + 1
        try values.push(to: call.stack)
        note(call, from: first, as: .results)
        return Int32(values.count)
    }

    /// Pushes the error value.
    static func push(_ error: any Error, _ call: LuaCall) throws {
        if try pushKept(.error, call) != nil { return }
        let first = call.stack.top + 1
        if let error = error as? CrossedError {
            try error.push(to: call.stack)
        } else {
            call.stack.push(error: error)
        }
        note(call, from: first, as: .error)
    }

    private static func pushKept(_ kind: Kind, _ call: LuaCall) throws -> Int32? {
        let stack = call.stack, top = stack.top
        stack.pushStorage(of: 1)
        guard stack.type(at: -1) == .table, stack.rawGet(-1, 0) == .number, stack.integer(at: -1) == kind.rawValue,
            stack.rawGet(top + 1, "n") == .number
        else {
            stack.setTop(top)
            return nil
        }
        let count = Int32(stack.integer(at: -1))
        stack.setTop(top + 1)
        try stack.reserve(count + 8)
        for position in 0..<Int(count) { stack.rawGet(top + 1, position + 1) }
        stack.remove(at: top + 1)
        return count
    }
}
