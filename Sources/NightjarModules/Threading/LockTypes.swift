public import NightjarConcurrency
public import NightjarLua

extension LockError: LuaExceptionConvertible {
    public var luaException: LuaException {
        switch self {
        case .releaseUnlocked, .releaseNotOwned, .waitNotOwned, .notifyNotOwned:
            LuaException(.runtimeError, description)
        case .timeoutTooLarge: LuaException(.overflowError, description)
        default: LuaException(.valueError, description)
        }
    }
}

/// What `lock:hold()` gives: a to-be-closed variable that releases.
final class LockGuard: LuaObject, Sendable {
    private let release: @Sendable () throws -> Void
    private let released = Completion<Bool>()

    init(_ release: @escaping @Sendable () throws -> Void) { self.release = release }

    func close() throws {
        if released.complete(true) { try release() }
    }

    static let luaType = LuaType("LockGuard", for: LockGuard.self, module: "threading") {
        $0.closable("release") { try $0.close() }
    }
}

extension LuaCall {
    /// The deadline of `acquire(blocking=true, timeout=-1)`, whose arguments are at 2 and 3.
    func acquireDeadline() throws -> Deadline? {
        try Deadline.forAcquire(blocking: argument(2, default: true), timeout: argument(3, default: -1))
    }
}

/// What `threading`'s locks have in common.
protocol ScriptLock: CrossesThreads {
    func acquire(until deadline: Deadline?) throws(WaitInterrupted) -> Bool
    func release() throws(LockError)
    var isLocked: Bool { get }
}

extension LuaType.Builder where Object: ScriptLock {
    /// `acquire`, `release`, `locked` and `hold`.
    fileprivate mutating func lockMembers(_ name: String) {
        method("acquire", LuaSignature("blocking, timeout"), doc: "Takes the lock; whether that was possible.") {
            lock, call in
            let deadline = try call.acquireDeadline()
            return try call.results(call.waiting { try lock.acquire(until: deadline) })
        }
        method("release", doc: "Gives it back.") { (lock: Object) in try lock.release() }
        method("locked", doc: "Whether somebody has it.") { (lock: Object) in lock.isLocked }
        method("hold", doc: "local held <close> = lock:hold()") { lock, call in
            _ = try call.waiting { try lock.acquire(until: nil) }
            return try call.results(LockGuard { try lock.release() })
        }
        metamethod("__tostring") { lock, call in
            try call.results("<\(lock.isLocked ? "locked" : "unlocked") threading.\(name)>")
        }
    }
}

extension Lock: ScriptLock {
    /// `threading.Lock`: any thread may release it.
    public static let luaType = LuaType(
        "Lock", for: Lock.self, module: "threading", doc: "A lock that any thread may release."
    ) {
        $0.constructor { Lock() }
        $0.lockMembers("Lock")
    }
}

extension RecursiveLock: ScriptLock {
    /// `threading.RLock`: its owner may take it again.
    public static let luaType = LuaType(
        "RLock", for: RecursiveLock.self, module: "threading", doc: "A lock that its owner may take again."
    ) {
        $0.constructor { RecursiveLock() }
        $0.lockMembers("RLock")
    }
}

extension Event: CrossesThreads {
    /// `threading.Event`
    public static let luaType = LuaType(
        "Event", for: Event.self, module: "threading", doc: "A flag that threads wait for."
    ) {
        $0.constructor { Event() }
        $0.method("is_set", doc: "Whether the flag is set.") { (event: Event) in event.isSet }
        $0.method("set", doc: "Sets it and wakes all who wait.") { (event: Event) in event.set() }
        $0.method("clear", doc: "Takes it back.") { (event: Event) in event.clear() }
        $0.method("wait", LuaSignature("timeout"), doc: "Waits until it is set; false when the time was up.") {
            event, call in
            let deadline = try call.deadline(2)
            return try call.results(call.waiting { try event.wait(until: deadline) })
        }
        $0.metamethod("__tostring") { event, call in
            try call.results("<threading.Event: \(event.isSet ? "set" : "unset")>")
        }
    }
}
