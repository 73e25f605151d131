import NightjarLua

/// `weakref.WeakSet`: <https://docs.python.org/3/library/weakref.html#weakref.WeakSet>. Elements are compared by identity.
final class WeakSet: WeakContainer, LuaObject {
    static let luaType = LuaType(
        "WeakSet", for: WeakSet.self, module: "weakref", doc: "WeakSet(array): a set whose elements go when they die."
    ) { type in
        type.storage()
        type.constructor(nil) { call in
            let set = try pushNew(call.stack)
            let instance = call.stack.top
            if !call.stack.isNilOrNone(at: 2) { try set.combine(.union, call, instance, 2) }
            return set
        }
        describeItems(&type)
        describeElements(&type)
        for (name, operation, metamethod) in combinations { describe(&type, name, operation, metamethod) }
        describeComparisons(&type)
    }

    private enum Combination { case union, intersection, difference, symmetricDifference }

    private static let combinations: [(String, Combination, String)] = [
        ("union", .union, "__bor"), ("intersection", .intersection, "__band"), ("difference", .difference, "__sub"),
        ("symmetric_difference", .symmetricDifference, "__bxor"),
    ]

    // MARK: What scripts can do

    private static func describeItems(_ type: inout LuaType.Builder<WeakSet>) {
        type.metamethod("__index") { set, call in
            try call.results(set.pushValue(call.stack, set.pushTable(call.stack), 2) ? true : nil)
        }
        type.metamethod("__newindex") { set, call in
            let stack = call.stack, table = set.pushTable(stack)
            if stack.boolean(at: 3) { try set.store(stack, table, 2, 2) } else { set.remove(stack, table, 2) }
            return 0
        }
        type.metamethod("__len") { set, call in try call.results(set.count(call.stack, set.pushTable(call.stack))) }
        type.metamethod("__pairs") { set, call in try WeakIterator.push(set, .pair, call.stack) }
        type.metamethod("__tostring") { set, call in try call.results(set.describe("WeakSet", call.stack)) }
    }

    private static func describeElements(_ type: inout LuaType.Builder<WeakSet>) {
        type.method("add", doc: "add(element)") { set, call in
            try set.store(call.stack, set.pushTable(call.stack), 2, 2)
            return 0
        }
        type.method("discard", doc: "discard(element): removes it if it is there.") { set, call in
            set.remove(call.stack, set.pushTable(call.stack), 2)
            return 0
        }
        type.method("remove", doc: "remove(element): removes it; a KeyError if it is not there.") { set, call in
            guard set.remove(call.stack, set.pushTable(call.stack), 2) else { throw try keyError(call.stack, 2) }
            return 0
        }
        type.method("pop", doc: "Removes any element and gives it.") { set, call in
            let stack = call.stack, table = set.pushTable(stack)
            guard set.removeAny(stack, table) else { throw LuaException(.keyError, "pop from empty WeakSet") }
            return 1
        }
        type.method("clear", doc: "Removes all elements.") { set, call in
            set.reset(call.stack, at: 1)
            return 0
        }
        type.method("copy", doc: "A new set with the same elements.") { set, call in
            try set.pushCombined(nil, call)
        }
    }

    private static func describe(
        _ type: inout LuaType.Builder<WeakSet>, _ name: String, _ combination: Combination, _ metamethod: String
    ) {
        type.method(name, doc: "\(name)(other): a new set.") { set, call in try set.pushCombined(combination, call) }
        type.metamethod(metamethod) { set, call in try set.pushCombined(combination, call) }
        let inPlace = combination == .union ? "update" : name + "_update"
        type.method(inPlace, doc: "\(inPlace)(other): changes this set.") { set, call in
            try set.combine(combination, call, 1, 2)
            return 0
        }
    }

    private static func describeComparisons(_ type: inout LuaType.Builder<WeakSet>) {
        type.method("issubset", doc: "issubset(other)") { set, call in try call.results(set.isSubset(call, 2)) }
        type.method("issuperset", doc: "issuperset(other)") { set, call in
            try call.results(set.other(call, 2).isContained(in: set, call.stack, call.stack.top, at: 1))
        }
        type.method("isdisjoint", doc: "isdisjoint(other)") { set, call in
            let stack = call.stack, other = try set.other(call, 2), at = stack.top
            let table = set.pushTable(stack), second = other.pushTable(stack, of: at)
            stack.pushNil()
            while set.next(stack, table) {
                if other.pushValue(stack, second, -2) { return try call.results(false) }
                stack.pop(2)
            }
            return try call.results(true)
        }
        type.binaryMetamethod("__le") { call in try compare(call) { _, _ in true } }
        type.binaryMetamethod("__lt") { call in try compare(call) { $0 < $1 } }
        type.binaryMetamethod("__eq") { call in
            guard call.stack.object(at: 1) is WeakSet, call.stack.object(at: 2) is WeakSet else {
                return try call.results(false)
            }
            return try compare(call) { $0 == $1 }
        }
    }

