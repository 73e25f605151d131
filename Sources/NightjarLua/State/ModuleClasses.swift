import CLuaSupport

/// The classes of a module, which are made when a script first asks for them: most scripts use few of those that a module has, and each
/// thread that uses the module has it for itself.
enum ModuleClasses {
    /// In the metatable of the module's table: a table of classes by name that are yet to be made, as addresses of Swift objects.
    private static let pending = RegistryKey()
    /// In the same place: the `__index` that the module has set itself.
    private static let fallback = RegistryKey()

    private static let indexFunction = SharedFunction("index") { try index($0) }
    private static let pairsFunction = SharedFunction("pairs") { pairs($0) }

    /// Lets the module's table at `table` find the classes. A metatable that it has already goes on to serve.
    static func install(_ classes: [(name: String, object: AnyObject)], in table: Int32, _ stack: LuaStack) {
        guard !classes.isEmpty else { return }
        let top = stack.top
        defer { stack.setTop(top) }
        if !stack.pushMetatable(of: table) {
            stack.newTable(record: 4)
            stack.pushCopy(of: -1)
            stack.setMetatable(table)
        }
        let metatable = stack.top
        stack.rawGet(metatable, "__index")
        stack.rawSet(metatable, key: fallback.pointer)
        stack.newTable(record: classes.count)
        for (name, object) in classes {
            // Its address must stay its own.
            stack.push(pointer: UnsafeRawPointer(Unmanaged.passRetained(object).toOpaque()))
            stack.rawSet(-2, name)
        }
        stack.rawSet(metatable, key: pending.pointer)
        indexFunction.push(to: stack)
        stack.rawSet(metatable, "__index")
        pairsFunction.push(to: stack)
        stack.rawSet(metatable, "__pairs")
        // Scripts must not put other addresses there.
        stack.push(false)
        stack.rawSet(metatable, "__metatable")
    }

    private static func index(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(2)
        guard stack.pushMetatable(of: 1) else { return 0 }
        if stack.rawGet(3, key: pending.pointer) == .table {
            stack.pushCopy(of: 2)
            stack.rawGet(4)
            if pushClass(stack) {
                stack.pushCopy(of: 2)
                stack.pushCopy(of: -2)
                stack.rawSet(1)
                return 1
            }
        }
        stack.rawGet(3, key: fallback.pointer)
        guard stack.type(at: -1) == .function else { return 0 }
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 1)
        return 1
    }

    /// Makes all that are left, and goes through the table.
    private static func pairs(_ call: LuaCall) -> Int32 {
        let stack = call.stack
        stack.setTop(1)
        if stack.pushMetatable(of: 1), stack.rawGet(2, key: pending.pointer) == .table {
            stack.pushNil()
            while stack.next(3) {
                defer { stack.setTop(4) }
                stack.pushCopy(of: 4)
                guard stack.rawGet(1) == .nil else { continue }
                stack.setTop(5)
                guard pushClass(stack) else { continue }
                stack.pushCopy(of: 4)
                stack.insert(at: -2)
                stack.rawSet(1)
            }
        }
        nj_push_next(stack.L)
        stack.pushCopy(of: 1)
        stack.pushNil()
        return 3
    }

    /// Pushes the class whose object's address is on top; false, and nothing pushed, where there is none.
    private static func pushClass(_ stack: LuaStack) -> Bool {
        guard stack.type(at: -1) == .lightUserdata, let address = stack.userdata(at: -1) else { return false }
        switch Unmanaged<AnyObject>.fromOpaque(address).takeUnretainedValue() {
        case let type as LuaType: type.pushClass(to: stack)
        case let exception as LuaExceptionClass: exception.push(to: stack)
        default: return false
        }
        return true
    }
}
