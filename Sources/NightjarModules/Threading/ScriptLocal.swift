import NightjarLua

/// `threading.Local`, Python's `local`: an object whose attributes are each thread's own.
///
/// They are the fields of its userdata in the interpreter of the thread. They do not cross; the object does, by reference. A subclass' `init`
/// runs again in each thread, with the arguments of the constructor, before that thread's first look at an attribute.
final class ScriptLocal: CrossesThreads {
    /// What `init` gets in other threads, or why that cannot be had there.
    let arguments: Result<PackedValues, TransferError>

    private init(_ call: LuaCall) throws {
        let stack = call.stack
        guard call.count > 1 else {
            arguments = .success(.none)
            return
        }
        guard try ScriptLocal.hasInit(stack, classAt: 1) else {
            throw LuaException(.typeError, "Initialization arguments are not supported")
        }
        do {
            arguments = .success(try PackedValues(stack, from: 2) { .argument($0 + 1) })
        } catch let error as TransferError {
            // Only who takes the object to another thread has to know.
            arguments = .failure(error)
        }
    }

    static let luaType = LuaType(
        "Local", for: ScriptLocal.self, module: "threading", doc: "An object whose attributes are each thread's own."
    ) {
        $0.subclassable { call in try ScriptLocal(call) }
        $0.property(
            "__dict__", doc: "The attributes in this thread.",
            rawGet: { _, call in
                ThreadFields.pushTable(of: 1, call.stack)
                return 1
            })
        $0.metamethod("__pairs") { _, call in
            let stack = call.stack
            guard Baseline.push("next", stack) else { throw LuaException(.nameError, "there is no 'next'") }
            ThreadFields.pushTable(of: 1, stack)
            stack.pushNil()
            return 3
        }
        $0.metamethod("__tostring") { local, call in
            try call.results("<\(ObjectText.className(call)) object at \(ObjectText.address(local))>")
        }
    }

    /// Whether the class at `index` has an `init` of its own.
    private static func hasInit(_ stack: LuaStack, classAt index: Int32) throws -> Bool {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        luaType.pushClass(to: stack)
        try stack.get(-1, "init")
        try stack.get(index, "init")
        return !stack.rawEqual(-1, -2)
    }

    func push(to stack: LuaStack) throws(LuaError) {
        ScriptLocal.luaType.pushClass(to: stack)
        LuaType.pushInstance(self, classAt: -1, to: stack)
        stack.remove(at: -2)
        arrive(stack, at: stack.top)
    }

    // MARK: From thread to thread

    /// To call when the instance at `index` is about to cross: from here on another thread may keep the object, and its attributes here
    /// have to live as long, though nothing here refers to it.
    /// - Throws: why it cannot.
    static func leave(_ stack: LuaStack, at index: Int32) throws(TransferError) {
        guard let local = stack.object(at: index) as? ScriptLocal else { return }
        _ = try local.arguments.get()
        let attributes = LocalAttributes.of(stack)
        guard attributes[local] == nil else { return }
        ThreadFields.pushTable(of: index, stack)
        attributes[local] = LocalAttributes.Entry(local: local, fields: LuaReference(stack, at: -1), isReady: true)
        stack.pop()
    }

    /// To call when the object has come from another thread and its instance is at `index`.
    func arrive(_ stack: LuaStack, at index: Int32) {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard (try? stack.reserve(8)) != nil else { return }
        let attributes = LocalAttributes.of(stack)
        if attributes[self] == nil {
            ThreadFields.pushTable(of: index, stack)
            let isScriptClass = LuaType.native(stack, instanceAt: index) != nil && isOfScriptClass(stack, index)
            attributes[self] = LocalAttributes.Entry(
                local: self, fields: LuaReference(stack, at: -1), isReady: !isScriptClass)
        }
        guard let entry = attributes[self], entry.fields.push(to: stack) else { return }
        stack.setUserValue(of: index)
        if !entry.isReady { LocalInitialization.putOff(stack, at: index) }
    }

