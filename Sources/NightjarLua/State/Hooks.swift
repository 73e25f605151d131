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
                met: { owner in interrupts(owner) { $0.met() } },
                entered: { owner in interrupts(owner) { $0.entered() } },
                moved: { owner in interrupts(owner) { $0.moved() } },
                warning: { L, text, size, standing in
                    Warnings.receive(LuaStack(L!), UnsafeRawBufferPointer(start: text, count: size), standing)
                },
                exiting: { owner, closes in
                    Unmanaged<LuaState>.fromOpaque(owner!)._withUnsafeGuaranteedRef { $0.onExit?(closes) }
                },
                safe_point: { L in SafePoint.run(LuaStack(L!)) },
                left: { owner, isOver in interrupts(owner) { $0.left(isOver: isOver) } },
                presence: { owner, isInside in
                    Unmanaged<LuaState>.fromOpaque(owner!)._withUnsafeGuaranteedRef { $0.notePresence(isInside) }
                }))
    }()

    private static func interrupts(_ owner: UnsafeMutableRawPointer?, _ body: (InterruptBox) -> Void) {
        Unmanaged<LuaState>.fromOpaque(owner!)._withUnsafeGuaranteedRef { body($0.interrupts) }
    }
}
