public import CLua
import CLuaSupport

/// The way from Swift into Lua: every call runs protected, with a handler that notes the active frames on an error.
@usableFromInline
enum ProtectedCall {
    /// Runs while the failed frames are still there; leaves the error value as it is. Uses nothing that raises.
    @usableFromInline
    static let noteFrames: lua_CFunction = { L in
        guard let L else { return 1 }
        nj_note_error(L)
        let context = nj_context_of(L)!
        context.pointee.host += 1
        let stack = LuaStack(L)
        let state = LuaState.of(stack)
        // What was captured where the error was first raised reaches down to the same bottom.
        let carried = state.carriedFrames(stack)
        state.noteFrames(carried.isEmpty ? LuaFrame.capture(stack, level: 1) : carried)
        context.pointee.host -= 1
        return 1
    }

    /// Calls the function below `arguments` values on the stack.
    @usableFromInline
    static func run(_ stack: LuaStack, arguments: Int32, results: Int32) throws(LuaError) {
        let handler = stack.top - arguments
        lua_pushcclosure(stack.L, noteFrames, 0)
        stack.insert(at: handler)
        let status = nj_pcall(stack.L, arguments, results, handler)
        stack.remove(at: handler)
        try stack.check(status)
    }
}
