import NightjarConcurrency
import NightjarLua

/// ``Message`` to Lua values, in whatever interpreter the stack belongs to.
struct MessageDecoder {
    let stack: LuaStack
    // The interpreter keeps it for as long as there is a stack of it.
    unowned(unsafe) let transfer: TransferState
    var reader: MessageReader
    let objects: [any AnyObject & Sendable]
    /// Where the lists in Lua are: of shared entities by number, of entities whose bodies follow, of metatables to set last. All
    /// are nil until needed, and not there at all in most messages.
    let lists: Int32
    private var entityCount = 0
    /// What only some messages need.
    var rest: DecoderRest?
    private var work = 0

    private static let listCount: Int32 = 3
    private var putOffList: Int32 { lists + 1 }
    private var lateList: Int32 { lists + 2 }

    /// Pushes the values of `message`; `count` is how many were encoded together.
    /// - Throws: what `require` of a module raises; `.memory` and `.interrupted`, for which it looks now and then.
    @inline(__always)
    static func push(_ message: Message, count: Int = 1, to stack: LuaStack) throws(LuaError) {
        switch message.content {
        case .nil: stack.pushNil()
        case .boolean(let value): stack.push(value)
        case .integer(let value): stack.push(value)
        case .number(let value): stack.push(value)
        case .encoded(let encoded): try push(encoded, count, to: stack)
        }
    }

    private static func push(_ encoded: EncodedMessage, _ count: Int, to stack: LuaStack) throws(LuaError) {
        try encoded.withBytes { (bytes) throws(LuaError) in
            if let string = MessageReader.shortString(bytes) { return stack.push(string) }
            try stack.reserve(Int32(clamping: count) + 20)
            let top = stack.top
            var decoder = MessageDecoder(stack, encoded, MessageReader(bytes), lists: top + 1)
            do throws(LuaError) {
                try decoder.decode(count)
            } catch {
                stack.setTop(top)
                throw error
            }
        }
    }

    private init(_ stack: LuaStack, _ message: EncodedMessage, _ reader: MessageReader, lists: Int32) {
        self.stack = stack
        self.reader = reader
        self.lists = lists
        transfer = TransferState.of(stack)
        objects = message.objects
    }

    private mutating func decode(_ count: Int) throws(LuaError) {
        let flags = reader.readByte()
        let needsLists = flags & MessageFlags.needsLists != 0
        if needsLists { stack.setTop(lists + MessageDecoder.listCount - 1) }
        for _ in 0..<count { try readValue() }
        if let rest {
            try readWhatWasPutOff()
            if flags & MessageFlags.hasClasses != 0 { try readClassBodies() }
            setLateMetatables(rest.lateMetatables)
        }
        if needsLists { for _ in 0..<MessageDecoder.listCount { stack.remove(at: lists) } }
    }

    // MARK: Values

    @inline(__always)
    mutating func readValue() throws(LuaError) { try readValue(reader.readByte()) }

    @inline(__always)
    mutating func readValue(_ tag: UInt8) throws(LuaError) {
        if tag >= MessageTag.smallIntegers {
            stack.push(Int64(tag) - Int64(MessageTag.smallIntegers) + MessageTag.smallIntegerRange.lowerBound)
        } else if tag >= MessageTag.shortStrings {
            stack.push(reader.readBytes(Int(tag - MessageTag.shortStrings)))
        } else if tag >= MessageTag.entities {
            try readEntity(tag)
        } else {
            try readPlainValue(tag)
        }
    }

