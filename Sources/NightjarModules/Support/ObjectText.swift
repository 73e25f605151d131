import NightjarLua

/// What `tostring` gives for objects: the form of Python's `repr`.
enum ObjectText {
    /// The address, which is the same in every interpreter: `0x55d0c8a1b2c0`.
    static func address(_ object: AnyObject) -> String {
        "0x" + String(UInt(bitPattern: ObjectIdentifier(object)), radix: 16)
    }

    /// `<threading.Event at 0x55d0c8a1b2c0: set>`, with the class of the instance that is argument 1.
    static func described(_ object: AnyObject, _ call: LuaCall, _ state: String) -> String {
        "<\(className(call)) at \(address(object)): \(state)>"
    }

    /// The class of argument 1 by its own name.
    static func shortClassName(_ call: LuaCall) -> String {
        className(call).split(separator: ".").last.map(String.init) ?? "?"
    }

    /// The class of argument 1, with its module if it is one of ours.
    static func className(_ call: LuaCall) -> String {
        guard ClassTable.pushClass(of: 1, call.stack) else { return "?" }
        defer { call.stack.pop() }
        return ClassTable.qualifiedName(call.stack, at: -1)
    }
}
