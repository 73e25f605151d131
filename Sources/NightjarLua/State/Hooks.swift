import CLua
import CLuaSupport

/// What the C side calls; set before the first interpreter opens.
enum Hooks {
    static let install: Void = {
        nj_set_hooks(
            nj_hooks(
                release: { object in Unmanaged<AnyObject>.fromOpaque(object!).release() },
                push_exception: { L, name, message in
                    let stack = LuaStack(L!)
                    ExceptionValue.push(
                        class: LuaExceptionClass.builtin(String(cString: name!)), message: String(cString: message!),
                        to: stack)
                },
                annotate: { L, index in ExceptionValue.annotate(LuaStack(L!), at: index) },
                interrupted: { L in
                    let stack = LuaStack(L!)
                    LuaState.of(stack).noteInterruption(LuaFrame.capture(stack))
                },
                safe_point: { L in SafePoint.run(LuaStack(L!)) },
                left: { owner in
                    Unmanaged<LuaState>.fromOpaque(owner!)._withUnsafeGuaranteedRef { $0.interrupts.left() }
                }))
    }()
}
