public import NightjarConcurrency
public import NightjarLua

extension StandardModules {
    /// `require "queue"`, <https://docs.python.org/3/library/queue.html>.
    static let queueModule = LuaModule("queue", doc: "Queues that feed threads.") { module in
        module.type(ScriptQueue.luaType)
        module.exception(.empty, doc: "Nothing to get without waiting, or in time.")
        module.exception(.full, doc: "No room to put without waiting, or in time.")
        module.exception(.shutDown, doc: "The queue takes, or has, nothing more.")
    }
}

extension LuaExceptionClass {
    static let empty = LuaExceptionClass("Empty", module: "queue")
    static let full = LuaExceptionClass("Full", module: "queue")
    static let shutDown = LuaExceptionClass("ShutDown", module: "queue")
}

extension QueueError: LuaExceptionConvertible {
    public var luaException: LuaException {
        switch self {
        case .empty: LuaException(.empty, "")
        case .full: LuaException(.full, "")
        case .shutDown: LuaException(.shutDown, "")
        case .taskDoneTooOften: LuaException(.valueError, description)
        case .interrupted: LuaException(.runtimeError, description)
        case .deadlock: LuaException(.deadlockError, description)
        }
    }
}

/// A queue as scripts hold it: what passes through it is ``Message``.
public final class ScriptQueue: CrossesThreads {
    public let queue: FIFOQueue<Message>

    public init(maxsize: Int = 0, label: ObjectLabel? = nil) { queue = FIFOQueue(maxsize: maxsize, label: label) }

    public static let luaType = LuaType(
        "Queue", for: ScriptQueue.self, module: "queue", doc: "A first-in first-out queue; Queue(maxsize) bounds it."
    ) {
        $0.constructor(LuaSignature("maxsize")) { call in
            ScriptQueue(maxsize: try call.argument(2, default: 0), label: call.label("queue.Queue"))
        }
        $0.method("put", LuaSignature("item, block, timeout", isNamed: false), doc: "Puts an item; waits for room.") {
            queue, call in
            try queue.put(call, block: call.argument(3, default: true), call.timeout(4))
        }
        $0.method("put_nowait", doc: "Puts an item, or raises Full.") { queue, call in
            try queue.put(call, block: false, nil)
        }
        $0.method("get", LuaSignature("block, timeout"), doc: "Takes an item; waits for one.") { queue, call in
            try queue.get(call, block: call.argument(2, default: true), call.timeout(3))
        }
        $0.method("get_nowait", doc: "Takes an item, or raises Empty.") { queue, call in
            try queue.get(call, block: false, nil)
        }
        $0.method("qsize", doc: "How many items there are at the moment.") { (queue: ScriptQueue) in queue.queue.qsize }
        $0.method("empty", doc: "Whether there is none.") { (queue: ScriptQueue) in queue.queue.isEmpty }
        $0.method("full", doc: "Whether there is no room.") { (queue: ScriptQueue) in queue.queue.isFull }
        $0.method("task_done", doc: "Tells join that an item has been worked on.") { (queue: ScriptQueue) in
            try queue.queue.taskDone()
        }
        $0.method("join", doc: "Waits until every item has been worked on.") { queue, call in
            _ = try call.waiting { try queue.queue.join() }
            return 0
        }
        $0.method("shutdown", LuaSignature("immediate"), doc: "Ends the queue: put raises ShutDown, get drains first.")
        { queue, call in
            queue.queue.shutdown(immediate: try call.argument(2, default: false))
            return 0
        }
        $0.method("items", doc: "for item in q:items() do: until the queue is shut down.") { queue, call in
            try call.state.function("items") { call in try queue.nextItem(call) }.push(to: call.stack)
            return 1
        }
        $0.property("maxsize", doc: "The bound; 0 or less is none.") { queue in queue.queue.maxsize }
        $0.metamethod("__len") { queue, call in try call.results(queue.queue.qsize) }
        $0.metamethod("__tostring") { queue, call in
            let isShutDown = queue.queue.isShutDown ? " shutdown" : ""
            return try call.results(
                "<queue.Queue maxsize=\(queue.queue.maxsize) qsize=\(queue.queue.qsize)\(isShutDown)>")
        }
    }

    private func put(_ call: LuaCall, block: Bool, _ timeout: Double?) throws -> Int32 {
        if call.count < 2 { throw call.badArgument(2, "value expected") }
        let message = try MessageEncoder.encode(call.stack, at: 2, as: .item)
        if !block {
            try queue.putNowait(message)
        } else {
            if queue.maxsize > 0 { try check(timeout) }
            let deadline = timeout.map { Deadline(after: $0) }
            try call.waiting { try queue.put(message, until: deadline) }
        }
        return 0
    }

    private func get(_ call: LuaCall, block: Bool, _ timeout: Double?) throws -> Int32 {
        let message: Message
        if !block {
            message = try queue.getNowait()
        } else {
            try check(timeout)
            let deadline = timeout.map { Deadline(after: $0) }
            message = try call.waiting { try queue.get(until: deadline) }
        }
        try MessageDecoder.push(message, to: call.stack)
        return 1
    }

    private func nextItem(_ call: LuaCall) throws -> Int32 {
        do {
            try MessageDecoder.push(call.waiting { try queue.get() }, to: call.stack)
        } catch QueueError.shutDown {
            call.stack.pushNil()
        }
        return 1
    }

    private func check(_ timeout: Double?) throws {
        if let timeout, timeout < 0 { throw LuaException(.valueError, "'timeout' must be a non-negative number") }
    }
}

extension LuaCall {
    fileprivate func timeout(_ index: Int32) throws -> Double? { try argument(index) }
}
