public import NightjarConcurrency
public import NightjarLua

extension CountingSemaphore: CrossesThreads {
    /// `threading.Semaphore` or its subclass, <https://docs.python.org/3/library/threading.html#semaphore-objects>.
    public static var luaType: LuaType {
        self == BoundedSemaphore.self ? SemaphoreTypes.bounded : SemaphoreTypes.counting
    }
}

enum SemaphoreTypes {
    static let counting = LuaType(
        "Semaphore", for: CountingSemaphore.self, module: "threading",
        doc: "Permits: release adds, acquire takes one; Semaphore(value) starts with so many."
    ) {
        $0.subclassable(LuaSignature("value")) { call in
            try CountingSemaphore(value: call.argument(2, default: 1), label: call.label("threading.Semaphore"))
        }
        $0.method(
            "acquire", LuaSignature("blocking, timeout", tables: []), doc: "Takes a permit; whether that was possible."
        ) {
            semaphore, call in
            let deadline = try call.semaphoreDeadline()
            return try call.results(call.waiting { try semaphore.acquire(until: deadline) })
        }
        $0.method("release", LuaSignature("n"), doc: "Adds n (1) permits.") { semaphore, call in
            try semaphore.release(call.argument(2, default: 1))
            return 0
        }
        $0.method("hold", doc: "local held <close> = semaphore:hold()") { semaphore, call in
            _ = try call.waiting { try semaphore.acquire(until: nil) }
            return try call.results(LockGuard { try semaphore.release() })
        }
        $0.metamethod("__tostring") { semaphore, call in
            let limit = semaphore.limit.map { "/\($0)" } ?? ""
            return try call.results(ObjectText.described(semaphore, call, "value=\(semaphore.value)\(limit)"))
        }
    }

    static let bounded = LuaType(
        "BoundedSemaphore", for: BoundedSemaphore.self, module: "threading", parent: counting,
        doc: "A semaphore that refuses more releases than acquires."
    ) {
        $0.subclassable(LuaSignature("value")) { call in
            try BoundedSemaphore(value: call.argument(2, default: 1), label: call.label("threading.BoundedSemaphore"))
        }
    }
}

extension LuaCall {
    /// The deadline of `acquire(blocking=true, timeout=nil)`, whose arguments are at 2 and 3. Other than for a lock, a negative
    /// time is no time.
    fileprivate func semaphoreDeadline() throws -> Deadline? {
        if try argument(2, default: true) { return try deadline(3) }
        guard stack.isNilOrNone(at: 3) else { throw LockError.semaphoreTimeoutWithoutBlocking }
        return .passed
    }
}
