import CLua
import CLuaSupport

extension LuaStack {
    /// Pushes a new userdata that holds `object` and can do nothing else. `object` is let go when the collector, which then may be in
    /// the middle of anything, finds the userdata unreachable: its `deinit` must not touch Lua.
    public func pushHidden(_ object: AnyObject) {
        _ = nj_push_object(L, Unmanaged.passRetained(object).toOpaque(), 0)
        if registryGet(HiddenObject.key) != .table {
            pop()
            newTable(record: 1)
            lua_pushcclosure(L, nj_object_gc, 0)
            rawSet(-2, "__gc")
            pushCopy(of: -1)
            registrySet(HiddenObject.key)
        }
        setMetatable(-2)
    }

    // MARK: The hidden value of instances whose type has `storage()`

    /// Pushes the value that the instance at `index` keeps out of scripts' sight, or nil.
    public func pushStorage(of index: Int32) { lua_getiuservalue(L, index, HiddenObject.storage) }

    /// Pops that value.
    public func setStorage(of index: Int32) { _ = lua_setiuservalue(L, index, HiddenObject.storage) }
}

enum HiddenObject {
    /// The user value; the first one is the table of fields.
    static let storage: Int32 = 2
    private final class Address: Sendable {}
    private static let address = Address()
    static var key: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(address).toOpaque()) }
}

extension LuaStack {
    /// Pushes the userdata of `object` if Lua still has it; false, and nothing pushed, otherwise.
    public func pushHeld(_ object: AnyObject) -> Bool { ObjectMetatable.pushKnown(object, to: self) }
}

extension LuaObject {
    /// Pushes the userdata of this object if Lua still has it; false, and nothing pushed, otherwise.
    public func pushIfHeld(to stack: LuaStack) -> Bool { ObjectMetatable.pushKnown(self, to: stack) }
}
