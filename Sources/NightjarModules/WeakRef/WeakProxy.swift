import NightjarLua

/// `weakref.proxy`: <https://docs.python.org/3/library/weakref.html#weakref.proxy>.
///
/// A proxy is a table with nothing in it but its reference, under a key that scripts cannot make. Being a table, it can be equal to a
/// table. Methods of userdata need the userdata itself, so functions found in one take it in the place of the proxy.
enum WeakProxy {
    private static let key = RegistryKey(), metatable = RegistryKey()

    /// The reference of a proxy; its storage is the array of callback and proxy.
    final class Reference: WeakReference {
        override class var luaType: LuaType { type }
        private static let type = LuaType("weakproxy", for: Reference.self, parent: WeakReference.luaType) { _ in }

        deinit {
            if referent.sharedProxy === self { referent.sharedProxy = nil }
        }

        override func pushSelf(to stack: LuaStack) -> Bool {
            guard pushIfHeld(to: stack) else { return false }
            stack.pushStorage(of: -1)
            stack.remove(at: -2)
            stack.rawGet(-1, 2)
            stack.remove(at: -2)
            return true
        }

        override func takeCallback(of index: Int32, _ stack: LuaStack) {
            stack.pushStorage(of: index)
            stack.rawGet(-1, 1)
            stack.pushNil()
            stack.rawSet(-3, 1)
            stack.remove(at: -2)
        }
    }

    static func isProxy(_ stack: LuaStack, at index: Int32) -> Bool {
        defer { stack.pop() }
        return stack.rawGet(index, key: key.pointer) == .userdata
    }

    /// `proxy(object, callback)`
    static func make(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(2)
        let referent = try WeakRegistry.referent(stack, at: 1), hasCallback = !stack.isNilOrNone(at: 2)
        if !hasCallback, let shared = referent.sharedProxy, shared.pushSelf(to: stack) { return 1 }
        let reference = Reference(referent, wantsNotice: hasCallback)
        if !hasCallback { referent.sharedProxy = reference }
        stack.newTable(record: 1)
        try reference.push(to: stack)
        stack.newTable(array: 2)
        stack.pushCopy(of: 2)
        stack.rawSet(5, 1)
        stack.pushCopy(of: 3)
        stack.rawSet(5, 2)
        stack.setStorage(of: 4)
        stack.rawSet(3, key: key.pointer)
        try pushMetatable(to: stack)
        stack.setMetatable(3)
        return 1
    }

    /// Puts the referent in the place of the proxy at `index`; leaves other values alone.
    private static func resolve(_ stack: LuaStack, _ index: Int32) throws {
        guard stack.type(at: index) == .table else { return }
        stack.rawGet(index, key: key.pointer)
        defer { stack.pop() }
        guard let reference = stack.object(at: -1) as? Reference else { return }
        defer { stack.pop() }
        guard reference.pushReferent(to: stack) else {
            throw LuaException(.referenceError, "weakly-referenced object no longer exists")
        }
        stack.copy(from: -1, to: index)
    }

    // MARK: What a proxy hands on

    private static func pushMetatable(to stack: LuaStack) throws {
        if stack.registryGet(metatable.pointer) == .table { return }
        stack.pop()
        stack.newTable(record: 32)
        let table = stack.top
        for name: StaticString in ["__name", "__metatable"] {
            stack.push("weakproxy")
            stack.rawSet(table, name)
        }
        for (name, body) in handlers {
            try LuaState.of(stack).function(String(name.dropFirst(2)), raw: body).push(to: stack)
            stack.rawSet(table, name)
        }
        for operation in LuaOperation.all {
            try LuaState.of(stack).function(
                String(operation.metamethod.dropFirst(2)),
                raw: { call in
                    try operate(operation, call.stack)
                }
            ).push(to: stack)
            stack.rawSet(table, operation.metamethod)
        }
        stack.pushCopy(of: table)
        stack.registrySet(metatable.pointer)
    }

    private static let handlers: [(String, @Sendable (LuaCall) throws -> Int32)] = [
        ("__index", { call in try index(call.stack) }),
        (
            "__newindex",
            { call in
                call.stack.setTop(3)
                try resolve(call.stack, 1)
                try call.stack.set(1)
                return 0
            }
        ),
        (
            "__call",
            { call in
                try resolve(call.stack, 1)
                try call.stack.call(arguments: call.count - 1, results: -1)
                return call.stack.top
            }
        ),
        (
            "__len",
            { call in
                try resolve(call.stack, 1)
                try call.stack.length(1)
                return 1
            }
        ),
        (
            "__tostring",
            { call in
                try resolve(call.stack, 1)
                try call.stack.pushToString(1)
                return 1
            }
        ),
        (
            "__concat",
            { call in
                try resolveBoth(call.stack)
                try call.stack.concatenate()
                return 1
            }
        ),
        (
            "__eq",
            { call in
                try resolveBoth(call.stack)
                return try call.results(call.stack.equal(1, 2))
            }
        ),
        (
            "__lt",
            { call in
                try resolveBoth(call.stack)
                return try call.results(call.stack.less(1, 2))
            }
        ),
        (
            "__le",
            { call in
                try resolveBoth(call.stack)
                return try call.results(call.stack.lessOrEqual(1, 2))
            }
        ),
        ("__pairs", { call in try pairs(call.stack) }),
    ]

    private static func resolveBoth(_ stack: LuaStack) throws {
        stack.setTop(2)
        try resolve(stack, 1)
        try resolve(stack, 2)
    }

    private static func operate(_ operation: LuaOperation, _ stack: LuaStack) throws -> Int32 {
        try resolveBoth(stack)
        if operation.isUnary { stack.setTop(1) }
        try stack.operate(operation)
        return 1
    }

    private static func index(_ stack: LuaStack) throws -> Int32 {
        stack.setTop(2)
        stack.pushCopy(of: 1)
        try resolve(stack, 3)
        stack.pushCopy(of: 2)
        try stack.get(3)
        guard stack.type(at: 3) == .userdata, stack.type(at: 4) == .function else { return 1 }
        stack.pushCopy(of: 3)
        stack.pushCopy(of: 1)
        stack.pushRedirecting()
        return 1
    }

    /// What `pairs` of the referent gives. The loop then holds the referent.
    private static func pairs(_ stack: LuaStack) throws -> Int32 {
        stack.setTop(1)
        try resolve(stack, 1)
        if stack.pushMetatable(of: 1) {
            if stack.rawGet(-1, "__pairs") != .nil {
                stack.pushCopy(of: 1)
                try stack.call(arguments: 1, results: 3)
                return 3
            }
            stack.setTop(1)
        }
        guard stack.type(at: 1) == .table else {
            throw LuaException(.typeError, "'\(stack.typeName(at: 1))' object is not iterable")
        }
        try LuaState.of(stack).function(
            "next",
            raw: { call in
                call.stack.setTop(2)
                return try call.stack.nextChecked(1) ? 2 : 1
            }
        ).push(to: stack)
        stack.pushCopy(of: 1)
        stack.pushNil()
        return 3
    }
}
