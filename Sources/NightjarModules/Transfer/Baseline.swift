import NightjarLua

/// The globals that an interpreter starts with. What differs from them, a script has defined.
enum Baseline {
    private static let table = RegistryKey(), modules = RegistryKey(), arrived = RegistryKey()

    /// Where `require` looks: a field of `package`.
    enum SearchPath: Int, CaseIterable {
        case lua, native

        fileprivate var field: String { self == .lua ? "path" : "cpath" }
        fileprivate var original: RegistryKey { self == .lua ? SearchPath.originalPath : SearchPath.originalNativePath }

        private static let originalPath = RegistryKey(), originalNativePath = RegistryKey()
    }

    /// Notes the globals as they are now. Called once, before any script runs.
    /// - Parameter hasOwnModules: whether `package.loaded` has more than Lua puts there.
    static func note(_ stack: LuaStack, hasOwnModules: Bool) {
        let top = stack.top
        stack.pushGlobals()
        stack.pushCopy(ofTable: -1, count: 48)
        if stack.rawGet(top + 1, "package") == .table {
            for path in SearchPath.allCases {
                stack.rawGet(top + 3, path.field)
                stack.registrySet(path.original.pointer)
            }
        }
        stack.setTop(top + 2)
        stack.registrySet(table.pointer)
        if hasOwnModules {
            stack.pushRegistryTable("_LOADED")
            stack.pushCopy(ofTable: -1, count: 32)
            stack.registrySet(modules.pointer)
        }
        stack.setTop(top)
    }

    /// Whether every interpreter starts with the module `name` that this one has: a library of Lua's, or what the application has put
    /// into `package.loaded`.
    static func hasModule(_ name: String, _ stack: LuaStack) -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        LoadedModules.pushTable(stack)
        stack.rawGet(-1, name)
        if name == "_G" || push(name, stack) && stack.rawEqual(-1, top + 2) { return true }
        return stack.registryGet(modules.pointer) == .table && stack.rawGet(-1, name) != .nil
            && stack.rawEqual(-1, top + 2)
    }

    /// Whether the value at `value` is what the global with the name at `name` was at the start.
    static func isOriginal(nameAt name: Int32, valueAt value: Int32, _ stack: LuaStack) -> Bool {
        let name = stack.absolute(name), value = stack.absolute(value)
        let type = stack.registryGet(table.pointer)
        defer { stack.pop() }
        guard type == .table else { return false }
        stack.pushCopy(of: name)
        stack.rawGet(-2)
        defer { stack.pop() }
        return stack.rawEqual(-1, value)
    }

    /// Pushes the original global `name`; false if there is none.
    static func push(_ name: String, _ stack: LuaStack) -> Bool {
        guard stack.registryGet(table.pointer) == .table else { return false }
        let type = stack.rawGet(-1, name)
        stack.remove(at: -2)
        return type != .nil
    }

    /// Pushes the table of the original globals, or nil.
    static func pushAll(_ stack: LuaStack) { stack.registryGet(table.pointer) }

    static func name(of index: Int32, inTableOnTop stack: LuaStack) -> String? {
        stack.pushNil()
        while stack.next(-2) {
            if stack.type(at: -2) == .string, stack.rawEqual(-1, index) { return stack.string(at: -2) }
            stack.pop()
        }
        return nil
    }

    // MARK: Globals of others

    /// Pops a value and defines the global `name`, unless a script of this interpreter has one of its own. One that came with an
    /// earlier message gives way: a function finds the globals as they were when it was sent.
    static func define(_ name: UnsafeRawBufferPointer, _ stack: LuaStack) {
        let value = stack.top
        defer { stack.setTop(value - 1) }
        stack.push(name)
        stack.pushGlobals()
        stack.pushCopy(of: value + 1)
        guard
            stack.rawGet(-2) == .nil || isOriginal(nameAt: value + 1, valueAt: -1, stack)
                || hasArrived(value + 1, stack)
        else { return }
        stack.setTop(value + 2)
        stack.pushCopy(of: value + 1)
        stack.pushCopy(of: value)
        stack.rawSet(value + 2)
        pushArrived(stack)
        stack.pushCopy(of: value + 1)
        stack.push(true)
        stack.rawSet(-3)
    }

    private static func hasArrived(_ name: Int32, _ stack: LuaStack) -> Bool {
        pushArrived(stack)
        stack.pushCopy(of: name)
        defer { stack.pop(2) }
        return stack.rawGet(-2) != .nil
    }

    /// The names of the globals that came with messages.
    private static func pushArrived(_ stack: LuaStack) {
        if stack.registryGet(arrived.pointer) == .table { return }
        stack.pop()
        stack.newTable()
        stack.pushCopy(of: -1)
        stack.registrySet(arrived.pointer)
    }

    // MARK: package.path

    /// Pushes `package.path` or `package.cpath` if a script has changed it; pushes nothing otherwise.
    static func pushChanged(_ path: SearchPath, _ stack: LuaStack) -> Bool {
        let top = stack.top
        guard stack.registryGet(path.original.pointer) == .string, push("package", stack), stack.type(at: -1) == .table,
            stack.rawGet(-1, path.field) == .string, !stack.rawEqual(-1, top + 1)
        else {
            stack.setTop(top)
            return false
        }
        stack.replace(at: top + 1)
        stack.setTop(top + 1)
        return true
    }

    /// Takes over a path of a sender's, unless a script has changed it here too. What came with an earlier message gives way, as with
    /// globals.
    static func take(_ path: SearchPath, _ bytes: UnsafeRawBufferPointer, _ stack: LuaStack) {
        let top = stack.top
        defer { stack.setTop(top) }
        if pushChanged(path, stack), !hasArrived(path, stack) { return }
        guard push("package", stack), stack.type(at: -1) == .table else { return }
        stack.push(bytes)
        stack.pushCopy(of: -1)
        stack.rawSet(-3, path.field)
        pushArrived(stack)
        stack.insert(at: -2)
        stack.rawSet(-2, path.arrivedKey)
    }

    /// Whether the path on top is the one that came with a message.
    private static func hasArrived(_ path: SearchPath, _ stack: LuaStack) -> Bool {
        pushArrived(stack)
        stack.rawGet(-1, path.arrivedKey)
        defer { stack.pop(2) }
        return stack.rawEqual(-1, -3)
    }
}

extension Baseline.SearchPath {
    /// No global can have this number as its name.
    fileprivate var arrivedKey: Int { rawValue + 1 }
}
