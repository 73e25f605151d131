import NightjarConcurrency
import NightjarLua

extension LuaData {
    /// How deep tables may be nested in data.
    static let greatestDepth = 128

    /// The message of one value, as ``MessageEncoder`` makes it of a Lua value.
    /// - Throws: ``LuaDataError/tooDeep(limit:)``.
    func message() throws(LuaDataError) -> Message { try LuaData.pack([self]).message }

    /// The message of several values.
    static func pack(_ values: [LuaData]) throws(LuaDataError) -> PackedValues {
        if values.count == 1, let scalar = values[0].scalar { return PackedValues(message: scalar, count: 1) }
        if values.isEmpty { return .none }
        var failure: LuaDataError?
        let message = withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) { scratch in
            var writer = DataWriter(scratch)
            defer { writer.release() }
            do throws(LuaDataError) {
                for value in values { try writer.write(value, depth: 0) }
            } catch {
                failure = error
            }
            return writer.message()
        }
        if let failure { throw failure }
        return PackedValues(message: message, count: values.count)
    }

    private var scalar: Message? {
        switch self {
        case .nil: Message(.nil)
        case .boolean(let value): Message(.boolean(value))
        case .integer(let value): Message(.integer(value))
        case .number(let value): Message(.number(value))
        default: nil
        }
    }

    /// The data of a message.
    /// - Throws: ``LuaDataError`` for a message that holds more than data.
    init(_ message: Message) throws(LuaDataError) {
        switch message.content {
        case .nil: self = .nil
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .encoded: self = try LuaData.unpack(PackedValues(message: message, count: 1))[0]
        }
    }

    /// The data of values that were encoded together.
    static func unpack(_ values: PackedValues) throws(LuaDataError) -> [LuaData] {
        guard values.count > 0 else { return [] }
        guard case .encoded(let encoded) = values.message.content else { return [try LuaData(values.message)] }
        return try encoded.withBytes { (bytes) throws(LuaDataError) in
            var reader = DataReader(bytes, encoded.objects)
            return try reader.read(values.count)
        }
    }
}

/// Writes data in the encoding of messages. Nothing in it is shared, so no lists are needed.
private struct DataWriter {
    private var writer: MessageWriter
    private var objects: [any AnyObject & Sendable] = []

    init(_ scratch: UnsafeMutableRawBufferPointer) {
        writer = MessageWriter(scratch)
        writer.write(byte: 0)
    }

    mutating func release() { writer.release() }
    mutating func message() -> Message { Message(.encoded(writer.message(objects))) }

    mutating func write(_ value: LuaData, depth: Int) throws(LuaDataError) {
        switch value {
        case .nil: writer.write(byte: MessageTag.nil)
        case .boolean(let value): writer.write(byte: value ? MessageTag.true : MessageTag.false)
        case .integer(let value): writer.write(integer: value)
        case .number(let value): writer.write(MessageTag.number, value)
        case .string(var text): text.withUTF8 { writer.write(string: UnsafeRawBufferPointer($0)) }
        case .bytes(let bytes): bytes.withUnsafeBytes { writer.write(string: $0) }
        case .object(let held):
            writer.write(byte: MessageTag.object)
            writer.write(count: objects.count)
            objects.append(held.object)
        case .array(let items): try write(items, [:], depth)
        case .table(let pairs): try write([], pairs, depth)
        }
    }

    private mutating func write(
        _ items: [LuaData], _ pairs: [LuaData: LuaData], _ depth: Int
    ) throws(LuaDataError) {
        guard depth < LuaData.greatestDepth else { throw .tooDeep(limit: LuaData.greatestDepth) }
        writer.write(byte: EntityKind.table.tag)
        // An item that is nil ends what is written as items; those behind it have keys.
        let whole = items.prefix { $0 != .nil }
        writer.write(count: whole.count)
        let rest = pairs.count + items.count - whole.count
        writer.write(byte: rest == 0 ? 0 : UInt8(Int.bitWidth - (rest - 1).leadingZeroBitCount) + 1)
        for item in whole { try write(item, depth: depth + 1) }
        writer.write(byte: MessageTag.nil)
        for (offset, item) in items.enumerated().dropFirst(whole.count) where item != .nil {
            writer.write(integer: Int64(offset + 1))
            try write(item, depth: depth + 1)
        }
        for (key, value) in pairs where value != .nil && key.canBeKey {
            try write(key.normalizedKey, depth: depth + 1)
            try write(value, depth: depth + 1)
        }
        writer.write(byte: MessageTag.nil)
    }
}

extension LuaData {
    /// Nil and NaN are no keys in Lua.
    fileprivate var canBeKey: Bool {
        switch self {
        case .nil: false
        case .number(let value): !value.isNaN
        default: true
        }
    }

    /// A float with an integer's value is that integer as a key.
    fileprivate var normalizedKey: LuaData {
        if case .number(let value) = self, let integer = Int64(exactly: value) { .integer(integer) } else { self }
    }
}

/// Reads data from the encoding of messages.
private struct DataReader {
    /// A table whose content may follow later, and may be referred to from several places.
    private final class Table {
        var items: [Value] = []
        var pairs: [(Value, Value)] = []
        var isVisited = false

        func empty() {
            items = []
            pairs = []
        }
    }

