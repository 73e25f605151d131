import NightjarLua

/// The modules of one interpreter by their addresses, so that they cross by name.
struct LoadedModules {
    struct Module {
        /// Its names in `package.loaded` as far as they still stand for it; of one of `package`'s own tables, its name in `package`.
        var names: [String]
        /// One of the tables that `package` keeps modules in.
        let isPartOfPackage: Bool
        fileprivate let position: Int
    }

    private struct Entry {
        var names: [String] = []
        var isPartOfPackage = false
        /// Once found it is not looked for again.
        var canBeFound = false
    }

    private static let loaded = RegistryKey()

    private var positions = PointerTable()
    private var entries: [Entry] = []
    /// The value of `LuaState.modulesAdded` when they were read; nil before.
    private(set) var seen: UInt32?

    /// Notes the table `package.loaded` where it is found without a name: making one could start the collector.
    static func keepTable(_ stack: LuaStack) {
        stack.pushRegistryTable("_LOADED")
        stack.registrySet(loaded.pointer)
    }

    static func pushTable(_ stack: LuaStack) { stack.registryGet(loaded.pointer) }

    /// To be called once at the end.
    mutating func release() { positions.release() }

    // MARK: Reading

    mutating func read(_ state: LuaState, _ stack: LuaStack) {
        seen = state.modulesAdded
        positions.release()
        positions = PointerTable()
        entries = []
        let top = stack.top
        defer { stack.setTop(top) }
        LoadedModules.pushTable(stack)
        stack.pushNil()
        while stack.next(top + 1) {
            if stack.type(at: -2) == .string, let pointer = stack.pointer(at: -1), stack.type(at: -1) != .string {
                entry(pointer) { $0.names.append(stack.string(at: -2)) }
            }
            stack.pop()
        }
        guard Baseline.push("package", stack), stack.type(at: -1) == .table else { return }
        for name in ["loaded", "preload", "searchers"] {
            if stack.rawGet(top + 2, name) == .table, let pointer = stack.pointer(at: -1) {
                entry(pointer) { $0 = Entry(names: [name], isPartOfPackage: true) }
            }
            stack.pop()
        }
    }

    private mutating func entry(_ pointer: UnsafeRawPointer, _ change: (inout Entry) -> Void) {
        if let known = positions.find(pointer) { return change(&entries[known.pointee.first]) }
        positions.add(pointer, entries.count, 0)
        entries.append(Entry())
        change(&entries[entries.count - 1])
    }

    // MARK: Finding

    @inline(__always)
    func position(of pointer: UnsafeRawPointer) -> Int? { positions.find(pointer)?.pointee.first }

    /// The module, unless the address is by now that of something else: of the value at `index`.
    func module(_ position: Int, at index: Int32, _ stack: LuaStack) -> Module? {
        let entry = entries[position], index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        if entry.isPartOfPackage {
            guard Baseline.push("package", stack), stack.type(at: -1) == .table else { return nil }
        } else {
            LoadedModules.pushTable(stack)
        }
        let names = entry.names.filter { name in
            stack.setTop(top + 1)
            stack.rawGet(top + 1, name)
            return stack.rawEqual(-1, index)
        }
        guard !names.isEmpty else { return nil }
        return Module(names: names, isPartOfPackage: entry.isPartOfPackage, position: position)
    }

    /// Whether another interpreter of the program finds one of the names: it has the module from the start, or `require` knows where
    /// to look for it. What a script has put into `package.loaded` itself is found nowhere else.
    mutating func canBeFound(_ module: Module, _ state: LuaState, _ stack: LuaStack) -> Bool {
        if entries[module.position].canBeFound { return true }
        let found = module.names.contains { Baseline.hasModule($0, stack) || state.canFindModule($0) }
        entries[module.position].canBeFound = found
        return found
    }
}