    private mutating func readPlainValue(_ tag: UInt8) throws(LuaError) {
        switch tag {
        case MessageTag.nil: stack.pushNil()
        case MessageTag.false: stack.push(false)
        case MessageTag.true: stack.push(true)
        case MessageTag.integer32: stack.push(Int64(reader.read(Int32.self)))
        case MessageTag.integer: stack.push(reader.read(Int64.self))
        case MessageTag.number: stack.push(reader.read(Double.self))
        case MessageTag.lightUserdata: stack.push(pointer: UnsafeRawPointer(bitPattern: reader.read(UInt.self)))
        case MessageTag.string: try readString()
        case MessageTag.reference: stack.rawGet(lists, reader.readCount() + 1)
        default: try readOtherValue(tag)
        }
    }

    private mutating func readOtherValue(_ tag: UInt8) throws(LuaError) {
        try stack.reserve(32)
        switch tag {
        case MessageTag.object, MessageTag.nativeClass, MessageTag.exceptionClass:
            try pushObject(objects[reader.readCount()])
        case MessageTag.globals: stack.pushGlobals()
        case MessageTag.knownClass: _ = ClassTable.pushClass(number: reader.readCount(), to: stack)
        case MessageTag.classes: try readClasses()
        case MessageTag.packagePath:
            let path = Baseline.SearchPath(rawValue: Int(reader.readByte())) ?? .lua
            Baseline.take(path, reader.readBytes(reader.readCount()), stack)
            try readValue()
        default: try readNamed(tag)
        }
    }

    private mutating func readString() throws(LuaError) {
        let count = reader.readCount()
        if count > 1 << 16 { try transfer.checkpoint(growth: count) }
        stack.push(reader.readBytes(count))
    }

    private func pushObject(_ object: any AnyObject & Sendable) throws(LuaError) {
        if stack.pushHeld(object) { return }
        switch object {
        case let object as any LuaObject:
            try object.push(to: stack)
            // A script's table that works in a cell has no instance anywhere that would bring the way there along.
            if object is ScriptFilter || object is ScriptFormatter { RemoteInstance.redirectIfMoved(stack, at: -1) }
        case let type as LuaType: type.pushClass(to: stack)
        case let exception as LuaExceptionClass: exception.push(to: stack)
        default: preconditionFailure("a message with an object that Lua cannot hold")
        }
    }

    // MARK: Entities

    private mutating func readEntity(_ tag: UInt8) throws(LuaError) {
        let number = entityCount
        entityCount += 1
        try stack.reserve(16)
        guard let kind = EntityKind(rawValue: (tag - MessageTag.entities) >> 2) else {
            preconditionFailure("a message with an unknown kind of entity")
        }
        let code = try pushEmpty(kind)
        let index = stack.top
        if tag & MessageTag.shared != 0 { share(number, index) }
        if tag & MessageTag.putOff == 0 { return try fill(kind, index, code) }
        let rest = neededRest()
        ensureList(putOffList)
        rest.putOff.append((kind, code))
        stack.pushCopy(of: index)
        stack.rawSet(putOffList, rest.putOff.count)
    }

    mutating func neededRest() -> DecoderRest {
        let rest = self.rest ?? DecoderRest()
        self.rest = rest
        return rest
    }

    /// Pushes a new entity from its head; gives the position of its code if it is a function.
    @inline(__always)
    private mutating func pushEmpty(_ kind: EntityKind) throws(LuaError) -> Int {
        switch kind {
        case .table, .tableWithMetatable, .tableWithFinalizer:
            let items = reader.readCount(), pairs = reader.readByte()
            if items > 1 << 10 || pairs > 10 {
                try transfer.checkpoint(growth: min(items, 1 << 20) * 16 + 40 << min(pairs, 20))
            }
            stack.newTable(array: items, record: pairs == 0 ? 0 : 1 << Int(min(pairs - 1, 30)))
            return 0
        case .function:
            let position = reader.readCount()
            try pushFunction(position)
            return position
        case .instance:
            let object = objects[reader.readCount()]
            try readValue()
            LuaType.pushInstance(object, classAt: -1, to: stack)
            stack.remove(at: -2)
            (object as? LuaThread)?.keepIfOwn(at: -1, stack)
            return 0
        }
    }

