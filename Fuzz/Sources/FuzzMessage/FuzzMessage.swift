// Crossing between interpreters: a random Lua value, with sharing, cycles, functions, classes, modules and objects of Swift,
// goes through a queue into another interpreter and back, and is on both sides what it was. roundtrip.lua makes and
// compares the values; what cannot cross is refused with its path.
import Nightjar

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do {
        try sides.send(ByteString(bytes: UnsafeBufferPointer(start: start, count: count)))
    } catch {
        let error = LuaError.wrapping(error)
        fatalError("\(error.report)\n\(error.traceback)")
    }
    return 0
}

// The fuzzer calls on one thread.
private nonisolated(unsafe) let sides: Sides = {
    do { return try Sides() } catch { fatalError("\(LuaError.wrapping(error).report)") }
}()

/// Bytes that are a string in Lua.
private struct ByteString: LuaPushable {
    let bytes: UnsafeBufferPointer<UInt8>
    func push(to stack: LuaStack) throws(LuaError) { stack.push(UnsafeRawBufferPointer(bytes)) }
}

private struct Sides {
    private let runtime: Runtime
    private let here: LuaState, there: LuaState
    private let sendFunction: LuaFunction, receive: LuaFunction, compare: LuaFunction

    init() throws {
        var policy = Policy.trusted
        policy.moduleFolders = [String(#filePath.dropLast("/FuzzMessage.swift".count))]
        runtime = Runtime(policy: policy)
        here = try runtime.makeState()
        there = try runtime.makeState()
        let (forth, back) = (ScriptQueue(), ScriptQueue())
        for state in [here, there] {
            try state.set("forth", forth)
            try state.set("back", back)
            try state.run("for name, f in pairs(require 'roundtrip') do _G[name] = f end")
        }
        sendFunction = try here.get("send")
        receive = try there.get("receive")
        compare = try here.get("compare")
    }

    func send(_ bytes: ByteString) throws {
        guard try here.call(sendFunction, bytes, returning: Bool.self) else { return }
        try there.call(receive)
        try here.call(compare)
    }
}
