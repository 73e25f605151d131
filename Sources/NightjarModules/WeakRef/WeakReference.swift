import NightjarLua

/// `weakref.ref`: <https://docs.python.org/3/library/weakref.html#weakref.ref>.
///
/// A callback is in the userdata's storage, so that the collector sees the way from the reference to it.
class WeakReference: WeakLink, LuaObject {
    class var luaType: LuaType { type }

    private static let type = LuaType(
        "ref", for: WeakReference.self, module: "weakref",
        doc: "ref(object, callback): a reference that keeps nothing alive."
    ) { type in
        type.storage()
        type.constructor(nil) { call in try make(call) }
        type.metamethod("__call") { reference, call in
            reference.pushTarget(to: call.stack)
            return 1
        }
        type.property(
            "__callback__", doc: "What is called after the object's death.",
            rawGet: { reference, call in
                if reference.pushReferent(to: call.stack) { call.stack.pushStorage(of: 1) }
                return 1
            })
        type.binaryMetamethod("__eq") { call in try call.results(areEqual(call)) }
        type.metamethod("__tostring") { reference, call in try call.results(reference.describe(call.stack)) }
    }

    deinit {
        if referent.sharedReference === self { referent.sharedReference = nil }
    }

    /// A reference without a callback is there once per object.
    private static func make(_ call: LuaCall) throws -> WeakReference {
        let stack = call.stack
        let referent = try WeakRegistry.referent(stack, at: 2)
        let hasCallback = !stack.isNilOrNone(at: 3)
        if !hasCallback { return shared(referent) }
        let reference = WeakReference(referent, wantsNotice: true)
        try reference.push(to: stack)
        stack.pushCopy(of: 3)
        stack.setStorage(of: -2)
        return reference
    }

    static func shared(_ referent: Referent) -> WeakReference {
        if let known = referent.sharedReference { return known }
        let reference = WeakReference(referent, wantsNotice: false)
        referent.sharedReference = reference
        return reference
    }

    /// Pushes the referent, or nil.
    @discardableResult
    final func pushReferent(to stack: LuaStack) -> Bool { referent.registry.push(referent, to: stack) }

    /// Pushes what calling the reference gives.
    func pushTarget(to stack: LuaStack) { pushReferent(to: stack) }

    /// Pushes what stands for this reference in a callback and a list: itself.
    func pushSelf(to stack: LuaStack) -> Bool { pushIfHeld(to: stack) }

    /// Pushes the callback of the instance at `index` and forgets it.
    func takeCallback(of index: Int32, _ stack: LuaStack) {
        let index = stack.absolute(index)
        stack.pushStorage(of: index)
        stack.pushNil()
        stack.setStorage(of: index)
    }

    /// Nothing is called if the reference died before, or with, its referent.
    override func deliver(to stack: LuaStack) throws(LuaError) {
        guard pushIfHeld(to: stack) else { return }
        let instance = stack.top
        guard pushSelf(to: stack) else { return }
        takeCallback(of: instance, stack)
        guard !stack.isNilOrNone(at: -1) else { return }
        stack.pushCopy(of: -1)
        stack.pushCopy(of: instance + 1)
        do { try stack.call(arguments: 1, results: 0) } catch {
            try referent.registry.ignore(error, in: description(of: -1, stack))
        }
    }

    private func description(of index: Int32, _ stack: LuaStack) -> String {
        guard (try? stack.pushToString(index)) != nil else { return "a weakref callback" }
        defer { stack.pop() }
        return stack.string(at: -1)
    }

    // MARK: Equality and text

    /// By referent while both are alive, by identity afterwards.
    private static func areEqual(_ call: LuaCall) throws -> Bool {
        let stack = call.stack
        guard let a = stack.object(at: 1) as? WeakReference, let b = stack.object(at: 2) as? WeakReference else {
            return false
        }
        return try a.isEqual(to: b, stack)
    }

    func isEqual(to other: WeakReference, _ stack: LuaStack) throws -> Bool {
        guard !(other is WeakMethod) else { return false }
        return try hasSameReferent(as: other, stack)
    }

    final func hasSameReferent(as other: WeakReference, _ stack: LuaStack) throws -> Bool {
        guard pushReferent(to: stack), other.pushReferent(to: stack) else { return self === other }
        return try stack.equal(-2, -1)
    }

    private func describe(_ stack: LuaStack) -> String {
        let address = WeakText.address(stack.pointer(at: 1))
        guard pushReferent(to: stack) else { return "<weakref at \(address); dead>" }
        return "<weakref at \(address); to '\(stack.typeName(at: -1))' at \(WeakText.address(stack.pointer(at: -1)))>"
    }
}

enum WeakText {
    /// `0x55d0c8a0`, as Lua and Python print addresses.
    static func address(_ pointer: UnsafeRawPointer?) -> String {
        "0x" + String(UInt(bitPattern: pointer), radix: 16)
    }
}
