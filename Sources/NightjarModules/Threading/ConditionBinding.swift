public import NightjarConcurrency
public import NightjarLua

extension Condition: ScriptLock {
    /// `threading.Condition`, <https://docs.python.org/3/library/threading.html#condition-objects>.
    public static let luaType = LuaType(
        "Condition", for: Condition.self, module: "threading",
        doc: "Threads wait until others notify them; Condition(lock) works with a Lock or RLock."
    ) {
        $0.subclassable(LuaSignature("lock")) { call in
            let label = call.label("threading.Condition")
            if call.stack.isNilOrNone(at: 2) {
                return Condition(lock: RecursiveLock(label: label), label: label)
            }
            return Condition(lock: try call.conditionLock(2), label: label)
        }
        $0.lockMembers()
        $0.method("wait", LuaSignature("timeout"), doc: "Waits to be notified; false when the time was up.") {
            condition, call in
            let deadline = try call.deadline(2)
            return try call.results(call.waiting { try condition.wait(until: deadline) })
        }
        $0.method(
            "wait_for", LuaSignature("predicate, timeout", tables: []),
            doc: "Waits until a function gives a true value; its last value is the result."
        ) { condition, call in
            try condition.waitFor(call)
        }
        $0.method("notify", LuaSignature("n"), doc: "Wakes the n (1) that have waited longest.") { condition, call in
            try condition.notify(call.argument(2, default: 1))
            return 0
        }
        $0.method("notify_all", doc: "Wakes all who wait.") { (condition: Condition) in try condition.notifyAll() }
        $0.method("notifyAll", doc: "Deprecated: notify_all.") { (condition: Condition) in try condition.notifyAll() }
        $0.metamethod("__tostring") { condition, call in
            try call.results("<Condition(\(condition.lock.scriptText), \(condition.waitingCount))>")
        }
    }

    /// `wait_for(predicate, timeout)`. The time counts from the first look on, not from each wake-up.
    private func waitFor(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack, predicate: Int32 = 2
        guard stack.isCallable(at: predicate) else {
            throw call.badArgument(predicate, "function expected, got \(stack.typeName(at: predicate))")
        }
        let seconds = try call.seconds(3), top = stack.top
        var deadline: Deadline?
        while true {
            stack.setTop(top)
            stack.pushCopy(of: predicate)
            try stack.call(arguments: 0, results: 1)
            if stack.boolean(at: -1) { return 1 }
            if let seconds {
                if let deadline, deadline.hasPassed { return 1 }
                deadline = deadline ?? Deadline(after: seconds)
            }
            _ = try call.waiting { try wait(until: deadline) }
        }
    }
}

extension LuaCall {
    /// Argument `index` as a lock that a condition can work with.
    fileprivate func conditionLock(_ index: Int32) throws -> any ConditionLock {
        guard let lock = stack.object(at: index) as? any ConditionLock else {
            throw badArgument(index, "Lock or RLock expected, got \(stack.typeName(at: index))")
        }
        return lock
    }
}