    private enum Value {
        case data(LuaData)
        case table(Table)
    }

    private var reader: MessageReader
    private let objects: [any AnyObject & Sendable]
    private var shared: [Int: Table] = [:]
    private var putOff: [(Table, EntityKind)] = []
    private var entityCount = 0

    init(_ bytes: UnsafeRawBufferPointer, _ objects: [any AnyObject & Sendable]) {
        reader = MessageReader(bytes)
        self.objects = objects
        // Lists are kept as they are needed here.
        _ = reader.readByte()
    }

    mutating func read(_ count: Int) throws(LuaDataError) -> [LuaData] {
        // Tables in a circle hold each other.
        defer { for table in shared.values { table.empty() } }
        var values: [Value] = []
        for _ in 0..<count { values.append(try readValue(reader.readByte())) }
        var next = 0
        while next < putOff.count {
            let (table, kind) = putOff[next]
            next += 1
            try fill(table, kind)
        }
        var data: [LuaData] = []
        for value in values { data.append(try finish(value, depth: 0)) }
        return data
    }

    // MARK: Values

    private mutating func readValue(_ tag: UInt8) throws(LuaDataError) -> Value {
        if tag >= MessageTag.smallIntegers {
            return .data(
                .integer(Int64(tag) - Int64(MessageTag.smallIntegers) + MessageTag.smallIntegerRange.lowerBound))
        }
        if tag >= MessageTag.shortStrings { return .data(string(Int(tag - MessageTag.shortStrings))) }
        if tag >= MessageTag.entities { return try readEntity(tag) }
        switch tag {
        case MessageTag.nil: return .data(.nil)
        case MessageTag.false: return .data(.boolean(false))
        case MessageTag.true: return .data(.boolean(true))
        case MessageTag.integer32: return .data(.integer(Int64(reader.read(Int32.self))))
        case MessageTag.integer: return .data(.integer(reader.read(Int64.self)))
        case MessageTag.number: return .data(.number(reader.read(Double.self)))
        case MessageTag.string: return .data(string(reader.readCount()))
        case MessageTag.reference:
            guard let table = shared[reader.readCount()] else { throw .notData("a function or an object's fields") }
            return .table(table)
        case MessageTag.object:
            guard let object = objects[reader.readCount()] as? any CrossesThreads else {
                throw .notData("an object of another kind")
            }
            return .data(.object(LuaDataObject(object)))
        default: throw .notData(name(of: tag))
        }
    }

    private mutating func string(_ count: Int) -> LuaData {
        let bytes = reader.readBytes(count)
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .bytes(Array(bytes))
    }

    private func name(of tag: UInt8) -> String {
        switch tag {
        case MessageTag.nativeClass, MessageTag.exceptionClass, MessageTag.knownClass, MessageTag.classes: "a class"
        case MessageTag.module, MessageTag.preload, MessageTag.packagePath: "a module"
        case MessageTag.globals: "the table of globals"
        case MessageTag.lightUserdata: "a light userdata"
        case MessageTag.standardStream: "a standard stream"
        default: "a function"
        }
    }

    // MARK: Tables

    private mutating func readEntity(_ tag: UInt8) throws(LuaDataError) -> Value {
        let number = entityCount
        entityCount += 1
        let kind = EntityKind(rawValue: (tag - MessageTag.entities) >> 2)
        switch kind {
        case .table, .tableWithMetatable, .tableWithFinalizer:
            _ = reader.readCount()
            _ = reader.readByte()
        case .instance: throw .notData("an instance of a script's class")
        default: throw .notData("a function")
        }
        let table = Table()
        if tag & MessageTag.shared != 0 { shared[number] = table }
        if tag & MessageTag.putOff != 0 { putOff.append((table, kind!)) } else { try fill(table, kind!) }
        return .table(table)
    }

    /// Metatables are behaviour, not data, and only data comes.
    private mutating func fill(_ table: Table, _ kind: EntityKind) throws(LuaDataError) {
        if kind != .table { throw .notData("a table with a metatable") }
        while true {
            let tag = reader.readByte()
            if tag == MessageTag.nil { break }
            table.items.append(try readValue(tag))
        }
        while true {
            let tag = reader.readByte()
            if tag == MessageTag.nil { return }
            let key = try readValue(tag)
            table.pairs.append((key, try readValue(reader.readByte())))
        }
    }

    private func finish(_ value: Value, depth: Int) throws(LuaDataError) -> LuaData {
        guard case .table(let table) = value else {
            if case .data(let data) = value { return data }
            return .nil
        }
        if table.isVisited { throw .cycle }
        guard depth < LuaData.greatestDepth else { throw .tooDeep(limit: LuaData.greatestDepth) }
        table.isVisited = true
        defer { table.isVisited = false }
        var items: [LuaData] = []
        for item in table.items { items.append(try finish(item, depth: depth + 1)) }
        if table.pairs.isEmpty, !items.isEmpty { return .array(items) }
        var pairs: [LuaData: LuaData] = [:]
        for (offset, item) in items.enumerated() { pairs[.integer(Int64(offset + 1))] = item }
        for (key, value) in table.pairs {
            pairs[try finish(key, depth: depth + 1)] = try finish(value, depth: depth + 1)
        }
        return .table(pairs)
    }
}
