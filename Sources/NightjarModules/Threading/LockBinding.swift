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

/// What `Lock`, `RLock` and `Condition` have in common for scripts.
protocol ScriptLock: CrossesThreads {
    func acquire(until deadline: Deadline?) throws(WaitInterrupted) -> Bool
    func release() throws(LockError)
    var isLocked: Bool { get }
}

extension LuaType.Builder where Object: ScriptLock {
    /// `acquire`, `release`, `locked` and `hold`.
    mutating func lockMembers() {
        method(
            "acquire", LuaSignature("blocking, timeout", tables: []), doc: "Takes the lock; whether that was possible."
        ) {
            lock, call in
            let deadline = try Deadline.forAcquire(
                blocking: call.argument(2, default: true), timeout: call.argument(3, default: -1))
            return try call.results(call.waiting { try lock.acquire(until: deadline) })
        }
        method("release", doc: "Gives it back.") { (lock: Object) in try lock.release() }
        method("locked", doc: "Whether somebody has it.") { (lock: Object) in lock.isLocked }
        method("hold", doc: "local held <close> = lock:hold()") { lock, call in
            _ = try call.waiting { try lock.acquire(until: nil) }
            return try call.results(LockGuard { try lock.release() })
        }
    }
}

extension Lock: ScriptLock {
    /// `threading.Lock`: any thread may release it.
    public static let luaType = LuaType(
        "Lock", for: Lock.self, module: "threading", doc: "A lock that any thread may release."
    ) {
        $0.final()
        $0.constructor(LuaSignature("")) { call in Lock(label: call.label("threading.Lock")) }
        $0.lockMembers()
        $0.metamethod("__tostring") { lock, call in try call.results(lock.scriptText) }
    }
}

extension RecursiveLock: ScriptLock {
    /// `threading.RLock`: its owner may take it again.
    public static let luaType = LuaType(
        "RLock", for: RecursiveLock.self, module: "threading", doc: "A lock that its owner may take again."
    ) {
        $0.final()
        $0.constructor(LuaSignature("")) { call in RecursiveLock(label: call.label("threading.RLock")) }
        $0.lockMembers()
        $0.metamethod("__tostring") { lock, call in try call.results(lock.scriptText) }
    }
}

extension ConditionLock {
    /// What `tostring` gives: Python's `repr`.
    var scriptText: String {
        let state = isLocked ? "locked" : "unlocked", address = ObjectText.address(self)
        guard let lock = self as? RecursiveLock else { return "<\(state) threading.Lock object at \(address)>" }
        let owner = lock.holder?.rawValue ?? 0
        return "<\(state) threading.RLock object owner=\(owner) count=\(lock.depth) at \(address)>"
    }
}
