import NightjarConcurrency
import NightjarLua

/// Lua values to ``Message``.
///
/// Nothing of it is under any lock, and a value that cannot cross throws before anything was sent. Plain data is written without
/// making anything in Lua, so that neither its collector nor a finalizer runs meanwhile.
struct MessageEncoder {
    let stack: LuaStack
    // The interpreter keeps it for as long as there is a stack of it.
    unowned(unsafe) let transfer: TransferState
    var writer: MessageWriter
    /// Entities by address: their number and where their tag is. A class is there with its own number, negative.
    var entities: PointerTable
    var entityCount = 0
    /// What only some messages need.
    var rest: EncoderRest?
    /// Set when the path to a refused value is wanted.
    let trace: TransferTrace?
    /// Lists in Lua, nil until they are needed: values whose bodies were put off, and classes.
    let putOffList: Int32
    var classList: Int32 { putOffList + 1 }
    private var depth = 0
    private var flags: UInt8 = 0
    private var work = 0

    /// Bodies deeper than this are put off. Bounds the C stack, which threads may have little of.
    private static let greatestDepth = 32
    private static let scratchSize = 512

    // MARK: Messages

    /// The message of one value.
    @inline(__always)
    static func encode(_ stack: LuaStack, at index: Int32, as root: @autoclosure () -> MessageRoot) throws -> Message {
        switch stack.type(at: index) {
        case .nil, .none: Message(.nil)
        case .boolean: Message(.boolean(stack.boolean(at: index)))
        case .number where stack.isInteger(at: index): Message(.integer(stack.integer(at: index)))
        case .number: Message(.number(stack.number(at: index)))
        case .string: Message(.encoded(MessageWriter.message(of: stack.bytes(at: index))))
        default: try encodeOne(stack, stack.absolute(index), root)
        }
    }

    private static func encodeOne(_ stack: LuaStack, _ index: Int32, _ root: () -> MessageRoot) throws -> Message {
        do {
            return try run(stack, nil) { encoder in try encoder.write(index) }
        } catch let refusal as Refusal {
            throw explain(refusal, stack, [(index, root())])
        }
    }

    /// The message of several values, which keep what they share. They are decoded together.
    static func encode(_ stack: LuaStack, _ values: [(index: Int32, root: MessageRoot)]) throws -> Message {
        let values = values.map { (index: stack.absolute($0.index), root: $0.root) }
        do {
            return try run(stack, nil) { encoder in for value in values { try encoder.write(value.index) } }
        } catch let refusal as Refusal {
            throw explain(refusal, stack, values)
        }
    }

    /// Writes the values again to find where the refused one is.
    private static func explain(
        _ refusal: Refusal, _ stack: LuaStack, _ values: [(index: Int32, root: MessageRoot)]
    ) -> any Error {
        let trace = TransferTrace(stack)
        do {
            _ = try run(stack, trace) { encoder in
                for value in values {
                    trace.step = .root(value.root)
                    try encoder.write(value.index)
                }
            }
        } catch let refusal as Refusal {
            return TransferError(path: refusal.path ?? "", culprit: refusal.culprit)
        } catch {
            return error
        }
        // Weak tables and finalizers can have made it disappear meanwhile.
        return TransferError(path: values.first?.root.name ?? "", culprit: refusal.culprit)
    }

    private static func run(
        _ stack: LuaStack, _ trace: TransferTrace?, _ writeValues: (inout MessageEncoder) throws -> Void
    ) throws -> Message {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(24)
        stack.setTop(top + 2)
        let recordsSize = PointerTable.few * MemoryLayout<PointerTable.Record>.stride
        return try withUnsafeTemporaryAllocation(byteCount: scratchSize + recordsSize, alignment: 16) { scratch in
            let bytes = UnsafeMutableRawBufferPointer(rebasing: scratch[..<scratchSize])
            var encoder = MessageEncoder(
                stack: stack, transfer: TransferState.of(stack), writer: MessageWriter(bytes),
                entities: PointerTable(scratch.baseAddress.unsafelyUnwrapped + scratchSize), trace: trace,
                putOffList: top + 1)
            defer { encoder.release() }
            encoder.writer.write(byte: 0)
            try writeValues(&encoder)
            if encoder.rest != nil { try encoder.writeWhatWasPutOff() }
            encoder.writer.set(0, encoder.flags)
            return Message(.encoded(encoder.writer.message(encoder.rest?.objects ?? [])))
        }
    }

    private init(
        stack: LuaStack, transfer: TransferState, writer: MessageWriter, entities: PointerTable, trace: TransferTrace?,
        putOffList: Int32
    ) {
        self.stack = stack
        self.transfer = transfer
        self.writer = writer
        self.entities = entities
        self.trace = trace
        self.putOffList = putOffList
    }

    private mutating func release() {
        writer.release()
        entities.release()
        if let rest, rest.hasStoppedCollector { transfer.restartCollector() }
    }

