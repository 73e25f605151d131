import NightjarConcurrency
import NightjarLua

/// ``Message`` to Lua values, in whatever interpreter the stack belongs to.
struct MessageDecoder {
    private let stack: LuaStack
    private let message: EncodedMessage
    private var reader: MessageReader
    /// Where the Lua table of entities is.
    private let entityTable: Int32
    private var kinds: [(kind: EntityKind, isFilled: Bool, hasMetatable: Bool)] = []

    /// Pushes the values of `message`; `count` is how many were encoded together.
    static func push(_ message: Message, count: Int = 1, to stack: LuaStack) throws(LuaError) {
        switch message.content {
        case .nil: stack.pushNil()
        case .boolean(let value): stack.push(value)
        case .integer(let value): stack.push(value)
        case .number(let value): stack.push(value)
        case .encoded(let encoded):
            try stack.reserve(Int32(count) + 24)
            do {
                try encoded.bytes.withUnsafeBytes { bytes in
                    var decoder = MessageDecoder(stack, encoded, MessageReader(bytes))
                    try decoder.decode(count)
                }
            } catch {
                throw (error as? LuaError) ?? LuaError(.conversion, "\(error)")
            }
        }
    }

    private init(_ stack: LuaStack, _ message: EncodedMessage, _ reader: MessageReader) {
        self.stack = stack
        self.message = message
        self.reader = reader
        stack.newTable()
        entityTable = stack.top
    }

    private mutating func decode(_ count: Int) throws(LuaError) {
        let entities = reader.readCount()
        var blocks: [UnsafeRawBufferPointer] = []
        for number in 0..<entities {
            try makeEntity(&blocks)
            stack.rawSet(entityTable, number + 1)
        }
        for _ in 0..<count { try readValue() }
        for number in 0..<entities {
            stack.rawGet(entityTable, number + 1)
            try fillEntity(number, stack.top)
            stack.pop()
        }
        stack.remove(at: entityTable)
    }

    // MARK: Making entities

    /// Pushes the next entity, empty.
    private mutating func makeEntity(_ blocks: inout [UnsafeRawBufferPointer]) throws(LuaError) {
        guard let kind = EntityKind(rawValue: reader.readByte()) else {
            preconditionFailure("an unknown kind of entity")
        }
        var isFilled = false, hasMetatable = false
        switch kind {
        case .table:
            stack.newTable(array: reader.readCount())
            hasMetatable = reader.readByte() != 0
        case .function:
            let block = reader.readCount()
            if block == blocks.count { blocks.append(reader.readBytes(reader.readCount())) }
            try stack.pushCompiled(blocks[block], name: "=function")
        case .scriptClass: isFilled = try makeClass()
        case .instance:
            let object = message.objects[reader.readCount()]
            try readValue()
            LuaType.pushInstance(object, classAt: stack.top, to: stack)
            stack.remove(at: -2)
        }
        kinds.append((kind, isFilled, hasMetatable))
    }

    /// Pushes a script's class; true if this interpreter had it already.
    private mutating func makeClass() throws(LuaError) -> Bool {
        let number = reader.readCount(), name = reader.readString()
        try readValue()
        if ClassTable.pushClass(number: number, to: stack) {
            stack.remove(at: -2)
            return true
        }
        ClassTable.pushSubclass(of: stack.top, name: name, number: number, to: stack)
        stack.remove(at: -2)
        return false
    }

    // MARK: Filling entities

    private mutating func fillEntity(_ number: Int, _ index: Int32) throws(LuaError) {
        let entity = kinds[number]
        switch entity.kind {
        case .table:
            if entity.hasMetatable { try readValue() }
            try readPairs(into: index)
            // Last, so that `__newindex` and `__gc` see what they would have seen.
            if entity.hasMetatable {
                stack.pushCopy(of: index + 1)
                stack.setMetatable(index)
                stack.setTop(index)
            }
        case .function: try readUpvalues(index)
        case .scriptClass:
            if entity.isFilled { stack.newTable() }
            try readPairs(into: entity.isFilled ? stack.top : index)
            stack.setTop(index)
        case .instance:
            try readValue()
            if stack.type(at: -1) == .table { stack.setUserValue(of: index) } else { stack.pop() }
            RemoteInstance.redirectIfMoved(stack, at: index)
        }
    }

    private mutating func readPairs(into table: Int32) throws(LuaError) {
        while true {
            try readValue()
            if stack.type(at: -1) == .nil { return stack.pop() }
            try readValue()
            stack.rawSet(table)
        }
    }

    private mutating func readUpvalues(_ index: Int32) throws(LuaError) {
        var number = 1
        while true {
            switch reader.readByte() {
            case 1:
                try readValue()
                stack.setUpvalue(number, of: index)
            case 2:
                let function = reader.readCount(), upvalue = reader.readCount()
                stack.rawGet(entityTable, function + 1)
                stack.joinUpvalue(number, of: index, with: upvalue, of: stack.top)
                stack.pop()
            default: return try readGlobals()
            }
            number += 1
        }
    }

    /// Defines the globals that came along, unless the receiver has its own of that name.
    private mutating func readGlobals() throws(LuaError) {
        while true {
            let name = reader.readString()
            if name.isEmpty { return }
            try readValue()
            stack.pushGlobals()
            if stack.rawGet(-1, name) == .nil || Baseline.isOriginal(name, stack) {
                stack.pop()
                stack.pushCopy(of: -2)
                stack.rawSet(-2, name)
                stack.pop(2)
            } else {
                stack.pop(3)
            }
        }
    }

    // MARK: Values

    private mutating func readValue() throws(LuaError) {
        switch reader.readTag() {
        case .nil: stack.pushNil()
        case .false: stack.push(false)
        case .true: stack.push(true)
        case .smallInteger: stack.push(Int64(Int8(bitPattern: reader.readByte())))
        case .integer: stack.push(Int64(bitPattern: reader.readWord()))
        case .number: stack.push(Double(bitPattern: reader.readWord()))
        case .shortString: stack.push(reader.readBytes(Int(reader.readByte())))
        case .longString: stack.push(reader.readBytes(reader.readCount()))
        case .entity: stack.rawGet(entityTable, reader.readCount() + 1)
        case .globals: stack.pushGlobals()
        case .lightUserdata:
            if let pointer = UnsafeRawPointer(bitPattern: UInt(reader.readWord())) {
                stack.push(pointer: pointer)
            } else {
                stack.pushNil()
            }
        case .object, .nativeClass, .exceptionClass: readObject(message.objects[reader.readCount()])
        case .module: try LuaState.of(stack).pushModule(reader.readString(), to: stack)
        case .member:
            try LuaState.of(stack).pushModule(reader.readString(), to: stack)
            stack.rawGet(-1, reader.readString())
            stack.remove(at: -2)
        case .baseGlobal: try readBaseGlobal()
        }
    }

    private func readObject(_ object: any AnyObject & Sendable) {
        switch object {
        case let type as LuaType: type.pushClass(to: stack)
        case let exception as LuaExceptionClass: exception.push(to: stack)
        case let object as any LuaObject:
            // Pushing an object that is alive cannot fail.
            if (try? object.push(to: stack)) == nil { stack.pushNil() }
        default: stack.pushNil()
        }
    }

    private mutating func readBaseGlobal() throws(LuaError) {
        let name = reader.readString()
        guard Baseline.push(name, stack) else {
            throw LuaError(.conversion, "the other interpreter has no '\(name)', which this one starts with")
        }
    }
}
