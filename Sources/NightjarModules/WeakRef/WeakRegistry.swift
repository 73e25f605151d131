import NightjarLua

/// The weak references of one interpreter.
///
/// A weak-key table of the interpreter holds a ``Sentinel`` for each referent. When the collector finds the referent unreachable, the
/// sentinel goes with it; its `deinit` only notes what is to be called, and asks for a safe point. Nothing a script wrote runs inside
/// the collector.
final class WeakRegistry {
    private static let sentinels = RegistryKey(), values = RegistryKey(), intact = RegistryKey(), canary = RegistryKey()
    static let finalizers = RegistryKey()

    private let safePoint: SafePoint
    /// Whether a script's own finalizers may bring values back to life, or see them dying.
    private let hasScriptFinalizers: Bool
    private var order = 0
    private var referents = 0
    /// What the collector noted since ``batch`` was taken.
    private var pending: [WeakLink] = []
    /// What is being delivered, the newest last.
    private var batch: [WeakLink] = []
    private var isDelivering = false
    /// Deaths of referents and of what hangs on them.
    private var activity = 0
    private var deaths = 0
    private(set) var collections = 0
    /// Whether finalizers changed while those for the exit were chosen.
    var exitIsStale = false
    private(set) var isShutDown = false
    /// Referents and links that exist, for tests.
    var liveObjects = 0
    /// Takes the text of an error that nobody can catch.
    var report: (String) -> Void = IgnoredErrors.writeToStandardError

    private init(_ state: LuaState) {
        safePoint = SafePoint(state)
        hasScriptFinalizers = state.options.allowsFinalizers
    }

    static func of(_ state: LuaState) -> WeakRegistry {
        if let known = existing(state) { return known }
        let registry = WeakRegistry(state), stack = state.stack
        makeTable(sentinels, mode: "k", stack)
        makeTable(values, mode: "v", stack)
        makeTable(intact, mode: "kv", stack)
        makeTable(canary, mode: "v", stack)
        makeTable(finalizers, mode: nil, stack)
        state.setAttachment(Home(registry))
        state.onSafePoint { [unowned registry] stack in
            // The interruption is on its way by itself.
            try? registry.deliverPending(stack)
        }
        return registry
    }

    /// The one of an interpreter that has weak references.
    static func existing(_ state: LuaState) -> WeakRegistry? { (state.attachment() as Home?)?.registry }

    /// What the interpreter keeps: it goes when the interpreter is closed, after all values.
    private final class Home {
        let registry: WeakRegistry
        init(_ registry: WeakRegistry) { self.registry = registry }

        /// Nobody will deliver what is pending, and it refers back to the registry.
        deinit {
            registry.pending = []
            registry.batch = []
        }
    }

    static func of(_ stack: LuaStack) -> WeakRegistry { of(LuaState.of(stack)) }

    private static func makeTable(_ key: RegistryKey, mode: StaticString?, _ stack: LuaStack) {
        pushWeakTable(mode: mode, stack)
        stack.registrySet(key.pointer)
    }

    /// Pushes a new table whose keys or values are weak, as `mode` says.
    static func pushWeakTable(mode: StaticString?, _ stack: LuaStack) {
        stack.newTable()
        guard let mode else { return }
        stack.newTable(record: 1)
        stack.push(mode)
        stack.rawSet(-2, "__mode")
        stack.setMetatable(-2)
    }

    func nextOrder() -> Int {
        order += 1
        return order
    }

    // MARK: Referents

    /// Whether weak references can be made to the value at `index`.
    static func canRefer(_ stack: LuaStack, to index: Int32) -> Bool {
        switch stack.type(at: index) {
        case .table: !WeakProxy.isProxy(stack, at: index)
        case .function, .thread, .userdata: true
        default: false
        }
    }

    static func checkReferent(_ stack: LuaStack, at index: Int32) throws {
        if canRefer(stack, to: index) { return }
        let type = stack.type(at: index) == .none ? "nil" : stack.typeName(at: index)
        throw LuaException(.typeError, "cannot create weak reference to '\(type)' object")
    }

    /// The referent of the value at `index`, made on first use.
    static func referent(_ stack: LuaStack, at index: Int32) throws -> Referent {
        try checkReferent(stack, at: index)
        return knownReferent(stack, at: index) ?? of(stack).makeReferent(stack, at: stack.absolute(index))
    }

    private func makeReferent(_ stack: LuaStack, at index: Int32) -> Referent {
        referents += 1
        let referent = Referent(self, number: referents)
        stack.registryGet(WeakRegistry.sentinels.pointer)
        stack.pushCopy(of: index)
        stack.pushHidden(Sentinel(referent))
        stack.rawSet(-3)
        stack.registryGet(WeakRegistry.values.pointer)
        stack.pushCopy(of: index)
        stack.rawSet(-2, referent.number)
        stack.pop(2)
        return referent
    }

    /// The referent of the value at `index` if there is one. A value that its own finalizer brought back to life has none any more.
    static func knownReferent(_ stack: LuaStack, at index: Int32) -> Referent? {
        let index = stack.absolute(index)
        guard !stack.isNilOrNone(at: index), stack.registryGet(sentinels.pointer) == .table else { return nil }
        stack.pushCopy(of: index)
        stack.rawGet(-2)
        defer { stack.pop(2) }
        return (stack.object(at: -1) as? Sentinel)?.referent
    }

