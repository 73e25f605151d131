import CLua
import CLuaSupport
import Synchronization

/// Where references of one interpreter go when they are dropped, on whatever thread that happens.
@usableFromInline
final class ReferenceHome: Sendable {
    private struct Dropped {
        var slots: [Int32] = []
        var isClosed = false
    }
    private let dropped = Mutex(Dropped())
    private let hasDropped = Atomic(false)

    func drop(_ slot: Int32) {
        dropped.withLock {
            if !$0.isClosed { $0.slots.append(slot) }
        }
        hasDropped.store(true, ordering: .releasing)
    }

    var isClosed: Bool { dropped.withLock { $0.isClosed } }

    func close() {
        dropped.withLock {
            $0.isClosed = true
            $0.slots = []
        }
    }

    /// Gives the slots back to the registry. The owner calls this before it takes a new slot.
    func drain(_ L: OpaquePointer) {
        guard hasDropped.exchange(false, ordering: .acquiring) else { return }
        let slots = dropped.withLock {
            let slots = $0.slots
            $0.slots = []
            return slots
        }
        for slot in slots { luaL_unref(L, nj_registry_index(), slot) }
    }
}

/// Keeps one Lua value alive from Swift.
///
/// A reference may be dropped on any thread, also after its interpreter was closed: dropping only notes the slot for the
/// interpreter's owner. Using one is for the owner alone. A Lua function that holds a Swift closure that holds
/// a reference to the same function is a cycle that neither side's collector sees: break it with `LuaState.close()`.
public final class LuaReference: Sendable {
    @usableFromInline let slot: Int32
    @usableFromInline let home: ReferenceHome

    /// References the value at `index`.
    public init(_ stack: LuaStack, at index: Int32) {
        home = LuaState.of(stack).references
        home.drain(stack.L)
        stack.pushCopy(of: index)
        // In the registry, which all coroutines share: a reference made in a coroutine outlives it.
        slot = luaL_ref(stack.L, nj_registry_index())
    }

    deinit { home.drop(slot) }

    /// Pushes the value; false, and nothing pushed, if it lives in another interpreter or a closed one.
    public func push(to stack: LuaStack) -> Bool {
        guard home === LuaState.of(stack).references else { return false }
        lua_rawgeti(stack.L, nj_registry_index(), Int64(slot))
        return true
    }

    /// As `push(to:)`, but a reference to another interpreter is an error.
    func pushOrThrow(to stack: LuaStack) throws(LuaError) {
        if !push(to: stack) {
            throw home.isClosed
                ? LuaError(.closed, "the interpreter of this value was closed")
                : LuaError(.usage, "a value of another interpreter was given: only Messages cross")
        }
    }
}
