public import NightjarBinary
public import NightjarLua

extension StructError: LuaExceptionConvertible {
    public var luaException: LuaException {
        switch kind {
        case .overflow: LuaException(.overflowError, message)
        case .memory: LuaException(.memoryError, message)
        default: LuaException(StructCalls.errorClass, message)
        }
    }
}
