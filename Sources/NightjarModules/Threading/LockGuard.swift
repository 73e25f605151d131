import NightjarLua
import Synchronization

/// What `lock:hold()` gives: a to-be-closed variable that releases, once.
///
/// A guard that was never closed releases when the collector finds it, or its interpreter closes: a thread that was stopped between
/// taking a lock and noting the guard leaves no lock behind that nobody can release.
final class LockGuard: LuaObject, Sendable {
    private let giveBack: @Sendable () throws -> Void
    private let isReleased = Atomic(false)

    init(_ giveBack: @escaping @Sendable () throws -> Void) { self.giveBack = giveBack }

    deinit {
        // Nobody is there to hear of an error, and whoever releases by hand has no use for the guard.
        try? release()
    }

    /// - Throws: what releasing throws, the first time; later calls do nothing.
    func release() throws {
        if !isReleased.exchange(true, ordering: .relaxed) { try giveBack() }
    }

    func push(to stack: LuaStack) { LockGuard.luaType.pushOnce(self, to: stack) }

    static let luaType = LuaType("LockGuard", for: LockGuard.self, module: "threading") {
        $0.closable("release", doc: "Gives the lock back; again, it does nothing.") { try $0.release() }
    }
}
