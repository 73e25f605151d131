import NightjarLua

/// `weakref.WeakMethod(object, "name")`: <https://docs.python.org/3/library/weakref.html#weakref.WeakMethod>.
///
/// Dies with the object or with the function, whichever goes first.
final class WeakMethod: WeakReference {
    override class var luaType: LuaType { type }

    private static let type = LuaType(
        "WeakMethod", for: WeakMethod.self, module: "weakref", parent: WeakReference.luaType,
        doc: "WeakMethod(object, name, callback): a weak reference to a method of an object."
    ) { type in
        type.constructor(nil) { call in try make(call) }
    }

    /// Tells the method of the death of its function.
    private final class FunctionLink: WeakLink {
        weak var method: WeakMethod?

        override func deliver(to stack: LuaStack) throws(LuaError) { try method?.deliver(to: stack) }
    }

    private let function: FunctionLink

    private init(_ object: Referent, _ function: Referent, wantsNotice: Bool) {
        self.function = FunctionLink(function, wantsNotice: wantsNotice)
        super.init(object, wantsNotice: wantsNotice)
        self.function.method = self
    }

    private static func make(_ call: LuaCall) throws -> WeakMethod {
        let stack = call.stack
        try WeakRegistry.checkReferent(stack, at: 2)
        let name: String = try call.argument(3)
        stack.setTop(4)
        try stack.get(2, name)
        guard stack.type(at: 5) == .function else {
            let type = stack.typeName(at: 2)
            if stack.isNilOrNone(at: 5) {
                throw LuaException(.attributeError, "'\(type)' object has no attribute '\(name)'")
            }
            throw LuaException(.typeError, "argument should be a bound method, not '\(stack.typeName(at: 5))'")
        }
        let method = WeakMethod(
            try WeakRegistry.referent(stack, at: 2), try WeakRegistry.referent(stack, at: 5),
            wantsNotice: !stack.isNilOrNone(at: 4))
        try method.push(to: stack)
        stack.pushCopy(of: 4)
        stack.setStorage(of: -2)
        return method
    }

    private func pushFunction(to stack: LuaStack) -> Bool { referent.registry.push(function.referent, to: stack) }

    /// Pushes a function that passes the object as its first argument, or nil.
    override func pushTarget(to stack: LuaStack) {
        guard pushFunction(to: stack), pushReferent(to: stack) else { return stack.pushNil() }
        stack.pushBound()
    }

    override func isEqual(to other: WeakReference, _ stack: LuaStack) throws -> Bool {
        guard let other = other as? WeakMethod else { return false }
        let top = stack.top
        defer { stack.setTop(top) }
        guard isWhole(stack), other.isWhole(stack) else { return self === other }
        guard pushFunction(to: stack), other.pushFunction(to: stack), stack.rawEqual(-2, -1) else { return false }
        return try hasSameReferent(as: other, stack)
    }

    private func isWhole(_ stack: LuaStack) -> Bool {
        defer { stack.pop(2) }
        let hasFunction = pushFunction(to: stack)
        return pushReferent(to: stack) && hasFunction
    }
}
