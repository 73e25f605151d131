import CLua
import CLuaSupport

/// An arithmetic or bitwise operation of Lua.
public struct LuaOperation: Hashable, Sendable {
    let code: Int32
    /// The name of its metamethod.
    public let metamethod: String
    /// Whether it has one operand only.
    public var isUnary: Bool { code == LUA_OPUNM || code == LUA_OPBNOT }

    public static let all: [LuaOperation] = [
        LuaOperation(code: LUA_OPADD, metamethod: "__add"), LuaOperation(code: LUA_OPSUB, metamethod: "__sub"),
        LuaOperation(code: LUA_OPMUL, metamethod: "__mul"), LuaOperation(code: LUA_OPMOD, metamethod: "__mod"),
        LuaOperation(code: LUA_OPPOW, metamethod: "__pow"), LuaOperation(code: LUA_OPDIV, metamethod: "__div"),
        LuaOperation(code: LUA_OPIDIV, metamethod: "__idiv"), LuaOperation(code: LUA_OPBAND, metamethod: "__band"),
        LuaOperation(code: LUA_OPBOR, metamethod: "__bor"), LuaOperation(code: LUA_OPBXOR, metamethod: "__bxor"),
        LuaOperation(code: LUA_OPSHL, metamethod: "__shl"), LuaOperation(code: LUA_OPSHR, metamethod: "__shr"),
        LuaOperation(code: LUA_OPUNM, metamethod: "__unm"), LuaOperation(code: LUA_OPBNOT, metamethod: "__bnot"),
    ]
}

extension LuaStack {
    /// Pops two operands, or the one of a unary operation, and pushes the result.
    public func operate(_ operation: LuaOperation) throws(LuaError) { try check(nj_arith(L, operation.code)) }

    /// Pops two operands and pushes `a .. b`.
    public func concatenate() throws(LuaError) { try check(nj_concat(L)) }

    public func lessOrEqual(_ a: Int32, _ b: Int32) throws(LuaError) -> Bool {
        try check(nj_compare(L, a, b, LUA_OPLE))
        defer { pop() }
        return boolean(at: -1)
    }

    /// Pops an object and the function below it; pushes a function that calls that one with the object before its own arguments.
    public func pushBound() { nj_push_bound(L) }

    /// Pops a stand-in, an object and a function, in this order from the top; pushes a function that calls that one with the object
    /// where its first argument is the stand-in.
    public func pushRedirecting() { nj_push_redirecting(L) }
}

extension LuaStack {
    /// As Lua's `next` for the table at `table`: pops a key, pushes the next key and value, or nil and gives false at the end. The key may
    /// be any value: an unknown one is an error.
    public func nextChecked(_ table: Int32) throws(LuaError) -> Bool {
        let below = top - 1
        try check(nj_next(L, table))
        return top - below == 2
    }
}
