public import CLua
public import CLuaSupport

/// The raw twin of the safe interface: one Lua stack, with the operations of the C API that cannot raise.
///
/// Every function here either never raises, raises on memory alone (which the allocator defers while Swift
/// runs), or goes through a protected call and reports with an error. That is what makes it safe to call from
/// a Swift frame, which `longjmp` must not cross. Indices are Lua's: positive from the bottom, negative from the top.
///
/// A `LuaStack` is valid inside the callback or the `withStack` that gave it, on that thread only. It checks no
/// index: whoever uses it directly takes over what Lua's manual asks of a C function, and should leave the stack as high as
/// it promises. Prefer the typed interface where it is fast enough.
public struct LuaStack {
    @usableFromInline let L: OpaquePointer

    @inlinable
    init(_ L: OpaquePointer) { self.L = L }

    // MARK: Height

    /// The number of values on the stack.
    @inlinable public var top: Int32 { lua_gettop(L) }
    @inlinable public func setTop(_ index: Int32) { lua_settop(L, index) }
    @inlinable public func pop(_ count: Int32 = 1) { lua_settop(L, -count - 1) }
    @inlinable public func absolute(_ index: Int32) -> Int32 { lua_absindex(L, index) }

    /// Makes room for `count` more values; Lua guarantees 20 in a callback.
    @inlinable
    public func reserve(_ count: Int32) throws(LuaError) {
        if lua_checkstack(L, count) == 0 { throw LuaError(.memory, "stack overflow (\(count) more values)") }
    }

    // MARK: Moving values

    @inlinable public func pushCopy(of index: Int32) { lua_pushvalue(L, index) }
    @inlinable public func insert(at index: Int32) { nj_insert(L, index) }
    @inlinable public func remove(at index: Int32) { nj_remove(L, index) }
    @inlinable public func replace(at index: Int32) { nj_replace(L, index) }
    @inlinable public func copy(from source: Int32, to destination: Int32) { lua_copy(L, source, destination) }

    // MARK: Looking at values

    @inlinable public func type(at index: Int32) -> LuaValueType { LuaValueType(rawValue: lua_type(L, index)) }
    @inlinable public func isInteger(at index: Int32) -> Bool { lua_isinteger(L, index) != 0 }
    @inlinable public func isNilOrNone(at index: Int32) -> Bool { lua_type(L, index) <= LUA_TNIL }
    @inlinable public func boolean(at index: Int32) -> Bool { lua_toboolean(L, index) != 0 }
    /// The integer at `index`, which must be one (see ``isInteger(at:)``).
    @inlinable public func integer(at index: Int32) -> Int64 { lua_tointegerx(L, index, nil) }
    /// The number at `index`, which must be one.
    @inlinable public func number(at index: Int32) -> Double { lua_tonumberx(L, index, nil) }
    /// An identity for tables, functions, coroutines and userdata.
    @inlinable public func pointer(at index: Int32) -> UnsafeRawPointer? { lua_topointer(L, index) }
    @inlinable public func userdata(at index: Int32) -> UnsafeMutableRawPointer? { lua_touserdata(L, index) }
    @inlinable public func rawLength(at index: Int32) -> Int { Int(lua_rawlen(L, index)) }
    @inlinable public func rawEqual(_ a: Int32, _ b: Int32) -> Bool { lua_rawequal(L, a, b) != 0 }

