import NightjarLua

/// `weakref.WeakValueDictionary` and `weakref.WeakKeyDictionary`:
/// <https://docs.python.org/3/library/weakref.html#weakref.WeakKeyDictionary>. The values of the latter may refer to their keys:
/// that keeps nothing alive.
class WeakDictionary: WeakContainer, LuaObject {
    class var luaType: LuaType { preconditionFailure("an abstract class") }

    fileprivate static func describe<Dictionary: WeakDictionary>(
        _ type: inout LuaType.Builder<Dictionary>, _ name: String,
        make: @escaping @Sendable (WeakRegistry) -> Dictionary
    ) {
        type.storage()
        type.constructor(nil) { call in
            let dictionary = make(WeakRegistry.of(call.stack))
            try dictionary.push(to: call.stack)
            let instance = call.stack.top
            dictionary.reset(call.stack, at: instance)
            if !call.stack.isNilOrNone(at: 2) { try dictionary.update(call, from: 2, at: instance) }
            call.stack.setTop(instance)
            return dictionary
        }
        describeItems(&type)
        describeMethods(&type)
        describeWhole(&type, name, make: make)
    }

    private static func describeItems<Dictionary: WeakDictionary>(_ type: inout LuaType.Builder<Dictionary>) {
        type.metamethod("__index") { dictionary, call in
            _ = dictionary.pushValue(call.stack, dictionary.pushTable(call.stack), 2)
            return 1
        }
        type.metamethod("__newindex") { dictionary, call in
            let stack = call.stack, table = dictionary.pushTable(stack)
            if stack.type(at: 3) == .nil {
                dictionary.remove(stack, table, 2)
            } else {
                try dictionary.store(stack, table, 2, 3)
            }
            return 0
        }
        type.metamethod("__len") { dictionary, call in
            try call.results(dictionary.count(call.stack, dictionary.pushTable(call.stack)))
        }
        type.metamethod("__pairs") { dictionary, call in try WeakIterator.push(dictionary, .pair, call.stack) }
        type.method("keys", doc: "An iterator over the keys.") { dictionary, call in
            try WeakIterator.push(dictionary, .key, call.stack)
        }
        type.method("values", doc: "An iterator over the values.") { dictionary, call in
            try WeakIterator.push(dictionary, .value, call.stack)
        }
        type.method("items", doc: "An iterator over keys and values.") { dictionary, call in
            try WeakIterator.push(dictionary, .pair, call.stack)
        }
    }

    private static func describeMethods<Dictionary: WeakDictionary>(_ type: inout LuaType.Builder<Dictionary>) {
        type.method("get", doc: "get(key, default): the value, or default.") { dictionary, call in
            let stack = call.stack
            stack.setTop(3)
            if !dictionary.pushValue(stack, dictionary.pushTable(stack), 2) { stack.pushCopy(of: 3) }
            return 1
        }
        type.method("pop", doc: "pop(key, default): removes the key and gives its value.") { dictionary, call in
            let stack = call.stack, hasDefault = call.count >= 3
            stack.setTop(3)
            let table = dictionary.pushTable(stack)
            if dictionary.pushValue(stack, table, 2) {
                dictionary.remove(stack, table, 2)
            } else if hasDefault {
                stack.pushCopy(of: 3)
            } else {
                throw try keyError(stack, 2)
            }
            return 1
        }
        type.method("popitem", doc: "Removes any key; gives it and its value.") { dictionary, call in
            let stack = call.stack, table = dictionary.pushTable(stack)
            guard dictionary.removeAny(stack, table) else {
                throw LuaException(.keyError, "popitem(): dictionary is empty")
            }
            return 2
        }
        type.method("setdefault", doc: "setdefault(key, default): the value; stores default where there is none.") {
            dictionary, call in
            let stack = call.stack
            stack.setTop(3)
            let table = dictionary.pushTable(stack)
            if !dictionary.pushValue(stack, table, 2) {
                if dictionary.kind == .valueDictionary || stack.type(at: 3) != .nil {
                    try dictionary.store(stack, table, 2, 3)
                }
                stack.pushCopy(of: 3)
            }
            return 1
        }
        type.method("update", doc: "update(other): takes all entries of a table or a weak dictionary.") {
            dictionary, call in
            try dictionary.update(call, from: 2, at: 1)
            return 0
        }
    }

