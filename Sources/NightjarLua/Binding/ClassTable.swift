import CLua
import CLuaSupport
import Synchronization

/// Addresses that mark things in registry and class tables, where no script can see or forge them.
enum Key {
    static var exception: UnsafeRawPointer { nj_key_pointer(NJ_KEY_EXCEPTION) }
    static var classTable: UnsafeRawPointer { nj_key_pointer(NJ_KEY_CLASS) }
    static var nativeClass: UnsafeRawPointer { nj_key_pointer(NJ_KEY_NATIVE_CLASS) }
    static var cause: UnsafeRawPointer { nj_key_pointer(NJ_KEY_CAUSE) }
    static var metatable: UnsafeRawPointer { nj_key_pointer(NJ_KEY_METATABLE) }
    static var constructor: UnsafeRawPointer { nj_key_pointer(NJ_KEY_CONSTRUCTOR) }
    static var classNumber: UnsafeRawPointer { nj_key_pointer(NJ_KEY_CLASS_NUMBER) }
    static var objects: UnsafeRawPointer { nj_key_pointer(NJ_KEY_OBJECTS) }
}

/// Classes as scripts see them: a table that is called to construct, has `subclass`, `super` and `is`, and serves as metatable
/// of its instances where these are tables.
///
/// Instances find `class` through it. A class that a script makes has a number, the same in every interpreter of the process,
/// by which copies of it in other interpreters are recognized as the same class.
public enum ClassTable {
    private static let numbers = Atomic<Int>(0)

    /// Pushes a new class table; the parent's table, or nil, is at `parent`. With `members` it takes its functions from them when they
    /// are asked for.
    static func push(
        name: String, module: String?, parent: Int32, members: SharedFunction.Table? = nil, to stack: LuaStack
    ) {
        let parent = stack.absolute(parent)
        stack.newTable(record: 8)
        let table = stack.top
        if stack.type(at: parent) == .table { inheritMetamethods(from: parent, to: table, stack) }
        stack.push(name)
        stack.rawSet(table, "__name")
        // A script's class is the script's, wherever its parent belongs.
        if let module { stack.push(module) } else { stack.pushNil() }
        stack.rawSet(table, "__module")
        for field: StaticString in ["__index", "class"] {
            stack.pushCopy(of: table)
            stack.rawSet(table, field)
        }
        stack.pushCopy(of: table)
        stack.rawSet(table, key: Key.classTable)
        stack.newTable(record: 4)
        if stack.type(at: parent) == .table {
            stack.pushCopy(of: parent)
            stack.rawSet(table, "super")
            stack.pushCopy(of: parent)
        } else {
            stack.pushNil()
        }
        if let members { pushAccess(members, stack) }
        stack.rawSet(-2, "__index")
        construct.push(to: stack)
        stack.rawSet(-2, "__call")
        describe.push(to: stack)
        stack.rawSet(-2, "__tostring")
        stack.setMetatable(table)
    }

    /// Replaces the parent on top by an `__index` that looks into `members` first; gives the metatable below it a `__pairs`.
    private static func pushAccess(_ members: SharedFunction.Table, _ stack: LuaStack) {
        members.push(to: stack)
        lua_pushcclosure(stack.L, nj_class_pairs, 1)
        stack.rawSet(-3, "__pairs")
        members.push(to: stack)
        stack.insert(at: -2)
        lua_pushcclosure(stack.L, nj_class_index, 2)
    }

    private static func inheritMetamethods(from parent: Int32, to table: Int32, _ stack: LuaStack) {
        stack.pushNil()
        while stack.next(parent) {
            if stack.type(at: -2) == .string, stack.bytes(at: -2).starts(with: [95, 95]) {
                stack.pushCopy(of: -2)
                stack.pushCopy(of: -2)
                stack.rawSet(table)
            }
            stack.pop()
        }
    }

    // MARK: What class tables can do

    private static let construct = SharedFunction("construct") { try ClassTable.construct($0) }
    private static let describe = SharedFunction("tostring") { try ClassTable.describe($0) }

    /// What the root of a hierarchy has.
    static let rootFunctions: [(name: String, function: SharedFunction?)] = [
        ("subclass", SharedFunction("subclass", isMethod: true) { try ClassTable.subclass($0) }),
        ("is", SharedFunction("is", isMethod: true) { try ClassTable.contains($0) }),
        ("init", SharedFunction("init", isMethod: true) { _ in 0 }),
    ]
    /// `Class(...)`
    private static func construct(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        try stack.reserve(call.count + 8)
        if pushInherited(Key.constructor, of: 1, stack) {
            stack.insert(at: 1)
            try stack.call(arguments: stack.top - 1, results: 1)
            return 1
        }
        if refusesFinalizer(of: 1, stack) {
            throw LuaException(
                .typeError, "'__gc' is refused here, because it could not be interrupted: use weakref.finalize")
        }
        stack.newTable(record: 4)
        stack.pushCopy(of: 1)
        stack.setMetatable(-2)
        try initialize(stack)
        return 1
    }

    /// Whether the class table at `index` has a finalizer where the interpreter allows none. The table serves as metatable, and
    /// scripts can put into it what they like.
    static func refusesFinalizer(of index: Int32, _ stack: LuaStack) -> Bool {
        guard nj_context_of(stack.L).pointee.refuse_gc else { return false }
        defer { stack.pop() }
        return stack.rawGet(index, "__gc") != .nil
    }