    /// For everything that makes something in Lua: the collector stops until the message is finished, because a finalizer could
    /// change a table that is being traversed.
    mutating func restWithoutCollector() -> EncoderRest {
        let rest = self.rest ?? EncoderRest()
        self.rest = rest
        if !rest.wantsNoCollector {
            rest.wantsNoCollector = true
            rest.hasStoppedCollector = transfer.stopCollector()
        }
        return rest
    }

    func refusal(_ culprit: String) -> Refusal { Refusal(culprit: culprit, path: trace?.path) }

    // MARK: Values

    mutating func write(_ index: Int32) throws {
        switch stack.type(at: index) {
        case .string: writer.write(string: stack.bytes(at: index))
        case .number where stack.isInteger(at: index): writer.write(integer: stack.integer(at: index))
        case .number: writer.write(MessageTag.number, stack.number(at: index))
        case .table: try writeTable(index)
        case .boolean: writer.write(byte: stack.boolean(at: index) ? MessageTag.true : MessageTag.false)
        case .nil, .none: writer.write(byte: MessageTag.nil)
        default: try writeOther(index)
        }
    }

    private mutating func writeOther(_ index: Int32) throws {
        try stack.reserve(20)
        switch stack.type(at: index) {
        case .function: try writeFunction(index)
        case .userdata: try writeUserdata(index)
        case .lightUserdata:
            writer.write(MessageTag.lightUserdata, UInt(bitPattern: stack.userdata(at: index)))
        default: throw refusal("a coroutine")
        }
    }

    /// Writes a reference to an entity that was found before.
    @inline(never)
    mutating func write(_ known: UnsafeMutablePointer<PointerTable.Record>) {
        if known.pointee.first < 0 {
            writer.write(byte: MessageTag.knownClass)
            return writer.write(count: -known.pointee.first)
        }
        writer.mark(known.pointee.second, MessageTag.shared)
        flags |= MessageFlags.needsLists
        writer.write(byte: MessageTag.reference)
        writer.write(count: known.pointee.first)
    }

    // MARK: Entities

    /// Begins the head of a new entity, with its tag; gives the place of that.
    @inline(__always)
    mutating func addEntity(_ kind: EntityKind, _ pointer: UnsafeRawPointer) -> Int {
        let position = writer.count
        entities.add(pointer, entityCount, position)
        entityCount += 1
        writer.write(byte: kind.tag)
        return position
    }

    /// Writes the body of the entity at `index`, whose tag is at `tag`, or puts it off.
    @inline(__always)
    mutating func writeBody(_ kind: EntityKind, _ index: Int32, tag: Int, sizes: Int = 0) throws {
        // What a body pushes, and what writing each of its values pushes before the next body.
        try stack.reserve(20)
        guard depth < MessageEncoder.greatestDepth else { return putOff(kind, index, tag, sizes) }
        depth += 1
        if let trace {
            let holder = trace.holder
            trace.holder = trace.enter()
            try writeBodyNow(kind, index, sizes)
            trace.holder = holder
        } else {
            try writeBodyNow(kind, index, sizes)
        }
        depth -= 1
    }

    @inline(__always)
    private mutating func writeBodyNow(_ kind: EntityKind, _ index: Int32, _ sizes: Int) throws {
        switch kind {
        case .table: try writePairs(index, sizes)
        case .tableWithMetatable, .tableWithFinalizer:
            try writeMetatable(of: index)
            try writePairs(index, sizes)
        case .function: try writeUpvalues(index)
        case .instance: try writeFields(index)
        }
    }

    private mutating func putOff(_ kind: EntityKind, _ index: Int32, _ tag: Int, _ sizes: Int) {
        let rest = restWithoutCollector()
        if rest.putOff.isEmpty {
            stack.newTable()
            stack.replace(at: putOffList)
        }
        writer.mark(tag, MessageTag.putOff)
        flags |= MessageFlags.needsLists
        rest.putOff.append(EncoderRest.Body(kind: kind, sizes: sizes, node: trace?.enter() ?? -1))
        stack.pushCopy(of: index)
        stack.rawSet(putOffList, rest.putOff.count)
    }

    private mutating func writeWhatWasPutOff() throws {
        guard let rest else { return }
        var nextBody = 0, nextClass = 0
        while true {
            while nextBody < rest.putOff.count {
                let body = rest.putOff[nextBody]
                nextBody += 1
                trace?.holder = body.node
                stack.rawGet(putOffList, nextBody)
                try stack.reserve(20)
                try writeBodyNow(body.kind, stack.top, body.sizes)
                stack.pop()
            }
            guard nextClass < rest.classes.count else { return }
            flags |= MessageFlags.hasClasses
            try writeClassBody(rest.classes[nextClass])
            nextClass += 1
        }
    }

    /// To be called for everything of which a message may hold many.
    @inline(__always)
    private mutating func countWork() throws {
        work &+= 1
        if work & 0xfff == 0 { try transfer.checkInterruption() }
    }