    @inline(__always)
    private mutating func fill(_ kind: EntityKind, _ index: Int32, _ code: Int) throws(LuaError) {
        switch kind {
        case .table: try readPairs(into: index)
        case .tableWithMetatable, .tableWithFinalizer: try readTableWithMetatable(kind, index)
        case .function: try readUpvalues(index, code)
        case .instance: try readFields(index)
        }
    }

    mutating func readWhatWasPutOff() throws(LuaError) {
        guard let rest else { return }
        while rest.nextBody < rest.putOff.count {
            let (kind, code) = rest.putOff[rest.nextBody]
            rest.nextBody += 1
            stack.rawGet(putOffList, rest.nextBody)
            try fill(kind, stack.top, code)
            stack.pop()
        }
    }

    private func share(_ number: Int, _ index: Int32) {
        ensureList(lists)
        stack.pushCopy(of: index)
        stack.rawSet(lists, number + 1)
    }

    func ensureList(_ list: Int32) {
        guard stack.type(at: list) == .nil else { return }
        stack.newTable()
        stack.replace(at: list)
    }

    // MARK: Tables

    mutating func readPairs(into table: Int32) throws(LuaError) {
        var item = 1
        while true {
            try countWork()
            let tag = reader.readByte()
            if tag == MessageTag.nil { break }
            try readValue(tag)
            stack.rawSet(table, item)
            item += 1
        }
        try readKeyedPairs(into: table)
    }

    mutating func readKeyedPairs(into table: Int32) throws(LuaError) {
        while true {
            try countWork()
            let tag = reader.readByte()
            if tag == MessageTag.nil { return }
            try readValue(tag)
            try readValue()
            // What was a key is one: neither nil nor NaN.
            stack.rawSetValidKey(table)
        }
    }

    private mutating func readTableWithMetatable(_ kind: EntityKind, _ index: Int32) throws(LuaError) {
        try readValue()
        if kind == .tableWithFinalizer {
            let rest = neededRest()
            ensureList(lateList)
            for value in [index, stack.top] {
                rest.lateMetatables += 1
                stack.pushCopy(of: value)
                stack.rawSet(lateList, rest.lateMetatables)
            }
            stack.pop()
        } else {
            stack.setMetatable(index)
        }
        try readPairs(into: index)
    }

    /// Only a metatable that has its finalizer by then gives one to a table; where none are allowed, none gets one.
    private func setLateMetatables(_ count: Int) {
        for position in stride(from: 1, to: count, by: 2) {
            stack.rawGet(lateList, position)
            stack.rawGet(lateList, position + 1)
            if transfer.allowsFinalizers { stack.setMetatable(-2) } else { stack.setMetatableWithoutFinalizer() }
            stack.pop()
        }
    }

    /// To be called for everything of which a message may hold many.
    @inline(__always)
    private mutating func countWork() throws(LuaError) {
        work &+= 1
        if work & 0x3ff == 0 { try transfer.checkpoint() }
    }
}

/// What only some messages need: great depths, classes, finalizers.
final class DecoderRest {
    /// What is known of the entities in the second list, and which is read next.
    var putOff: [(kind: EntityKind, code: Int)] = []
    var nextBody = 0
    /// The length of the third list.
    var lateMetatables = 0
    var classes: [DecodedClass] = []
}

extension LuaStack {
    /// Pops a metatable with a finalizer and gives it to the table below, so that this is not finalized.
    fileprivate func setMetatableWithoutFinalizer() {
        let metatable = top
        TransferState.pushFinalizerField(self)
        rawGet(metatable)
        TransferState.pushFinalizerField(self)
        pushNil()
        rawSetValidKey(metatable)
        pushCopy(of: metatable)
        setMetatable(metatable - 1)
        TransferState.pushFinalizerField(self)
        insert(at: -2)
        rawSetValidKey(metatable)
        pop()
    }
}
