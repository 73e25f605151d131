internal import CLuaSupport

/// A warning of a script, `warn("text")`, or of Lua itself, such as an error in `__gc`.
public struct LuaWarning {
    /// Where it comes from. Only to look at: nothing may be pushed or called here.
    public let stack: LuaStack
    public let text: String
    /// Whether the script has asked for warnings with `warn("@on")`, or for none with `warn("@off")`; nil if it has not said.
    public let isWanted: Bool?
}

enum Warnings {
    static func receive(_ stack: LuaStack, _ text: UnsafeRawBufferPointer, _ standing: Int32) {
        guard let onWarning = LuaState.of(stack).onWarning else { return }
        let isWanted: Bool? = Int(standing) == NJ_WARNINGS_UNSAID ? nil : Int(standing) == NJ_WARNINGS_ON
        onWarning(LuaWarning(stack: stack, text: String(decoding: text, as: UTF8.self), isWanted: isWanted))
    }
}
