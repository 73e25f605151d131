import NightjarConcurrency
import NightjarLua

extension QueueCalls {
    /// `get_many(n, timeout)`: an array, and how many are in it, since items may be nil.
    @Sendable static func getMany(_ queue: ScriptQueue, _ call: LuaCall) throws -> Int32 {
        let limit: Int = try call.argument(2, default: .max)
        if limit < 1 { throw LuaException(.valueError, "'n' must be a positive number") }
        let deadline = try call.deadlineToGet(queue, timeout: 3)
        let messages = try call.waiting { try queue.getMany(limit, until: deadline) }
        let stack = call.stack
        try stack.reserve(8)
        stack.newTable(array: messages.count)
        for (index, message) in messages.enumerated() {
            try MessageDecoder.push(message, to: stack)
            stack.rawSet(-2, index + 1)
        }
        stack.push(messages.count)
        return 2
    }

    /// `put_many(items)`: everything is encoded, and compared in a priority queue, before the first item is in.
    @Sendable static func putMany(_ queue: ScriptQueue, _ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 2) == .table else {
            throw call.badArgument(2, "table expected, got \(stack.typeName(at: 2))")
        }
        let count = try itemCount(call)
        switch queue.line {
        case .first(let line): try put(messages(count, call), into: line, call)
        case .last(let line): try put(messages(count, call), into: line, call)
        case .sorted(let line):
            let items = try eachItem(count, call) { message, number in
                let key = try PriorityKey.read(call, at: stack.top, queue.key, place: "items[\(number)]: ")
                return PrioritizedMessage(message: message, key: key)
            }
            try put(items, into: line, call)
        }
        return 0
    }

    /// The field `n` of `table.pack` where there is one, so that nil is an item.
    private static func itemCount(_ call: LuaCall) throws -> Int {
        let stack = call.stack
        try stack.reserve(8)
        defer { stack.setTop(2) }
        if stack.rawGet(2, "n") == .number, stack.isInteger(at: -1) { return max(0, Int(stack.integer(at: -1))) }
        return stack.rawLength(at: 2)
    }

    private static func messages(_ count: Int, _ call: LuaCall) throws -> [Message] {
        try eachItem(count, call) { message, _ in message }
    }

    /// Encodes the items; each is on top of the stack while `make` runs with its message and number.
    private static func eachItem<Item>(
        _ count: Int, _ call: LuaCall, _ make: (Message, Int) throws -> Item
    ) throws -> [Item] {
        var items: [Item] = []
        for number in 1..<count + 1 {
            call.stack.rawGet(2, number)
            do {
                items.append(try make(MessageEncoder.encode(call.stack, at: call.stack.top, as: .item), number))
            } catch let error as TransferError {
                let rest = error.path.dropFirst(MessageRoot.item.name.count)
                throw TransferError(path: "items[\(number)]\(rest)", culprit: error.culprit)
            }
            call.stack.pop()
        }
        return items
    }

    /// Puts what is left after each interruption that was not meant for the script.
    private static func put<Item, Discipline: QueueDiscipline<Item> & ~Copyable>(
        _ items: [Item], into line: BlockingQueue<Item, Discipline>, _ call: LuaCall
    ) throws {
        var rest = items[...]
        try call.waiting {
            let (count, failure) = line.putMany(rest)
            rest = rest.dropFirst(count)
            if let failure { throw failure }
        }
    }
}