    private func isOfScriptClass(_ stack: LuaStack, _ index: Int32) -> Bool {
        guard ClassTable.pushClass(of: index, stack) else { return false }
        defer { stack.pop() }
        return ClassTable.number(stack, at: -1) != nil
    }
}

/// The attributes of those locals that have crossed, in one interpreter: of one that is here no more but alive elsewhere, too.
final class LocalAttributes {
    struct Entry {
        weak var local: ScriptLocal?
        let fields: LuaReference
        /// Whether `init` has run here, where there is one.
        var isReady: Bool
    }
    private var entries: [ObjectIdentifier: Entry] = [:]
    private var limit = 32

    static func of(_ stack: LuaStack) -> LocalAttributes { LuaState.of(stack).attachment { LocalAttributes() } }

    subscript(local: ScriptLocal) -> Entry? {
        get {
            // An address may have been used before.
            guard let entry = entries[ObjectIdentifier(local)], entry.local === local else { return nil }
            return entry
        }
        set {
            entries[ObjectIdentifier(local)] = newValue
            guard entries.count > limit else { return }
            entries = entries.filter { $0.value.local != nil }
            limit = max(32, 2 * entries.count)
        }
    }
}

/// Puts off a subclass' `init` in a thread until somebody there looks at an attribute.
private enum LocalInitialization {
    /// Where a metatable that waits keeps the one that it stands for.
    private static let original = RegistryKey()

    /// Gives the instance at `index` a metatable whose access functions run `init` first.
    static func putOff(_ stack: LuaStack, at index: Int32) {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard (try? stack.reserve(8)) != nil, stack.pushMetatable(of: index) else { return }
        let old = stack.top
        if stack.rawGet(old, key: original.pointer) != .nil { return }
        stack.setTop(old)
        stack.newTable(record: 12)
        let new = stack.top
        stack.pushNil()
        while stack.next(old) {
            stack.pushCopy(of: -2)
            stack.insert(at: -2)
            stack.rawSet(new)
        }
        stack.pushCopy(of: old)
        stack.rawSet(new, key: original.pointer)
        replace("__index", new, stack) { call in
            call.stack.setTop(2)
            try call.stack.get(1)
            return 1
        }
        replace("__newindex", new, stack) { call in
            call.stack.setTop(3)
            try call.stack.set(1)
            return 0
        }
        replace("__pairs", new, stack) { call in
            let stack = call.stack
            stack.setTop(1)
            guard stack.pushMetatable(of: 1), stack.rawGet(2, "__pairs") != .nil else { return 0 }
            stack.pushCopy(of: 1)
            try stack.call(arguments: 1, results: 3)
            return 3
        }
        stack.setTop(new)
        stack.setMetatable(index)
    }

    private static func replace(
        _ name: StaticString, _ metatable: Int32, _ stack: LuaStack, _ access: @escaping (LuaCall) throws -> Int32
    ) {
        let function = try? LuaState.of(stack).function("\(name)") { call in
            let given = call.count
            try run(call)
            call.stack.setTop(given)
            return try access(call)
        }
        guard let function, (try? function.push(to: stack)) != nil else { return }
        stack.rawSet(metatable, name)
    }

    /// Runs `init`; an error in it leaves the object as it was, to try again at the next look.
    private static func run(_ call: LuaCall) throws {
        let stack = call.stack
        guard let local = stack.object(at: 1) as? ScriptLocal, stack.pushMetatable(of: 1) else { return }
        let waiting = stack.top
        guard stack.rawGet(waiting, key: original.pointer) == .table else { return }
        stack.setMetatable(1)
        let attributes = LocalAttributes.of(stack)
        attributes[local]?.isReady = true
        do {
            try stack.get(1, "init")
            stack.pushCopy(of: 1)
            let arguments = try local.arguments.get()
            try arguments.push(to: stack)
            try stack.call(arguments: Int32(arguments.count) + 1, results: 0)
        } catch {
            stack.setTop(waiting)
            stack.setMetatable(1)
            attributes[local]?.isReady = false
            ThreadFields.clear(1, stack)
            throw error
        }
    }
}
