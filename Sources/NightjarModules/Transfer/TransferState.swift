import NightjarLua

/// What an interpreter knows about crossing: found once, asked for every message.
final class TransferState {
    private unowned let state: LuaState
    /// The address of the table of globals, which stays the same.
    let globals: UnsafeRawPointer?
    let stringMetatable: UnsafeRawPointer?
    /// The names of standard C functions.
    private(set) lazy var standardFunctions = ScriptEnvironment.of(state).standardFunctions.names
    let codes = FunctionCodes()

    private var modules = LoadedModules()

    private static let finalizerField = RegistryKey(), indexField = RegistryKey()

    @inline(__always)
    static func of(_ stack: LuaStack) -> TransferState { stack.companion(as: TransferState.self) ?? make(stack) }

    @inline(never)
    private static func make(_ stack: LuaStack) -> TransferState {
        let state = LuaState.of(stack), made = TransferState(state, stack)
        state.setCompanion(made)
        return made
    }

    private init(_ state: LuaState, _ stack: LuaStack) {
        self.state = state
        let top = stack.top
        stack.pushGlobals()
        globals = stack.pointer(at: -1)
        stringMetatable = stack.pushStringMetatable() ? stack.pointer(at: -1) : nil
        stack.setTop(top)
        // In the registry, so that using them makes no string: that could start the collector, and finalizers with it.
        stack.push("__gc")
        stack.registrySet(TransferState.finalizerField.pointer)
        stack.push("__index")
        stack.registrySet(TransferState.indexField.pointer)
        LoadedModules.keepTable(stack)
    }

    deinit { modules.release() }

    var allowsFinalizers: Bool { state.options.allowsFinalizers }

    // MARK: Long messages

    /// For the way out: nothing in Lua may change while it lasts, so memory is not collected.
    func checkInterruption() throws {
        if state.mustStopWaiting { throw state.interruptedError() }
    }

    func checkpoint(growth: Int = 0) throws(LuaError) { try state.checkpoint(growth: growth) }

    /// More than a message makes in Lua.
    private static let credit: Int32 = 1 << 20

    /// Stops the collector, whose finalizers could change what is being written; false if it does not run anyway.
    func stopCollector() -> Bool {
        guard state.isCollectorRunning else { return false }
        state.postponeCollector(kilobytes: TransferState.credit)
        return true
    }

    func restartCollector() { state.postponeCollector(kilobytes: -TransferState.credit) }

    // MARK: Metatables

    static func pushFinalizerField(_ stack: LuaStack) { stack.registryGet(finalizerField.pointer) }

    /// Whether the metatable at `index` has a finalizer.
    static func hasFinalizer(_ stack: LuaStack, metatableAt index: Int32) -> Bool {
        let index = stack.absolute(index)
        pushFinalizerField(stack)
        defer { stack.pop() }
        return stack.rawGet(index) != .nil
    }

    /// Whether the value at `index` is the table of globals, or a table that has what it has not from there by `__index`. Pushes the
    /// tables on the way, that of globals excepted, if so, and nothing otherwise.
    func pushesWay(toGlobalsFrom index: Int32, _ stack: LuaStack) -> Bool {
        let top = stack.top
        var table = stack.absolute(index)
        // As many as an environment may plausibly stand on; a cycle ends too.
        for _ in 0..<4 {
            guard stack.type(at: table) == .table else { break }
            if stack.pointer(at: table) == globals { return true }
            stack.pushCopy(of: table)
            table = stack.top
            guard stack.pushMetatable(of: table) else { break }
            stack.registryGet(TransferState.indexField.pointer)
            stack.rawGet(-2)
            stack.remove(at: -2)
            table = stack.top
            if stack.pointer(at: table) == globals, globals != nil {
                stack.pop()
                return true
            }
        }
        stack.setTop(top)
        return false
    }

    // MARK: Modules

    /// What `package.loaded` has under the address `pointer`, which is that of the value at `index`; nil if nothing.
    @inline(__always)
    func module(at pointer: UnsafeRawPointer, _ index: Int32, _ stack: LuaStack) -> LoadedModules.Module? {
        if modules.seen != state.modulesAdded { modules.read(state, stack) }
        guard let position = modules.position(of: pointer) else { return nil }
        return modules.module(position, at: index, stack)
    }

    /// Whether another interpreter finds one of the names that `module` has here.
    func canBeFound(_ module: LoadedModules.Module, _ stack: LuaStack) -> Bool {
        modules.canBeFound(module, state, stack)
    }

    /// Pushes what `require` gives for the first of the names for which it gives something.
    func pushModule(_ names: [String], to stack: LuaStack) throws(LuaError) {
        for name in names.dropLast() {
            if (try? pushModule(name, to: stack)) != nil { return }
        }
        try pushModule(names.last ?? "", to: stack)
    }

    /// Pushes what `require(name)` gives, without a call where the module is there.
    func pushModule(_ name: String, to stack: LuaStack) throws(LuaError) {
        LoadedModules.pushTable(stack)
        let type = stack.rawGet(-1, name)
        stack.remove(at: -2)
        if type == .nil || type == .boolean {
            stack.pop()
            try state.pushModule(name, to: stack)
        }
    }
}

extension LuaStack {
    /// Pushes the metatable of strings; false, and nothing pushed, without the string library.
    func pushStringMetatable() -> Bool {
        push("")
        let top = top
        guard pushMetatable(of: top) else {
            pop()
            return false
        }
        remove(at: top)
        return true
    }
}
