import NightjarLua

/// The code of a Lua function, as messages carry it: compiled, with debug information, without the values of its upvalues.
///
/// One object stands for the same code in all messages of an interpreter, which need no copy of it.
final class FunctionCode: Sendable {
    let bytes: [UInt8]
    /// The names that the code reads through each of its upvalues, should they be tables of globals.
    let reads: [GlobalReads]

    let upvalueCount: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        (upvalueCount, reads) = CompiledFunction.reads(of: bytes)
    }

    /// The name with this number, from 1, of those that all upvalues have.
    func name(_ number: Int) -> [UInt8] {
        var rest = number - 1
        for read in reads {
            if rest < read.names.count { return read.names[rest] }
            rest -= read.names.count
        }
        preconditionFailure("a message with an unknown name of a global")
    }
}

/// Names that a function, or a function written inside it, reads from the table in one of its upvalues.
struct GlobalReads: Sendable {
    /// From 1, as Lua counts them.
    let upvalue: Int
    let names: [[UInt8]]
}

/// The codes that an interpreter has sent, so that the same function need not be read again.
final class FunctionCodes {
    private static let byFunction = RegistryKey()
    /// Enough for the functions that a program keeps sending; when there are more, it begins anew.
    private static let limit = 256
    private var byBytes: [[UInt8]: FunctionCode] = [:]

    /// The code of the Lua function at `index`; nil if it cannot be dumped.
    func code(of index: Int32, _ stack: LuaStack) -> FunctionCode? {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        pushTable(stack)
        stack.pushCopy(of: index)
        stack.rawGet(-2)
        // Scripts cannot reach this table, and nothing else is put into it.
        if let known = stack.object(at: -1) { return unsafeDowncast(known, to: FunctionCode.self) }
        stack.pop()
        guard let bytes = stack.compiled(at: index) else { return nil }
        let code = byBytes[bytes] ?? FunctionCode(bytes)
        if byBytes.count >= FunctionCodes.limit { byBytes = [:] }
        byBytes[bytes] = code
        stack.pushCopy(of: index)
        stack.pushHidden(code)
        stack.rawSet(-3)
        return code
    }

    /// From functions to codes, weakly.
    private func pushTable(_ stack: LuaStack) {
        if stack.registryGet(FunctionCodes.byFunction.pointer) == .table { return }
        stack.pop()
        stack.newTable()
        stack.newTable(record: 1)
        stack.push("k")
        stack.rawSet(-2, "__mode")
        stack.setMetatable(-2)
        stack.pushCopy(of: -1)
        stack.registrySet(FunctionCodes.byFunction.pointer)
    }
}