    private static func describeWhole<Dictionary: WeakDictionary>(
        _ type: inout LuaType.Builder<Dictionary>, _ name: String,
        make: @escaping @Sendable (WeakRegistry) -> Dictionary
    ) {
        type.method("clear", doc: "Removes all entries.") { dictionary, call in
            dictionary.reset(call.stack, at: 1)
            return 0
        }
        type.method("copy", doc: "A new dictionary with the same entries.") { dictionary, call in
            try dictionary.pushCopy(call.stack, of: 1, make(dictionary.registry))
            return 1
        }
        type.method(name == "WeakValueDictionary" ? "valuerefs" : "keyrefs", doc: "An array of weak references.") {
            dictionary, call in
            try dictionary.pushReferences(call.stack)
            return 1
        }
        type.metamethod("__bor") { dictionary, call in
            call.stack.setTop(2)
            let copy = make(dictionary.registry)
            try dictionary.pushCopy(call.stack, of: 1, copy)
            try copy.update(call, from: 2, at: 3)
            call.stack.setTop(3)
            return 1
        }
        type.binaryMetamethod("__eq") { call in try call.results(areEqual(call.stack)) }
        type.metamethod("__tostring") { dictionary, call in try call.results(dictionary.describe(name, call.stack)) }
    }

    /// Takes the entries of argument `source` into this dictionary, the userdata of which is at `instance`.
    fileprivate final func update(_ call: LuaCall, from source: Int32, at instance: Int32) throws {
        let stack = call.stack, table = pushTable(stack, of: instance)
        if let other = stack.object(at: source) as? WeakDictionary {
            return try addEntries(stack, of: source, other, to: table)
        }
        guard stack.type(at: source) == .table else {
            throw call.badArgument(source, "table or weak dictionary expected, got \(stack.typeName(at: source))")
        }
        stack.pushNil()
        while stack.next(source) {
            try store(stack, table, -2, -1)
            stack.pop()
        }
    }

    fileprivate final func pushCopy(_ stack: LuaStack, of index: Int32, _ copy: WeakDictionary) throws {
        try copy.push(to: stack)
        let instance = stack.top
        copy.reset(stack, at: instance)
        try copy.addEntries(stack, of: index, self, to: copy.pushTable(stack, of: instance))
        stack.setTop(instance)
    }

    private func pushReferences(_ stack: LuaStack) throws {
        let table = pushTable(stack)
        stack.newTable()
        let list = stack.top
        stack.pushNil()
        while next(stack, table) {
            let referent = try WeakRegistry.referent(stack, at: kind == .valueDictionary ? -1 : -2)
            stack.pop()
            try WeakReference.shared(referent).push(to: stack)
            stack.rawSet(list, stack.rawLength(at: list) + 1)
        }
    }

    /// The same keys with equal values, as Python's mappings compare.
    private static func areEqual(_ stack: LuaStack) throws -> Bool {
        guard let a = stack.object(at: 1) as? WeakDictionary, let b = stack.object(at: 2) as? WeakDictionary else {
            return false
        }
        let first = a.pushTable(stack, of: 1), second = b.pushTable(stack, of: 2)
        guard a.count(stack, first) == b.count(stack, second) else { return false }
        let insertions = a.insertions
        stack.pushNil()
        while a.next(stack, first) {
            guard b.pushValue(stack, second, -2), try stack.equal(-2, -1) else { return false }
            guard a.insertions == insertions else {
                throw LuaException(.runtimeError, "dictionary changed size during iteration")
            }
            stack.pop(2)
        }
        return true
    }
}

final class WeakValueDictionary: WeakDictionary {
    override class var luaType: LuaType { type }
    private static let type = LuaType(
        "WeakValueDictionary", for: WeakValueDictionary.self, module: "weakref",
        doc: "WeakValueDictionary(table): entries go when their values die."
    ) { type in
        describe(&type, "WeakValueDictionary") { WeakValueDictionary(.valueDictionary, $0) }
    }
}

final class WeakKeyDictionary: WeakDictionary {
    override class var luaType: LuaType { type }
    private static let type = LuaType(
        "WeakKeyDictionary", for: WeakKeyDictionary.self, module: "weakref",
        doc: "WeakKeyDictionary(table): entries go when their keys die."
    ) { type in
        describe(&type, "WeakKeyDictionary") { WeakKeyDictionary(.keyDictionary, $0) }
    }
}