    private static func compare(_ call: LuaCall, _ sizes: (Int, Int) -> Bool) throws -> Int32 {
        let a: WeakSet = try call.argument(1), b: WeakSet = try call.argument(2), stack = call.stack
        let counts = (a.count(stack, a.pushTable(stack, of: 1)), b.count(stack, b.pushTable(stack, of: 2)))
        return try call.results(sizes(counts.0, counts.1) && a.isContained(in: b, stack, 1, at: 2))
    }

    // MARK: Sets among each other

    /// Pushes a new, empty set.
    private static func pushNew(_ stack: LuaStack) throws -> WeakSet {
        let set = WeakSet(.set, WeakRegistry.of(stack))
        try set.push(to: stack)
        set.reset(stack, at: -1)
        return set
    }

    /// The set that argument `index` is, or a new one of the elements of an array; pushes its userdata.
    private func other(_ call: LuaCall, _ index: Int32) throws -> WeakSet {
        let stack = call.stack
        if let set = stack.object(at: index) as? WeakSet {
            stack.pushCopy(of: index)
            return set
        }
        guard stack.type(at: index) == .table else {
            throw call.badArgument(index, "array or WeakSet expected, got \(stack.typeName(at: index))")
        }
        let set = try WeakSet.pushNew(stack), instance = stack.top, table = set.pushTable(stack, of: instance)
        let count = stack.rawLength(at: index)
        for position in stride(from: 1, through: count, by: 1) {
            stack.rawGet(index, position)
            try set.store(stack, table, -1, -1)
            stack.pop()
        }
        stack.setTop(instance)
        return set
    }

    /// Pushes a copy of argument 1, combined with argument 2.
    private func pushCombined(_ combination: Combination?, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        stack.setTop(2)
        let copy = try WeakSet.pushNew(stack)
        try copy.addEntries(stack, of: 1, self, to: copy.pushTable(stack, of: 3))
        if let combination { try copy.combine(combination, call, 3, 2) }
        stack.setTop(3)
        return 1
    }

    /// Changes this set, whose userdata is at `instance`, by the elements of argument `index`.
    private func combine(_ combination: Combination, _ call: LuaCall, _ instance: Int32, _ index: Int32) throws {
        let stack = call.stack, other = try other(call, index), at = stack.top
        let table = pushTable(stack, of: instance), second = other.pushTable(stack, of: at)
        defer { stack.setTop(at - 1) }
        switch combination {
        case .union: try addEntries(stack, of: at, other, to: table)
        case .difference where other === self: reset(stack, at: instance)
        case .symmetricDifference where other === self: reset(stack, at: instance)
        case .intersection:
            // Removing what the traversal is at is allowed.
            stack.pushNil()
            while next(stack, table) {
                stack.pop()
                if !other.pushValue(stack, second, -1) { remove(stack, table, -2) }
                stack.pop()
            }
        case .difference, .symmetricDifference:
            stack.pushNil()
            while other.next(stack, second) {
                stack.pop()
                if !remove(stack, table, -1), combination == .symmetricDifference { try store(stack, table, -1, -1) }
            }
        }
    }

    private func isSubset(_ call: LuaCall, _ index: Int32) throws -> Bool {
        let other = try other(call, index)
        return isContained(in: other, call.stack, 1, at: call.stack.top)
    }

    /// Whether all elements of this set, whose userdata is at `index`, are in `other`, whose userdata is at `at`.
    private func isContained(in other: WeakSet, _ stack: LuaStack, _ index: Int32, at: Int32) -> Bool {
        let table = pushTable(stack, of: index), second = other.pushTable(stack, of: at)
        stack.pushNil()
        while next(stack, table) {
            guard other.pushValue(stack, second, -2) else { return false }
            stack.pop(2)
        }
        return true
    }
}