    /// Calls `init` on the instance on top with the arguments from 2 on; leaves the instance on top.
    static func initialize(_ stack: LuaStack) throws {
        let instance = stack.top
        try stack.get(instance, "init")
        guard stack.type(at: -1) == .function else { return stack.pop() }
        stack.pushCopy(of: instance)
        for index in stride(from: Int32(2), to: instance, by: 1) { stack.pushCopy(of: index) }
        try stack.call(arguments: instance - 1, results: 0)
    }

    /// Pushes the raw value of `key` of the class at `index` or its nearest ancestor that has one.
    static func pushInherited(_ key: UnsafeRawPointer, of index: Int32, _ stack: LuaStack) -> Bool {
        stack.pushCopy(of: index)
        while stack.type(at: -1) == .table {
            if stack.rawGet(-1, key: key) != .nil {
                stack.remove(at: -2)
                return true
            }
            stack.pop()
            stack.rawGet(-1, "super")
            stack.remove(at: -2)
        }
        stack.pop()
        return false
    }

    private static func describe(_ call: LuaCall) throws -> Int32 {
        try call.results("<class '\(qualifiedName(call.stack, at: 1))'>")
    }

    /// `queue.Empty` for the class table at `index`.
    public static func qualifiedName(_ stack: LuaStack, at index: Int32) -> String {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard stack.rawGet(index, "__name") == .string else { return "?" }
        let name = stack.string(at: -1)
        return stack.rawGet(index, "__module") == .string ? "\(stack.string(at: -1)).\(name)" : name
    }

    /// `Parent:subclass("Name")`
    private static func subclass(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard isClass(stack, at: 1) else { throw call.badArgument(1, "class expected, got \(stack.typeName(at: 1))") }
        if let type = LuaType.native(stack, classAt: 1), type.isFinal {
            throw LuaException(.typeError, "type '\(qualifiedName(stack, at: 1))' is not an acceptable base type")
        }
        pushSubclass(of: 1, name: try call.argument(2), number: nil, to: stack)
        return 1
    }

    /// Pushes a new subclass of the class at `parent`. A number is given where a class of another interpreter is copied.
    public static func pushSubclass(of parent: Int32, name: String, number: Int?, to stack: LuaStack) {
        let parent = stack.absolute(parent)
        push(name: name, module: nil, parent: parent, to: stack)
        let table = stack.top
        if stack.rawGet(parent, key: Key.exception) != .nil {
            stack.rawSet(table, key: Key.exception)
        } else {
            stack.pop()
        }
        if stack.rawGet(parent, key: Key.metatable) == .table {
            ObjectMetatable.derive(from: stack.top, for: table, name: name, stack)
            stack.rawSet(table, key: Key.metatable)
        }
        stack.setTop(table)
        let number = number ?? numbers.add(1, ordering: .relaxed).newValue
        stack.push(number)
        stack.rawSet(table, key: Key.classNumber)
        pushNumbered(stack)
        stack.pushCopy(of: table)
        stack.rawSet(-2, number)
        stack.pop()
    }

    private static func pushNumbered(_ stack: LuaStack) {
        if stack.registryGet(Key.classNumber) == .table { return }
        stack.pop()
        stack.newTable()
        stack.pushCopy(of: -1)
        stack.registrySet(Key.classNumber)
    }

    /// Pushes the class with this number, if this interpreter has it; pushes nothing otherwise.
    public static func pushClass(number: Int, to stack: LuaStack) -> Bool {
        pushNumbered(stack)
        stack.rawGet(-1, number)
        stack.remove(at: -2)
        if stack.type(at: -1) == .table { return true }
        stack.pop()
        return false
    }

    /// The number of the class table at `index`; nil if no script made it.
    public static func number(_ stack: LuaStack, at index: Int32) -> Int? {
        defer { stack.pop() }
        return stack.rawGet(index, key: Key.classNumber) == .number ? Int(stack.integer(at: -1)) : nil
    }

    public static func isClass(_ stack: LuaStack, at index: Int32) -> Bool {
        let index = stack.absolute(index)
        guard stack.type(at: index) == .table else { return false }
        defer { stack.pop() }
        stack.rawGet(index, key: Key.classTable)
        return stack.rawEqual(-1, index)
    }

    /// Pushes the class of the instance at `index`; false, and nothing pushed, where it is no instance.
    public static func pushClass(of index: Int32, _ stack: LuaStack) -> Bool {
        guard stack.type(at: index) == .table || stack.type(at: index) == .userdata, stack.pushMetatable(of: index)
        else {
            return false
        }
        stack.rawGet(-1, key: Key.classTable)
        stack.remove(at: -2)
        if stack.type(at: -1) == .table { return true }
        stack.pop()
        return false
    }

    /// `Class:is(value)`
    private static func contains(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard pushClass(of: 2, stack) else { return try call.results(false) }
        while stack.type(at: -1) == .table {
            if stack.rawEqual(-1, 1) { return try call.results(true) }
            stack.rawGet(-1, "super")
            stack.remove(at: -2)
        }
        return try call.results(false)
    }
}
