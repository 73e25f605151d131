import CLua
import CLuaSupport

/// Asks for a safe point: where a Swift function returns to Lua, never inside the collector.
///
/// For the thread of the interpreter, inside its collector too; valid as long as the interpreter's values are.
public struct SafePoint {
    private let context: UnsafeMutablePointer<nj_context>

    public init(_ state: LuaState) { context = state.context }

    /// The function given to ``LuaState/onSafePoint(_:)`` runs once at the next safe point.
    public func request() { context.pointee.attention |= Int32(NJ_PENDING) }

    struct Body {
        let run: (LuaStack) -> Void
    }

    static func run(_ stack: LuaStack) {
        guard let body: Body = LuaState.of(stack).attachment() else { return }
        body.run(stack)
    }
}

extension LuaState {
    /// What runs at a safe point that was requested. It leaves the stack as it was and hands no error on, except that an interruption
    /// of the script code that it runs continues by itself.
    public func onSafePoint(_ run: @escaping (LuaStack) -> Void) { setAttachment(SafePoint.Body(run: run)) }

    /// Whether a finalizer is running: then neither a collection nor code of scripts can be started.
    public var isInsideCollector: Bool { nj_gc(stack.L, LUA_GCCOUNT) < 0 }
}
