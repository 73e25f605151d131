/// One Lua value, as a `Decodable` type sees it.
struct LuaValueDecoder: Decoder, SingleValueDecodingContainer {
    private let context: LuaDecodingContext
    private let value: LuaValue
    private let path: LuaDecodingPath

    init(_ context: LuaDecodingContext, _ value: LuaValue, _ path: LuaDecodingPath) {
        self.context = context
        self.value = value
        self.path = path
    }

    var codingPath: [any CodingKey] { path.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { context.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try context.withStack { stack in
            try value.push(to: stack)
            return KeyedDecodingContainer(try LuaKeyedDecoding<Key>(context, stack, -1, path))
        }
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try context.withStack { stack in
            try value.push(to: stack)
            return try LuaArrayDecoding(context, stack, -1, path)
        }
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool {
        if case .nil = value { true } else { false }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try context.withStack { stack in
            try value.push(to: stack)
            return try context.read(type, stack, at: -1, path)
        }
    }
}

/// The fields of a table.
struct LuaKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let context: LuaDecodingContext
    private let table: LuaTable
    private let path: LuaDecodingPath

    /// - Throws: where the value at `index` is no table, or is one of those around it.
    init(_ context: LuaDecodingContext, _ stack: LuaStack, _ index: Int32, _ path: LuaDecodingPath) throws {
        self.context = context
        (table, self.path) = try LuaTable.entered(stack, index, path)
    }

    var codingPath: [any CodingKey] { path.codingPath }

    var allKeys: [Key] {
        let keys = try? context.withStack { stack in
            try table.collect(stack) { (index: Int32) -> Key? in
                switch stack.type(at: index) {
                case .string: Key(stringValue: stack.string(at: index))
                case .number where stack.isInteger(at: index): Key(intValue: Int(stack.integer(at: index)))
                default: nil
                }
            }
        }
        return (keys ?? []).compactMap(\.self)
    }

    /// All keys as names.
    /// - Throws: for a key that is no string.
    func names() throws -> [LuaNameKey] {
        try context.withStack { stack in
            try table.collect(stack) { index in
                guard stack.type(at: index) == .string else {
                    throw path.corrupted("string keys expected, got the key \(stack.describeKey(at: index))")
                }
                return LuaNameKey(stack.string(at: index))
            }
        }
    }

    func contains(_ key: Key) -> Bool { (try? at(key) { stack in !stack.isNilOrNone(at: -1) }) ?? false }
    func decodeNil(forKey key: Key) throws -> Bool { try at(key) { stack in stack.isNilOrNone(at: -1) } }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try at(key) { stack in try context.read(type, stack, at: -1, path.appending(key)) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try at(key) { stack in
            KeyedDecodingContainer(try LuaKeyedDecoding<Nested>(context, stack, -1, path.appending(key)))
        }
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try at(key) { stack in try LuaArrayDecoding(context, stack, -1, path.appending(key)) }
    }

    func superDecoder() throws -> any Decoder { try decoder(LuaNameKey.superclass) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: any CodingKey) throws -> any Decoder {
        try at(key) { stack in
            LuaValueDecoder(context, try LuaValue.read(from: stack, at: -1), path.appending(key))
        }
    }

    /// Runs `body` with the field on top of the stack.
    private func at<Result>(_ key: any CodingKey, _ body: (LuaStack) throws -> Result) throws -> Result {
        try context.withStack { stack in
            try table.push(to: stack)
            if let index = LuaCoding.luaIndex(of: key) {
                if stack.rawGet(-1, index) != .nil { return try body(stack) }
                stack.pop()
            }
            stack.rawGet(-1, key.stringValue)
            return try body(stack)
        }
    }
}

/// The elements of a table that is an array.
struct LuaArrayDecoding: UnkeyedDecodingContainer {
    private let context: LuaDecodingContext
    private let table: LuaTable
    private let path: LuaDecodingPath
    let count: Int?
    private(set) var currentIndex = 0

