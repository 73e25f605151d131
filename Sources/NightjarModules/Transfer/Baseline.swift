import NightjarLua

/// The globals that an interpreter starts with. What differs from them, a script has defined.
enum Baseline {
    private static let table = RegistryKey(), loaded = RegistryKey()

    /// Notes the globals as they are now. Called once, before any script runs.
    static func note(_ stack: LuaStack) {
        stack.pushGlobals()
        stack.pushCopy(ofTable: -1, count: 48)
        stack.registrySet(table.pointer)
    }

    /// Whether the value on top is what the global `name` was at the start.
    static func isOriginal(_ name: String, _ stack: LuaStack) -> Bool {
        guard stack.registryGet(table.pointer) == .table else {
            stack.pop()
            return false
        }
        stack.rawGet(-1, name)
        defer { stack.pop(2) }
        return stack.rawEqual(-1, -3)
    }

    /// The name of the original global that is the value at `index`.
    static func originalName(of index: Int32, _ stack: LuaStack) -> String? {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        guard stack.registryGet(table.pointer) == .table else { return nil }
        return name(of: index, inTableOnTop: stack)
    }

    /// Pushes the original global `name`; false, and nil pushed, if there is none.
    static func push(_ name: String, _ stack: LuaStack) -> Bool {
        guard stack.registryGet(table.pointer) == .table else { return false }
        let type = stack.rawGet(-1, name)
        stack.remove(at: -2)
        return type != .nil
    }

    static func name(of index: Int32, inTableOnTop stack: LuaStack) -> String? {
        stack.pushNil()
        while stack.next(-2) {
            if stack.type(at: -2) == .string, stack.rawEqual(-1, index) { return stack.string(at: -2) }
            stack.pop()
        }
        return nil
    }
}

/// An address that no one else has, as a key of the registry.
struct RegistryKey: Sendable {
    private final class Address: Sendable {}
    private let address = Address()
    var pointer: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(address).toOpaque()) }
}
