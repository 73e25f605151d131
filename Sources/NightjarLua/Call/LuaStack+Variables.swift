import CLua
import CLuaSupport

extension LuaStack {
    /// The name of the variable, local or upvalue, in which the innermost active function of the script has the value at `index`; nil
    /// where it has none.
    public func variableName(of index: Int32) -> String? {
        let index = absolute(index), top = self.top
        defer { setTop(top) }
        guard lua_checkstack(L, 8) != 0 else { return nil }
        var activation = lua_Debug(), level: Int32 = 0
        while lua_getstack(L, level, &activation) != 0 {
            level += 1
            guard lua_getinfo(L, "Sf", &activation) != 0 else { return nil }
            if UInt8(bitPattern: activation.what.pointee) == UInt8(ascii: "C") {
                setTop(top)
                continue
            }
            return localName(of: index, &activation) ?? upvalueName(of: index, function: top + 1)
        }
        return nil
    }

    private func localName(of index: Int32, _ activation: inout lua_Debug) -> String? {
        var number: Int32 = 1
        while let name = lua_getlocal(L, &activation, number) {
            defer { pop() }
            // Values without a variable have names in parentheses.
            if name.pointee != CChar(bitPattern: UInt8(ascii: "(")), rawEqual(-1, index) {
                return String(cString: name)
            }
            number += 1
        }
        return nil
    }

    private func upvalueName(of index: Int32, function: Int32) -> String? {
        var number = 1
        while let name = pushUpvalue(number, of: function) {
            defer { pop() }
            if !name.isEmpty, rawEqual(-1, index) { return name }
            number += 1
        }
        return nil
    }
}