    /// The bytes of the string at `index`, valid while the string is on the stack. It must be a string: a number would
    /// be changed in place.
    @inlinable
    public func bytes(at index: Int32) -> UnsafeRawBufferPointer {
        var count = 0
        let start = lua_tolstring(L, index, &count)
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    /// The string at `index` with invalid UTF-8 repaired; it must be a string.
    @inlinable
    public func string(at index: Int32) -> String { String(decoding: bytes(at: index), as: UTF8.self) }

    // MARK: Pushing

    @inlinable public func pushNil() { lua_pushnil(L) }
    @inlinable public func push(_ value: Bool) { lua_pushboolean(L, value ? 1 : 0) }
    @inlinable public func push(_ value: Int64) { lua_pushinteger(L, value) }
    @inlinable public func push(_ value: Int) { lua_pushinteger(L, Int64(value)) }
    @inlinable public func push(_ value: Double) { lua_pushnumber(L, value) }
    @inlinable public func push(pointer: UnsafeRawPointer?) {
        lua_pushlightuserdata(L, UnsafeMutableRawPointer(mutating: pointer))
    }

    @inlinable
    public func push(_ bytes: UnsafeRawBufferPointer) {
        // A null pointer is fine to Lua only together with a length of 0, which an empty buffer has.
        _ = lua_pushlstring(L, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }

    @inlinable
    public func push(_ value: String) {
        var value = value
        value.withUTF8 { push(UnsafeRawBufferPointer($0)) }
    }

    @inlinable public func push(_ value: StaticString) {
        push(UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    @inlinable public func pushGlobals() { nj_push_globals(L) }
    @inlinable public func pushUpvalue(_ index: Int32) { lua_pushvalue(L, nj_upvalue_index(index)) }

    // MARK: Tables

    /// Pushes an empty table. The sizes are hints: a hint that is too large costs memory, never correctness.
    @inlinable
    public func newTable(array: Int = 0, record: Int = 0) {
        lua_createtable(L, Int32(clamping: min(array, 1 << 20)), Int32(clamping: min(record, 1 << 20)))
    }

    /// Pops a key and pushes `table[key]` without metamethods.
    @inlinable @discardableResult
    public func rawGet(_ table: Int32) -> LuaValueType { LuaValueType(rawValue: lua_rawget(L, table)) }
    @inlinable @discardableResult
    public func rawGet(_ table: Int32, _ index: Int) -> LuaValueType {
        LuaValueType(rawValue: lua_rawgeti(L, table, Int64(index)))
    }
    @inlinable @discardableResult
    public func rawGet(_ table: Int32, key: UnsafeRawPointer) -> LuaValueType {
        LuaValueType(rawValue: lua_rawgetp(L, table, key))
    }

    /// Pushes the raw field `name` of the table at `table`.
    @inlinable @discardableResult
    public func rawGet(_ table: Int32, _ name: StaticString) -> LuaValueType {
        let table = absolute(table)
        push(name)
        return rawGet(table)
    }

    @inlinable @discardableResult
    public func rawGet(_ table: Int32, _ name: String) -> LuaValueType {
        let table = absolute(table)
        push(name)
        return rawGet(table)
    }

    /// Pops a value and a key below it; false, and nothing stored, for a key that is nil or NaN.
    @inlinable @discardableResult
    public func rawSet(_ table: Int32) -> Bool { nj_rawset_checked(L, table) }
    /// The same for a key that is neither nil nor NaN, which would raise.
    @inlinable public func rawSetValidKey(_ table: Int32) { lua_rawset(L, table) }
    /// Pops a value into `table[index]`.
    @inlinable public func rawSet(_ table: Int32, _ index: Int) { lua_rawseti(L, table, Int64(index)) }
    @inlinable public func rawSet(_ table: Int32, key: UnsafeRawPointer) { lua_rawsetp(L, table, key) }

    /// Pops a value into the raw field `name`.
    @inlinable
    public func rawSet(_ table: Int32, _ name: StaticString) {
        let table = absolute(table)
        push(name)
        insert(at: -2)
        lua_rawset(L, table)
    }

    @inlinable
    public func rawSet(_ table: Int32, _ name: String) {
        let table = absolute(table)
        push(name)
        insert(at: -2)
        lua_rawset(L, table)
    }

    /// Steps through a table that nobody changes meanwhile: pops a key, pushes the next key and value, or nothing at the end.
    /// The key must come from this traversal.
    @inlinable public func next(_ table: Int32) -> Bool { lua_next(L, table) != 0 }

    /// Pushes a table with the same keys and values, about `count` of them, without the metatable.
    public func pushCopy(ofTable index: Int32, count: Int32) { nj_copy_table(L, index, count) }

    /// Pops a table or nil as the metatable of the value at `index`.
    @inlinable public func setMetatable(_ index: Int32) { _ = lua_setmetatable(L, index) }
    /// Pushes the metatable if there is one.
    @inlinable public func pushMetatable(of index: Int32) -> Bool { lua_getmetatable(L, index) != 0 }

    // MARK: The registry

    @inlinable @discardableResult
    public func registryGet(_ key: UnsafeRawPointer) -> LuaValueType {
        LuaValueType(rawValue: lua_rawgetp(L, nj_registry_index(), key))
    }

    /// Pops a value into the registry.
    @inlinable public func registrySet(_ key: UnsafeRawPointer) { lua_rawsetp(L, nj_registry_index(), key) }

    /// Pushes the registry's table of this name (such as `_LOADED`), making it where there is none.
    public func pushRegistryTable(_ name: String) {
        push(name)
        if LuaValueType(rawValue: lua_rawget(L, nj_registry_index())) == .table { return }
        pop()
        newTable()
        push(name)
        pushCopy(of: -2)
        lua_rawset(L, nj_registry_index())
    }

    // MARK: The interpreter

    /// What ``LuaState/setCompanion(_:)`` was given, which must have been a `Companion`.
    @inlinable
    public func companion<Companion: AnyObject>(as type: Companion.Type) -> Companion? {
        nj_context_of(L).pointee.companion.map { Unmanaged<Companion>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: User values of userdata

    @inlinable @discardableResult
    public func pushUserValue(of index: Int32) -> LuaValueType {
        LuaValueType(rawValue: lua_getiuservalue(L, index, 1))
    }
    @inlinable @discardableResult
    public func setUserValue(of index: Int32) -> Bool { lua_setiuservalue(L, index, 1) != 0 }

    // MARK: Operations that may run metamethods: protected

    /// Pops a key and pushes `value[key]`.
    public func get(_ index: Int32) throws(LuaError) { try check(nj_gettable(L, index)) }

    /// Pushes `value[name]`.
    public func get(_ index: Int32, _ name: String) throws(LuaError) {
        let index = absolute(index)
        push(name)
        try get(index)
    }

    /// Pops a value and a key below it and does `value[key] = v`.
    public func set(_ index: Int32) throws(LuaError) { try check(nj_settable(L, index)) }

    /// Pops a value and does `value[name] = v`.
    public func set(_ index: Int32, _ name: String) throws(LuaError) {
        let index = absolute(index)
        push(name)
        insert(at: -2)
        try set(index)
    }

    /// Pushes `#value`.
    public func length(_ index: Int32) throws(LuaError) { try check(nj_len(L, index)) }

    /// Pushes what `tostring` gives.
    public func pushToString(_ index: Int32) throws(LuaError) { try check(nj_tostring(L, index)) }

    public func equal(_ a: Int32, _ b: Int32) throws(LuaError) -> Bool { try compare(a, b, LUA_OPEQ) }
    public func less(_ a: Int32, _ b: Int32) throws(LuaError) -> Bool { try compare(a, b, LUA_OPLT) }

    private func compare(_ a: Int32, _ b: Int32, _ operation: Int32) throws(LuaError) -> Bool {
        try check(nj_compare(L, a, b, operation))
        defer { pop() }
        return boolean(at: -1)
    }

    /// Calls the function below `arguments` values; pushes `results` values, or all with -1.
    public func call(arguments: Int32, results: Int32) throws(LuaError) {
        try ProtectedCall.run(self, arguments: arguments, results: results)
    }

    @usableFromInline
    func check(_ status: Int32) throws(LuaError) {
        if status != LUA_OK { throw LuaError.take(from: self, status: status) }
    }
}

/// The type of a Lua value, as `lua_type` gives it.
public struct LuaValueType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let none = LuaValueType(rawValue: -1)
    public static let `nil` = LuaValueType(rawValue: 0)
    public static let boolean = LuaValueType(rawValue: 1)
    public static let lightUserdata = LuaValueType(rawValue: 2)
    public static let number = LuaValueType(rawValue: 3)
    public static let string = LuaValueType(rawValue: 4)
    public static let table = LuaValueType(rawValue: 5)
    public static let function = LuaValueType(rawValue: 6)
    public static let userdata = LuaValueType(rawValue: 7)
    public static let thread = LuaValueType(rawValue: 8)

    /// The name that Lua's own messages use.
    public var description: String {
        switch rawValue {
        case -1: "no value"
        case 0: "nil"
        case 1: "boolean"
        case 2: "light userdata"
        case 3: "number"
        case 4: "string"
        case 5: "table"
        case 6: "function"
        case 7: "userdata"
        default: "thread"
        }
    }
}
