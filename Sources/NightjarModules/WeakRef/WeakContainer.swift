import NightjarLua

/// What the weak collections share: one weak Lua table in the storage of the userdata, from which the collector takes dead entries
/// by itself.
class WeakContainer {
    enum Kind { case valueDictionary, keyDictionary, set }

    let kind: Kind
    let registry: WeakRegistry
    /// Entries, as of `countedAt`.
    private var counted = 0
    private var countedAt = -1
    /// Changes with every new key: a traversal cannot go on then.
    private(set) var insertions = 0

    init(_ kind: Kind, _ registry: WeakRegistry) {
        self.kind = kind
        self.registry = registry
        registry.liveObjects += 1
    }

    deinit { registry.liveObjects -= 1 }

    // MARK: The table

    /// Gives the instance at `index` an empty table.
    final func reset(_ stack: LuaStack, at index: Int32) {
        let index = stack.absolute(index)
        let mode: StaticString =
            switch kind {
            case .valueDictionary: "v"
            case .keyDictionary: "k"
            case .set: "kv"
            }
        WeakRegistry.pushWeakTable(mode: mode, stack)
        stack.setStorage(of: index)
        insertions += 1
        countedAt = -1
    }

    /// Pushes the value of the key at `key`; nil where there is none. `table` is the weak table.
    final func pushValue(_ stack: LuaStack, _ table: Int32, _ key: Int32) -> Bool {
        let key = stack.absolute(key)
        stack.pushCopy(of: key)
        guard stack.rawGet(table) != .nil else { return false }
        if kind == .keyDictionary, !registry.isIntact(stack, at: key) {
            stack.pop()
            stack.pushNil()
            return false
        }
        return true
    }

    /// Stores the value at `value`, which is not nil, under the key at `key`.
    final func store(_ stack: LuaStack, _ table: Int32, _ key: Int32, _ value: Int32) throws {
        let key = stack.absolute(key), value = stack.absolute(value)
        try WeakRegistry.checkReferent(stack, at: kind == .valueDictionary ? value : key)
        let isNew = !pushValue(stack, table, key)
        stack.pop()
        if kind == .keyDictionary { registry.markIntact(stack, at: key) }
        stack.pushCopy(of: key)
        stack.pushCopy(of: value)
        guard stack.rawSet(table) else { throw LuaException(.typeError, "a key cannot be nil or NaN") }
        guard isNew else { return }
        insertions += 1
        counted += 1
    }

    /// Removes the key at `key`; false if it was not there.
    @discardableResult
    final func remove(_ stack: LuaStack, _ table: Int32, _ key: Int32) -> Bool {
        let key = stack.absolute(key)
        let isThere = pushValue(stack, table, key)
        stack.pop()
        guard isThere else { return false }
        counted -= 1
        stack.pushCopy(of: key)
        stack.pushNil()
        stack.rawSet(table)
        return true
    }

    /// Pops a key, pushes the next living key and its value; nothing at the end.
    final func next(_ stack: LuaStack, _ table: Int32) -> Bool {
        while stack.next(table) {
            if kind != .keyDictionary || registry.isIntact(stack, at: -2) { return true }
            stack.pop()
        }
        return false
    }

    /// Removes some entry and pushes its key and value; false, and nothing pushed, where there is none.
    ///
    /// Lua's `next` from the start passes over all slots that were emptied before. So the key that came next is remembered, weakly, in
    /// the metatable of the weak table, and the next removal begins there.
    final func removeAny(_ stack: LuaStack, _ table: Int32) -> Bool {
        guard count(stack, table) > 0 else { return false }
        let finger = pushFinger(stack, table)
        stack.rawGet(finger, 1)
        if stack.type(at: -1) != .nil, !pushValue(stack, table, -1) {
            stack.pop(2)
            stack.pushNil()
        }
        if stack.type(at: -1) == .nil, !next(stack, table) {
            stack.pop()
            return false
        }
        stack.pushCopy(of: -2)
        if next(stack, table) { stack.pop() } else { stack.pushNil() }
        stack.rawSet(finger, 1)
        remove(stack, table, -2)
        stack.remove(at: finger)
        return true
    }

