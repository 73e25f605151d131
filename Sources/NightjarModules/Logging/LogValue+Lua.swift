public import NightjarLogging
public import NightjarLua

/// Structured values of records, from Lua and back.
enum ScriptValue {
    /// Tables nested deeper than this are cut: a record is no place for them, and a cycle ends here.
    private static let deepest = 16

    /// The value at `index` by copy. Functions, coroutines and objects become their text.
    static func read(_ stack: LuaStack, at index: Int32, depth: Int = 0) throws(LuaError) -> LogValue {
        switch stack.type(at: index) {
        case .none, .nil: return .null
        case .boolean: return .bool(stack.boolean(at: index))
        case .number where stack.isInteger(at: index): return .int(stack.integer(at: index))
        case .number: return .double(stack.number(at: index))
        case .string: return .string(ScriptText.text(stack, at: index))
        case .table where !hasMetatable(stack, index): return try readTable(stack, stack.absolute(index), depth)
        default:
            return .string(try text(stack, at: index) ?? "<\(stack.typeName(at: index))>")
        }
    }

    /// `tostring` of the value at `index`; nil where its metamethod fails.
    static func text(_ stack: LuaStack, at index: Int32) throws(LuaError) -> String? {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(4)
        do { try stack.pushToString(index) } catch {
            if error.kind == .interrupted || error.kind == .memory { throw error }
            return nil
        }
        return ScriptText.text(stack, at: -1)
    }

    /// The elements of the table at `index`, whatever else is in it.
    static func elements(_ stack: LuaStack, at index: Int32, depth: Int = 0) throws(LuaError) -> [LogValue] {
        let index = stack.absolute(index), length = stack.rawLength(at: index)
        var elements: [LogValue] = []
        elements.reserveCapacity(min(length, 1 << 16))
        for position in 0..<length {
            stack.rawGet(index, position + 1)
            defer { stack.pop() }
            elements.append(try read(stack, at: -1, depth: depth + 1))
        }
        return elements
    }

    /// Whether there is nothing in the table at `index`.
    static func isEmpty(_ stack: LuaStack, at index: Int32) -> Bool {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        stack.pushNil()
        return !stack.next(index)
    }

    /// Whether the table at `index` has keys from 1 to `length` and no others, except what `table.pack` adds.
    private static func isList(_ stack: LuaStack, _ index: Int32, _ length: Int) -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        stack.pushNil()
        while stack.next(index) {
            if let position = stack.exactInteger(at: -2), (1...length).contains(Int(position)) {
                stack.pop()
                continue
            }
            guard stack.type(at: -2) == .string, stack.string(at: -2) == "n", stack.type(at: -1) == .number else {
                return false
            }
            stack.pop()
        }
        return true
    }

    private static func hasMetatable(_ stack: LuaStack, _ index: Int32) -> Bool {
        guard stack.pushMetatable(of: index) else { return false }
        stack.pop()
        return true
    }

    private static func readTable(_ stack: LuaStack, _ index: Int32, _ depth: Int) throws(LuaError) -> LogValue {
        guard depth < deepest else { return .string("...") }
        try stack.reserve(8)
        let length = stack.rawLength(at: index)
        if length > 0, isList(stack, index, length) { return .array(try elements(stack, at: index, depth: depth)) }
        return .object(try fields(stack, at: index, depth: depth))
    }

    /// The named entries of the table at `index`, sorted by name: a Lua table has no order to keep.
    static func fields(
        _ stack: LuaStack, at index: Int32, depth: Int = 0, except skipped: [String] = []
    ) throws(LuaError) -> LogFields {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        var entries: [LogFields.Field] = []
        stack.pushNil()
        while stack.next(index) {
            let name = stack.type(at: -2) == .string ? ScriptText.text(stack, at: -2) : stack.describeKey(at: -2)
            if !skipped.contains(name) { entries.append(.init(name, try read(stack, at: -1, depth: depth + 1))) }
            stack.pop()
        }
        return LogFields(entries.sorted { $0.name < $1.name })
    }
}

extension LogValue: LuaPushable {
    public func push(to stack: LuaStack) throws(LuaError) {
        switch self {
        case .null: stack.pushNil()
        case .bool(let flag): stack.push(flag)
        case .int(let number): stack.push(number)
        case .double(let number): stack.push(number)
        case .string(let text): stack.push(text)
        case .array(let elements): try elements.push(to: stack)
        case .object(let fields): try fields.push(to: stack)
        }
    }
}

extension LogFields: LuaPushable {
    public func push(to stack: LuaStack) throws(LuaError) {
        try stack.reserve(4)
        stack.newTable(record: count)
        for field in self {
            try field.value.push(to: stack)
            stack.rawSet(-2, field.name)
        }
    }
}