    // MARK: Tables

    mutating func writeTable(_ index: Int32) throws {
        let pointer = stack.pointer(at: index).unsafelyUnwrapped
        if let known = entities.find(pointer) { return write(known) }
        if pointer == transfer.globals { return writer.write(byte: MessageTag.globals) }
        if pointer == transfer.stringMetatable { return writer.write(byte: MessageTag.stringMetatable) }
        if let module = transfer.module(at: pointer, index, stack) { return try writeModule(module) }
        guard stack.pushMetatable(of: index) else { return try addTable(.table, pointer, index) }
        defer { stack.pop() }
        if let moved = MovedTable.object(stack, metatableAt: -1) { return writeMoved(moved) }
        if ClassTable.isClass(stack, at: index) { return try writeClass(index) }
        if WeakProxy.isProxy(stack, at: index) { throw refusal("a weakref.proxy") }
        let hasFinalizer = TransferState.hasFinalizer(stack, metatableAt: -1)
        if hasFinalizer { flags |= MessageFlags.needsLists }
        try addTable(hasFinalizer ? .tableWithFinalizer : .tableWithMetatable, pointer, index)
    }

    @inline(__always)
    private mutating func addTable(_ kind: EntityKind, _ pointer: UnsafeRawPointer, _ index: Int32) throws {
        let tag = addEntity(kind, pointer)
        writer.write(count: stack.rawLength(at: index))
        let sizes = writer.count
        writer.write(byte: 0)
        try writeBody(kind, index, tag: tag, sizes: sizes)
    }

    private mutating func writeMetatable(of index: Int32) throws {
        guard stack.pushMetatable(of: index) else { return writer.write(byte: MessageTag.nil) }
        trace?.step = ClassTable.isClass(stack, at: -1) ? .classOf : .metatable
        try write(stack.top)
        stack.pop()
    }

    /// The items of the array, then the pairs of the rest, and their number at `sizes`.
    private mutating func writePairs(_ table: Int32, _ sizes: Int) throws {
        stack.pushNil()
        let key = stack.top, value = key + 1
        var item: Int64 = 1, pairs = 0
        while stack.next(table) {
            try countWork()
            if pairs == 0, stack.isInteger(at: key), stack.integer(at: key) == item {
                item += 1
                trace?.step = .value(key: key)
                try write(value)
            } else {
                if pairs == 0 { writer.write(byte: MessageTag.nil) }
                pairs += 1
                trace?.step = .key
                try write(key)
                trace?.step = .value(key: key)
                try write(value)
            }
            stack.pop()
        }
        if pairs == 0 { writer.write(byte: MessageTag.nil) }
        writer.write(byte: MessageTag.nil)
        if pairs > 0 { writer.set(sizes, MessageEncoder.logarithm(pairs)) }
    }

    /// 0 for none, otherwise one more than the binary logarithm, rounded up.
    static func logarithm(_ count: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: 1 + (count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount))
    }

    /// Writes the pairs of the table at `table` of which `isLeftOut` does not say otherwise; it finds the key on top but one.
    mutating func writeChosenPairs(_ table: Int32, _ isLeftOut: (LuaStack, Int32) -> Bool) throws {
        try stack.reserve(20)
        stack.pushNil()
        let key = stack.top
        while stack.next(table) {
            try countWork()
            if !isLeftOut(stack, key) {
                trace?.step = .key
                try write(key)
                trace?.step = .value(key: key)
                try write(key + 1)
            }
            stack.pop()
        }
        writer.write(byte: MessageTag.nil)
    }
}

/// What only some messages need: objects, functions, classes, great depths.
final class EncoderRest {
    struct Body {
        let kind: EntityKind
        let sizes: Int
        /// Its node in the trace.
        let node: Int
    }

    var wantsNoCollector = false
    var hasStoppedCollector = false
    var putOff: [Body] = []
    /// Positions in the list of classes, in the order of their heads, with their nodes in the trace.
    var classes: [(position: Int, node: Int)] = []
    var classCount = 0
    /// Variables of functions by identity: the number of the function that had it first, and of the upvalue there.
    var variables = PointerTable()
    var hasWrittenPath = false
    /// Modules whose functions in `package.preload` go along.
    var preloaded: Set<String> = []
    private(set) var objects: [any AnyObject & Sendable] = []
    private var positions: [ObjectIdentifier: Int] = [:]

    deinit { variables.release() }

    /// The position of `object` in the message's list of objects.
    func position(of object: any AnyObject & Sendable) -> Int {
        if objects.count < 8 {
            if let known = objects.firstIndex(where: { $0 === object }) { return known }
        } else {
            if positions.isEmpty {
                for (index, object) in objects.enumerated() { positions[ObjectIdentifier(object)] = index }
            }
            if let known = positions[ObjectIdentifier(object)] { return known }
            positions[ObjectIdentifier(object)] = objects.count
        }
        objects.append(object)
        return objects.count - 1
    }
}
