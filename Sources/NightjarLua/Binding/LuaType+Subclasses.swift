import CLuaSupport

/// Types whose objects are complete from their making, and yet can be subclassed by scripts.
extension LuaType.Builder {
    /// `Class(...)` gives what `make` makes of the arguments from 2 on.
    ///
    /// The `init` of a script's subclass calls the parent's, `Class.super.init(self, ...)`, which makes the object; until then the instance
    /// has none. Where it does not do so, the object is made without arguments. Instances take fields, which do not hide methods.
    public mutating func subclassable(
        _ signature: LuaSignature, make: @escaping @Sendable (LuaCall) throws -> Object
    ) {
        fields(afterClass: true)
        self.signature = signature
        construct = { call in
            let stack = call.stack
            guard ClassTable.number(stack, at: 1) != nil else {
                // The class itself: nothing stands between its arguments and the object.
                try call.bind(to: signature)
                try make(call).push(to: stack)
                return 1
            }
            ObjectMetatable.pushEmpty(classAt: 1, to: stack)
            try ClassTable.initialize(stack)
            if stack.object(at: -1) == nil { try ClassTable.initializeNatively(stack) }
            return 1
        }
        add(.method, "init", signature, "") { call in
            guard let held = nj_to_object(call.stack.L, 1), LuaType.native(call.stack, instanceAt: 1) != nil else {
                throw call.badArgument(1, "\(Object.luaTypeName) expected, got \(call.stack.typeName(at: 1))")
            }
            guard held.pointee.object == nil else {
                throw LuaException(.runtimeError, "\(call.name).init() has been called before")
            }
            try call.bind(to: signature)
            ObjectMetatable.place(try make(call), in: 1, call.stack)
            return 0
        }
    }

    /// Scripts cannot subclass the type: `subclass` raises.
    public mutating func final() { isFinal = true }
}

extension ClassTable {
    /// Calls the `init` that Swift has for the instance on top, without arguments.
    fileprivate static func initializeNatively(_ stack: LuaStack) throws {
        let instance = stack.top
        guard let type = LuaType.native(stack, instanceAt: instance) else { return }
        type.pushClass(to: stack)
        try stack.get(-1, "init")
        stack.pushCopy(of: instance)
        try stack.call(arguments: 1, results: 0)
        stack.setTop(instance)
    }
}

extension ObjectMetatable {
    /// Pushes an instance of the class at `index` without an object.
    fileprivate static func pushEmpty(classAt index: Int32, to stack: LuaStack) {
        guard ClassTable.pushInherited(Key.metatable, of: index, stack) else { return stack.pushNil() }
        let userValues = max(1, LuaType.native(stack, classAt: index)?.userValues ?? 1)
        _ = nj_push_object(stack.L, nil, userValues)
        stack.pushCopy(of: -2)
        stack.setMetatable(-2)
        stack.remove(at: -2)
    }

    /// Gives the instance at `index`, which has none, its object.
    fileprivate static func place(_ object: AnyObject, in index: Int32, _ stack: LuaStack) {
        guard let held = nj_to_object(stack.L, index), held.pointee.object == nil else { return }
        held.pointee.object = Unmanaged.passRetained(object).toOpaque()
        note(object, instanceAt: index, stack)
    }
}
