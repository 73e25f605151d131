import NightjarConcurrency
public import NightjarLua

extension ScriptQueue {
    /// `queue.Queue`
    public static let luaType = LuaType(
        "Queue", for: ScriptQueue.self, module: "queue", doc: "A first-in first-out queue; Queue(maxsize) bounds it."
    ) {
        $0.boundedMembers(.queue, LuaSignature("maxsize"))
    }

    /// `queue.LifoQueue`
    static let lifoType = LuaType(
        "LifoQueue", for: ScriptQueue.self, module: "queue", parent: luaType,
        doc: "The same, but what was put last comes out first."
    ) {
        $0.boundedMembers(.lifo, LuaSignature("maxsize"))
    }

    /// `queue.PriorityQueue`
    static let priorityType = LuaType(
        "PriorityQueue", for: ScriptQueue.self, module: "queue", parent: luaType,
        doc: "The same, but the lowest comes out first; PriorityQueue{key = name} orders tables by a field."
    ) {
        $0.boundedMembers(.priority, LuaSignature("maxsize, key", tables: []))
    }

    /// `queue.SimpleQueue`
    static let simpleType = LuaType(
        "SimpleQueue", for: ScriptQueue.self, module: "queue",
        doc: "A first-in first-out queue without bound, tasks and shutdown."
    ) {
        $0.itemMembers(.simple, LuaSignature(""))
    }

    private var type: LuaType {
        switch kind {
        case .queue: Self.luaType
        case .lifo: Self.lifoType
        case .priority: Self.priorityType
        case .simple: Self.simpleType
        }
    }

    public func push(to stack: LuaStack) throws(LuaError) { type.push(self, to: stack) }

    fileprivate func describe(_ name: String) -> String {
        let key: String? =
            switch self.key {
            case .name(let name): "key='\(name)'"
            case .index(let index): "key=\(index)"
            case nil: nil
            }
        let words: [String?] = [
            kind == .simple ? nil : "maxsize=\(control.maxsize)", "qsize=\(control.qsize)", key,
            control.isShutDown ? "shutdown" : nil,
        ]
        return "<\(name) \(words.compactMap(\.self).joined(separator: " "))>"
    }
}

extension LuaType.Builder where Object == ScriptQueue {
    /// What all four have. Each type has them of its own: a method that is inherited takes longer to find.
    fileprivate mutating func itemMembers(_ kind: ScriptQueue.Kind, _ signature: LuaSignature) {
        subclassable(signature) { call in
            let maxsize = kind == .simple ? 0 : try call.argument(2, default: 0)
            let key = kind == .priority ? try call.field(3) : nil
            return ScriptQueue(kind, maxsize: maxsize, key: key, label: call.label("queue.\(call.name)"))
        }
        metamethod("__tostring") { queue, call in
            guard ClassTable.pushClass(of: 1, call.stack) else { return try call.results(queue.describe("queue")) }
            return try call.results(queue.describe(ClassTable.qualifiedName(call.stack, at: -1)))
        }
        method(
            "put", bindingItself: LuaSignature("item, block, timeout", isNamed: false),
            doc: "Puts an item; waits for room.", unbound: QueueCalls.put)
        method("put_nowait", doc: "Puts an item, or raises Full.", unbound: QueueCalls.putNowait)
        method(
            "get", bindingItself: LuaSignature("block, timeout", tables: []), doc: "Takes an item; waits for one.",
            unbound: QueueCalls.get)
        method("get_nowait", doc: "Takes an item, or raises Empty.", unbound: QueueCalls.getNowait)
        method(
            "get_many", LuaSignature("n, timeout", tables: []),
            doc: "Waits for an item, then gives an array of what is there up to n, and how many.",
            raw: QueueCalls.getMany)
        method(
            "put_many", LuaSignature("items", isNamed: false), doc: "Puts all items of an array.",
            raw: QueueCalls.putMany)
        method("items", doc: "for item in q:items() do: until the queue is shut down, or an item is nil.") {
            queue, call in
            try call.state.function("items") { call in try QueueCalls.nextItem(queue, call) }.push(to: call.stack)
            return 1
        }
        method("qsize", doc: "How many items there are at the moment.") { (queue: ScriptQueue) in queue.control.qsize }
        method("empty", doc: "Whether there is none.") { (queue: ScriptQueue) in queue.control.isEmpty }
        metamethod("__len") { queue, call in try call.results(queue.control.qsize) }
    }

    /// What those with a bound have, and with that tasks and an end.
    fileprivate mutating func boundedMembers(_ kind: ScriptQueue.Kind, _ signature: LuaSignature) {
        itemMembers(kind, signature)
        method("full", doc: "Whether there is no room.") { (queue: ScriptQueue) in queue.control.isFull }
        property(
            "maxsize", doc: "The bound; 0 or less is none.", get: { $0.control.maxsize },
            set: { (queue: ScriptQueue, maxsize: Int) in queue.control.maxsize = maxsize })
        method("task_done", doc: "Tells join that an item has been worked on.") { (queue: ScriptQueue) in
            try queue.control.taskDone()
        }
        method("join", doc: "Waits until every item has been worked on.") { queue, call in
            _ = try call.waiting { try queue.control.join() }
            return 0
        }
        method("shutdown", LuaSignature("immediate"), doc: "Ends the queue: put raises ShutDown, get drains first.") {
            queue, call in
            queue.control.shutdown(immediate: try call.argument(2, default: false))
            return 0
        }
        property(
            "unfinished_tasks", doc: "Items put and not yet told to task_done.", get: { $0.control.unfinishedTasks })
        property("is_shutdown", doc: "Whether shutdown was called.", get: { $0.control.isShutDown })
    }
}

extension LuaCall {
    /// Argument `index` as the name or number of a field; nil where there is none.
    fileprivate func field(_ index: Int32) throws -> ScriptQueue.Field? {
        switch stack.type(at: index) {
        case .nil, .none: return nil
        case .string: return .name(stack.string(at: index))
        case .number where stack.isInteger(at: index): return .index(Int(stack.integer(at: index)))
        default: throw badArgument(index, "name of a field expected, got \(stack.typeName(at: index))")
        }
    }
}