    /// Pushes the value of a referent, or nil after its death.
    func push(_ referent: Referent, to stack: LuaStack) -> Bool {
        stack.registryGet(WeakRegistry.values.pointer)
        let type = stack.rawGet(-1, referent.number)
        stack.remove(at: -2)
        return type != .nil
    }

    // MARK: Keys that are being finalized

    /// Lua leaves a key with a finalizer in weak-key tables for one more cycle. As a weak value it is gone at once.
    private func needsMark(_ stack: LuaStack, _ index: Int32) -> Bool {
        stack.type(at: index) == .userdata || (hasScriptFinalizers && stack.type(at: index) == .table)
    }

    func markIntact(_ stack: LuaStack, at index: Int32) {
        guard needsMark(stack, index) else { return }
        let index = stack.absolute(index)
        stack.registryGet(WeakRegistry.intact.pointer)
        stack.pushCopy(of: index)
        stack.pushCopy(of: index)
        stack.rawSet(-3)
        stack.pop()
    }

    func isIntact(_ stack: LuaStack, at index: Int32) -> Bool {
        guard needsMark(stack, index) else { return true }
        let index = stack.absolute(index)
        stack.registryGet(WeakRegistry.intact.pointer)
        stack.pushCopy(of: index)
        defer { stack.pop(2) }
        return stack.rawGet(-2) != .nil
    }

    /// A number that changes whenever weak tables may have lost entries. What was counted after it was read stays right until then: a
    /// weakly held table made for this alone is lost in the same step as they are.
    func collectionNumber(_ stack: LuaStack) -> Int {
        stack.registryGet(WeakRegistry.canary.pointer)
        if stack.rawGet(-1, 1) == .nil {
            collections += 1
            stack.newTable()
            stack.rawSet(-3, 1)
        }
        stack.pop(2)
        return collections
    }

    // MARK: Deaths

    /// Called by the collector.
    func note(_ link: WeakLink) {
        pending.append(link)
        safePoint.request()
    }

    func noteActivity() { activity &+= 1 }

    /// Calls what is pending, the newest first, until nothing is. Calls from inside one of the callbacks leave it to the outer one.
    /// - Throws: an interruption only; what it kept from being called stays pending.
    func deliverPending(_ stack: LuaStack) throws(LuaError) {
        guard !isDelivering, !isShutDown, !LuaState.of(stack).isInsideCollector else { return }
        isDelivering = true
        defer {
            isDelivering = false
            if !pending.isEmpty || !batch.isEmpty { safePoint.request() }
        }
        try stack.reserve(20)
        let top = stack.top
        while let link = takeNewest() {
            defer { stack.setTop(top) }
            try link.deliver(to: stack)
        }
    }

    private func takeNewest() -> WeakLink? {
        if batch.isEmpty {
            swap(&batch, &pending)
            deaths += batch.count
            batch.sort { $0.order < $1.order }
        }
        return batch.popLast()
    }

    /// Collects until nothing more dies, because a callback may let go of the next object. Gives the number of notices of deaths.
    func collect(_ stack: LuaStack) throws(LuaError) -> Int {
        let state = LuaState.of(stack), before = deaths
        for _ in 0..<8 {
            let seen = activity
            state.collectGarbage()
            try deliverPending(stack)
            if activity == seen { break }
        }
        return deaths - before
    }

    /// Reports the error of a callback, as Python does. `source` says whose it was.
    /// - Throws: the error itself, if it is an interruption.
    func ignore(_ error: LuaError, in source: String) throws(LuaError) {
        if error.kind == .interrupted { throw error }
        let trace = error.traceback.isEmpty ? "" : error.traceback + "\n"
        let message = error.className.map { error.message.isEmpty ? $0 : "\($0): \(error.message)" } ?? error.message
        report("Exception ignored in: \(source)\n\(trace)\(message)\n")
    }

    // MARK: The end of the script

    /// Calls what is pending, then the finalizers that are for the exit, newest first. None runs afterwards.
    func finish(_ stack: LuaStack) throws(LuaError) {
        guard !isShutDown else { return }
        defer { isShutDown = true }
        try deliverPending(stack)
        var chosen: [Finalizer] = []
        exitIsStale = true
        while true {
            if exitIsStale {
                chosen = finalizersForExit(stack)
                exitIsStale = false
            }
            guard let next = chosen.popLast() else { break }
            let top = stack.top
            defer { stack.setTop(top) }
            try next.deliver(to: stack)
        }
    }

    private func finalizersForExit(_ stack: LuaStack) -> [Finalizer] {
        var found: [Finalizer] = []
        stack.registryGet(WeakRegistry.finalizers.pointer)
        stack.pushNil()
        while stack.next(-2) {
            if let finalizer = stack.object(at: -1) as? Finalizer, finalizer.runsAtExit { found.append(finalizer) }
            stack.pop()
        }
        stack.pop()
        return found.sorted { $0.order < $1.order }
    }
}
