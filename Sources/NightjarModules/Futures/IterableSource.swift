import NightjarLua

/// Something that a script gave to be walked through: an array, or an iterator as `for ... in` takes it.
///
/// Its values stand in a Lua table that the walker keeps: what is walked through at `slot`, then, for an iterator, its
/// state and its control variable.
struct IterableSource {
    /// The positions of the table that one source takes.
    static let width = 3

    private enum Kind {
        /// An array of a given length, if it tells one, and whether it has a metatable to be asked.
        case array(count: Int?, isPlain: Bool)
        case iterator
    }

    private let slot: Int
    private let kind: Kind
    private var position = 0

    /// Reads the sources among the arguments from `first` on, and puts them into the table at `table` from `slot` on.
    ///
    /// A function that is followed by two values of which the second can be no source is an iterator with its state and control
    /// variable, as `pairs`, `io.lines` and `map` return them.
    static func read(_ call: LuaCall, from first: Int32, through last: Int32, into table: Int32, slot: Int) throws
        -> [IterableSource]
    {
        let stack = call.stack
        var sources: [IterableSource] = [], index = first
        while index <= last {
            let source = try IterableSource(call, index, slot: slot + sources.count * width)
            stack.pushCopy(of: index)
            stack.rawSet(table, source.slot)
            if case .iterator = source.kind, index + 2 <= last, !isSource(stack, index + 2) {
                for offset: Int32 in 1...2 {
                    stack.pushCopy(of: index + offset)
                    stack.rawSet(table, source.slot + Int(offset))
                }
                // The fourth is what a loop would close.
                index += 4
            } else {
                index += 1
            }
            sources.append(source)
        }
        return sources
    }

    private init(_ call: LuaCall, _ index: Int32, slot: Int) throws {
        let stack = call.stack
        self.slot = slot
        if stack.isCallable(at: index) {
            kind = .iterator
            return
        }
        guard stack.type(at: index) == .table || stack.type(at: index) == .userdata else {
            throw call.badArgument(index, "array or iterator expected, got \(stack.typeName(at: index))")
        }
        // An object of ours is none, a forgotten pair of braces rather: `wait(future)`.
        if stack.object(at: index) != nil {
            throw call.badArgument(index, "array or iterator expected, got \(stack.typeName(at: index))")
        }
        let isPlain = !stack.pushMetatable(of: index)
        if !isPlain { stack.pop() }
        guard stack.type(at: index) == .table else {
            kind = .array(count: nil, isPlain: false)
            return
        }
        stack.rawGet(index, "n")
        let count = stack.exactInteger(at: -1).map(Int.init)
        stack.pop()
        if isPlain, count == nil, try IterableSource.isDictionary(stack, index) {
            throw call.badArgument(index, "array or iterator expected, got a table without [1]")
        }
        kind = .array(count: count, isPlain: isPlain)
    }

    private static func isSource(_ stack: LuaStack, _ index: Int32) -> Bool {
        stack.type(at: index) == .table || stack.type(at: index) == .userdata || stack.isCallable(at: index)
    }

    private static func isDictionary(_ stack: LuaStack, _ index: Int32) throws -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        if stack.rawGet(index, 1) != .nil { return false }
        stack.pushNil()
        return stack.next(index)
    }

    /// Pushes the next value, or all values that the iterator gives at once; false, and nothing pushed, at the end.
    mutating func pushNext(_ stack: LuaStack, _ table: Int32, all: Bool) throws -> Bool {
        switch kind {
        case .array(let count, let isPlain):
            position += 1
            if let count, position > count { return false }
            stack.rawGet(table, slot)
            if isPlain {
                stack.rawGet(-1, position)
            } else {
                stack.push(position)
                try stack.get(-2)
            }
            stack.remove(at: -2)
            if count == nil, stack.type(at: -1) == .nil {
                stack.pop()
                return false
            }
            return true
        case .iterator:
            let top = stack.top
            for offset in 0..<IterableSource.width { stack.rawGet(table, slot + offset) }
            try stack.call(arguments: 2, results: all ? -1 : 1)
            guard stack.top > top, stack.type(at: top + 1) != .nil else {
                stack.setTop(top)
                return false
            }
            stack.pushCopy(of: top + 1)
            stack.rawSet(table, slot + 2)
            return true
        }
    }
}
