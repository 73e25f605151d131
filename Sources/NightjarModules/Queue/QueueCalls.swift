import NightjarConcurrency
import NightjarLua

/// The calls of scripts that move items. The plainest form of each, without options and without a wait, is what everything here is
/// laid out for: programs spend their time in it.
enum QueueCalls {
    // MARK: put

    @Sendable static func put(_ call: LuaCall) throws -> Int32 {
        if call.count == 2, try call.stack.withObject(ScriptQueue.self, at: 1, { try put(call, $0, until: nil) }) != nil
        {
            return 0
        }
        let queue: ScriptQueue = try call.argument(1)
        if call.count < 2 { throw call.badArgument(2, "value expected") }
        try call.bind()
        try put(call, queue, until: queue.kind == .simple ? nil : call.deadlineToPut(queue.control))
        return 0
    }

    @Sendable static func putNowait(_ call: LuaCall) throws -> Int32 {
        let queue: ScriptQueue = try call.argument(1)
        if call.count < 2 { throw call.badArgument(2, "value expected") }
        try put(call, queue, until: .passed)
        return 0
    }

    /// Puts argument 2, which is encoded before anything of the queue is touched.
    @inline(__always)
    private static func put(_ call: LuaCall, _ queue: ScriptQueue, until deadline: Deadline?) throws {
        let message = try MessageEncoder.encode(call.stack, at: 2, as: .item)
        if queue.putAtOnce(message) { return }
        try put(message, call, queue, until: deadline)
    }

    /// The rest of `put`, apart so that the plainest form counts no references.
    @inline(never)
    private static func put(_ message: Message, _ call: LuaCall, _ queue: ScriptQueue, until deadline: Deadline?) throws
    {
        switch queue.line {
        case .first(let line): try put(message, into: line, until: deadline, call)
        case .last(let line): try put(message, into: line, until: deadline, call)
        case .sorted(let line):
            let key = try PriorityKey.read(call, at: 2, queue.key)
            try put(PrioritizedMessage(message: message, key: key), into: line, until: deadline, call)
        }
    }

    private static func put<Item, Discipline: QueueDiscipline<Item> & ~Copyable>(
        _ item: Item, into line: BlockingQueue<Item, Discipline>, until deadline: Deadline?, _ call: LuaCall
    ) throws {
        if try line.tryPut(item) { return }
        try call.waiting { try line.put(item, until: deadline) }
    }

    // MARK: get

    @Sendable static func get(_ call: LuaCall) throws -> Int32 {
        if call.count == 1, try call.stack.withObject(ScriptQueue.self, at: 1, { try get(call, $0, until: nil) }) != nil
        {
            return 1
        }
        let queue: ScriptQueue = try call.argument(1)
        try call.bind()
        try get(call, queue, until: call.deadlineToGet(queue))
        return 1
    }

    @Sendable static func getNowait(_ call: LuaCall) throws -> Int32 {
        try get(call, call.argument(1), until: .passed)
        return 1
    }

    @inline(__always)
    private static func get(_ call: LuaCall, _ queue: ScriptQueue, until deadline: Deadline?) throws {
        if let message = queue.getAtOnce() {
            return try MessageDecoder.push(message, to: call.stack)
        }
        try MessageDecoder.push(nextMessage(call, queue, until: deadline), to: call.stack)
    }

    @inline(never)
    private static func nextMessage(_ call: LuaCall, _ queue: ScriptQueue, until deadline: Deadline?) throws -> Message
    {
        switch queue.line {
        case .first(let line): try get(from: line, until: deadline, call)
        case .last(let line): try get(from: line, until: deadline, call)
        case .sorted(let line): try get(from: line, until: deadline, call).message
        }
    }

    private static func get<Item, Discipline: QueueDiscipline<Item> & ~Copyable>(
        from line: BlockingQueue<Item, Discipline>, until deadline: Deadline?, _ call: LuaCall
    ) throws -> Item {
        if let item = line.tryGet() { return item }
        return try call.waiting { try line.get(until: deadline) }
    }

    /// The next item for a loop, or nil at the end.
    static func nextItem(_ queue: ScriptQueue, _ call: LuaCall) throws -> Int32 {
        do {
            try get(call, queue, until: nil)
        } catch QueueError.shutDown {
            call.stack.pushNil()
        }
        return 1
    }
}

extension LuaCall {
    /// The arguments `block, timeout` of `put`, from 3 on. As in Python, a timeout is looked at only where it could matter.
    fileprivate func deadlineToPut(_ queue: any QueueControl) throws -> Deadline? {
        guard try argument(3, default: true) else { return .passed }
        guard let seconds: Double = try argument(4) else { return nil }
        if seconds >= 0, seconds <= Deadline.timeoutMax { return Deadline(after: seconds) }
        if queue.maxsize <= 0 || queue.isShutDown { return nil }
        if seconds > 0, queue.qsize < queue.maxsize { return nil }
        throw LuaCall.refusal(of: seconds)
    }

    /// The arguments `block, timeout` of `get`, from 2 on.
    fileprivate func deadlineToGet(_ queue: ScriptQueue) throws -> Deadline? {
        guard try argument(2, default: true) else { return .passed }
        return try deadlineToGet(queue, timeout: 3)
    }

    func deadlineToGet(_ queue: ScriptQueue, timeout index: Int32) throws -> Deadline? {
        guard let seconds: Double = try argument(index) else { return nil }
        if seconds >= 0, seconds <= Deadline.timeoutMax { return Deadline(after: seconds) }
        if queue.control.isShutDown && queue.control.isEmpty { throw QueueError.shutDown }
        if seconds > 0, !queue.control.isEmpty { return nil }
        throw LuaCall.refusal(of: seconds)
    }

    private static func refusal(of seconds: Double) -> any Error {
        if seconds > 0 { return LockError.timeoutTooLarge }
        return LuaException(.valueError, "'timeout' must be a non-negative number")
    }
}
