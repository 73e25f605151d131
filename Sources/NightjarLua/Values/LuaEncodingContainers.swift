/// Where an `Encodable` type puts itself.
struct LuaValueEncoder: Encoder, SingleValueEncodingContainer {
    private let context: LuaEncodingContext
    private let node: LuaEncodingNode

    init(_ context: LuaEncodingContext, _ node: LuaEncodingNode) {
        self.context = context
        self.node = node
    }

    var codingPath: [any CodingKey] { node.path }
    var userInfo: [CodingUserInfoKey: Any] { context.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(LuaKeyedEncoding(context, node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { LuaArrayEncoding(context, node) }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { node.content = .scalar(LuaValue.nil) }
    func encode<Value: Encodable>(_ value: Value) throws { node.content = try context.encode(value, node.path).content }
}

/// The fields of a table.
struct LuaKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let context: LuaEncodingContext
    private let node: LuaEncodingNode

    /// A class and its superclass may both ask for the container: their fields share the table.
    init(_ context: LuaEncodingContext, _ node: LuaEncodingNode) {
        self.context = context
        self.node = node
        if case .record = node.content { return }
        node.content = .record([])
    }

    var codingPath: [any CodingKey] { node.path }

    /// A field that is nil is one that is not there.
    func encodeNil(forKey key: Key) {}

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        node.append(key, try context.encode(value, node.path + [key]))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(LuaKeyedEncoding<Nested>(context, child(key)))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        LuaArrayEncoding(context, child(key))
    }
    func superEncoder() -> any Encoder { LuaValueEncoder(context, child(LuaNameKey.superclass)) }
    func superEncoder(forKey key: Key) -> any Encoder { LuaValueEncoder(context, child(key)) }

    private func child(_ key: any CodingKey) -> LuaEncodingNode {
        let child = LuaEncodingNode(node.path + [key])
        node.append(key, child)
        return child
    }
}

/// The elements of a table that is an array.
struct LuaArrayEncoding: UnkeyedEncodingContainer {
    private let context: LuaEncodingContext
    private let node: LuaEncodingNode

    init(_ context: LuaEncodingContext, _ node: LuaEncodingNode) {
        self.context = context
        self.node = node
        if case .array = node.content { return }
        node.content = .array([])
    }

    var codingPath: [any CodingKey] { node.path }

    var count: Int {
        if case .array(let elements) = node.content { elements.count } else { 0 }
    }

    func encodeNil() { child().content = .scalar(LuaValue.nil) }

    func encode<Value: Encodable>(_ value: Value) throws {
        node.append(try context.encode(value, node.path + [LuaIndexKey(count + 1)]))
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(LuaKeyedEncoding<Nested>(context, child()))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { LuaArrayEncoding(context, child()) }
    func superEncoder() -> any Encoder { LuaValueEncoder(context, child()) }

    private func child() -> LuaEncodingNode {
        let child = LuaEncodingNode(node.path + [LuaIndexKey(count + 1)])
        node.append(child)
        return child
    }
}