    /// Pushes the table that remembers where to go on.
    private func pushFinger(_ stack: LuaStack, _ table: Int32) -> Int32 {
        _ = stack.pushMetatable(of: table)
        if stack.rawGet(-1, "finger") != .table {
            stack.pop()
            WeakRegistry.pushWeakTable(mode: "v", stack)
            stack.pushCopy(of: -1)
            stack.rawSet(-3, "finger")
        }
        stack.remove(at: -2)
        return stack.top
    }

    /// The number of entries. Counted anew only after a collection.
    final func count(_ stack: LuaStack, _ table: Int32) -> Int {
        let number = registry.collectionNumber(stack)
        guard number != countedAt else { return counted }
        counted = 0
        stack.pushNil()
        while next(stack, table) {
            counted += 1
            stack.pop()
        }
        countedAt = number
        return counted
    }

    // MARK: What all of them do for scripts

    /// Pushes the weak table of the instance at argument `index`.
    final func pushTable(_ stack: LuaStack, of index: Int32 = 1) -> Int32 {
        stack.pushStorage(of: index)
        return stack.top
    }

    /// Copies all entries of the container at `index` into this one, whose table is at `table`.
    final func addEntries(_ stack: LuaStack, of index: Int32, _ other: WeakContainer, to table: Int32) throws {
        guard other !== self else { return }
        let source = other.pushTable(stack, of: index)
        stack.pushNil()
        while other.next(stack, source) {
            try store(stack, table, -2, -1)
            stack.pop()
        }
        stack.pop()
    }

    final func describe(_ name: String, _ stack: LuaStack) -> String {
        "<\(name) at \(WeakText.address(stack.pointer(at: 1))); len=\(count(stack, pushTable(stack)))>"
    }

    /// The message of Python's `KeyError` for the key at `index`.
    static func keyError(_ stack: LuaStack, _ index: Int32) throws -> LuaException {
        try stack.pushToString(index)
        defer { stack.pop() }
        return LuaException(.keyError, stack.string(at: -1))
    }
}

/// Steps through a weak collection. Holds the key it is at, nothing more.
final class WeakIterator: LuaObject {
    enum Item { case key, value, pair }

    static let luaType = LuaType("weak_iterator", for: WeakIterator.self) { type in
        type.storage()
        type.metamethod("__call") { iterator, call in try iterator.step(call.stack) }
    }

    private let container: WeakContainer
    private let item: Item
    private let insertions: Int
    private var isAtEnd = false

    private init(_ container: WeakContainer, _ item: Item) {
        self.container = container
        self.item = item
        insertions = container.insertions
    }

    /// Pushes an iterator over the collection that is argument 1.
    static func push(_ container: WeakContainer, _ item: Item, _ stack: LuaStack) throws -> Int32 {
        let table = container.pushTable(stack)
        let iterator = WeakIterator(container, item)
        try iterator.push(to: stack)
        stack.newTable(array: 2)
        stack.pushCopy(of: table)
        stack.rawSet(-2, 1)
        stack.setStorage(of: -2)
        return 1
    }

    private func step(_ stack: LuaStack) throws -> Int32 {
        guard !isAtEnd else { return 0 }
        guard container.insertions == insertions else {
            throw LuaException(
                .runtimeError, "\(container.kind == .set ? "Set" : "dictionary") changed size during iteration")
        }
        stack.pushStorage(of: 1)
        let place = stack.top
        stack.rawGet(place, 1)
        stack.rawGet(place, 2)
        guard container.next(stack, place + 1) else {
            isAtEnd = true
            stack.pushNil()
            stack.setStorage(of: 1)
            return 0
        }
        stack.pushCopy(of: -2)
        stack.rawSet(place, 2)
        switch item {
        case .value: return 1
        case .key:
            stack.pop()
            return 1
        case .pair:
            if container.kind == .set {
                stack.pop()
                stack.push(true)
            }
            return 2
        }
    }
}