    /// - Throws: where the value at `index` is no table, has holes or other keys than 1 to n, or is one of those around it.
    init(_ context: LuaDecodingContext, _ stack: LuaStack, _ index: Int32, _ path: LuaDecodingPath) throws {
        self.context = context
        (table, self.path) = try LuaTable.entered(stack, index, path)
        count = try table.checkedCount(stack, self.path)
    }

    var codingPath: [any CodingKey] { path.codingPath }
    var isAtEnd: Bool { currentIndex >= count ?? 0 }

    /// False: an element of an array is never nil.
    mutating func decodeNil() throws -> Bool { try next { _, _ in false } && false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let context = self.context
        return try step { stack, path in try context.read(type, stack, at: -1, path) }
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
        let context = self.context
        return try step { stack, path in
            KeyedDecodingContainer(try LuaKeyedDecoding<Nested>(context, stack, -1, path))
        }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let context = self.context
        return try step { stack, path in try LuaArrayDecoding(context, stack, -1, path) }
    }

    mutating func superDecoder() throws -> any Decoder {
        let context = self.context
        return try step { stack, path in
            LuaValueDecoder(context, try LuaValue.read(from: stack, at: -1), path)
        }
    }

    /// Runs `body` with the next element on top of the stack.
    private func next<Result>(_ body: (LuaStack, LuaDecodingPath) throws -> Result) throws -> Result {
        let path = self.path.appending(LuaIndexKey(currentIndex + 1))
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                Result.self,
                .init(codingPath: path.codingPath, debugDescription: "value expected, but the array ends before"))
        }
        return try context.withStack { stack in
            try table.push(to: stack)
            stack.rawGet(-1, currentIndex + 1)
            return try body(stack, path)
        }
    }

    /// As `next`, and goes on to the one after it; not where `body` fails, so that it can be tried as another type.
    private mutating func step<Result>(_ body: (LuaStack, LuaDecodingPath) throws -> Result) throws -> Result {
        let result = try next(body)
        currentIndex += 1
        return result
    }
}

extension LuaTable {
    /// The table at `index`, and the way to what is in it.
    fileprivate static func entered(
        _ stack: LuaStack, _ index: Int32, _ path: LuaDecodingPath
    ) throws -> (LuaTable, LuaDecodingPath) {
        guard stack.type(at: index) == .table, let pointer = stack.pointer(at: index) else {
            throw DecodingError.typeMismatch(
                LuaTable.self,
                .init(
                    codingPath: path.codingPath,
                    debugDescription: LuaMismatch(stack, index, expected: luaTypeName).description))
        }
        return (LuaTable(reference: LuaReference(stack, at: index)), try path.entering(pointer))
    }

    /// What `body` gives for the index of each key.
    fileprivate func collect<Result>(_ stack: LuaStack, _ body: (Int32) throws -> Result) throws -> [Result] {
        try push(to: stack)
        let table = stack.top
        var results: [Result] = []
        stack.pushNil()
        while stack.next(table) {
            stack.pop()
            results.append(try body(table + 1))
        }
        return results
    }

    /// The number of elements, if this is an array.
    fileprivate func checkedCount(_ stack: LuaStack, _ path: LuaDecodingPath) throws -> Int {
        let top = stack.top
        defer { stack.setTop(top) }
        let keys: [Int64] = try collect(stack) { index in
            guard stack.isInteger(at: index), stack.integer(at: index) > 0 else {
                throw path.corrupted("array expected, got a table with the key \(stack.describeKey(at: index))")
            }
            return stack.integer(at: index)
        }
        guard let largest = keys.max(), largest != keys.count else { return keys.count }
        // Fewer keys than the largest one: there is a hole among the first of them.
        let hole = (1...keys.count + 1).first { index in
            defer { stack.pop() }
            return stack.rawGet(top + 1, index) == .nil
        }
        throw path.appending(LuaIndexKey(hole ?? 1)).corrupted(
            "value expected, got nil (the array goes on to [\(largest)])")
    }
}
