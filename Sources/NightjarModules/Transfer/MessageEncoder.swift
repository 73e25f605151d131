import NightjarConcurrency
import NightjarLua

/// Lua values to ``Message``.
///
/// Works through the entities in the order of their discovery, with a table of them in Lua instead of recursion. Nothing
/// of it is under any lock, and a value that cannot cross throws before anything was sent.
struct MessageEncoder {
    private let stack: LuaStack
    private let roots: [MessageRoot]
    /// Where the Lua table of entities is.
    private let entityTable: Int32
    private var heads = MessageWriter()
    private var bodies = MessageWriter()
    private var objects: [any AnyObject & Sendable] = []
    private var objectPositions: [ObjectIdentifier: Int] = [:]
    private var entities: [Entity] = []
    private var numbers = PointerNumbers()
    private var variables: [UnsafeRawPointer: (function: Int, upvalue: Int)] = [:]
    private var codeBlocks: [[UInt8]: Int] = [:]
    private var modules: [UnsafeRawPointer: String]?
    /// The entity whose body is being written, or -1 for the roots.
    private var current = -1

    private struct Entity {
        let kind: EntityKind
        /// The entity in whose body this one was found; -1 - n for root n.
        let parent: Int
    }

    /// The message of one value.
    static func encode(_ stack: LuaStack, at index: Int32, as root: MessageRoot) throws -> Message {
        switch stack.type(at: index) {
        case .nil, .none: Message(.nil)
        case .boolean: Message(.boolean(stack.boolean(at: index)))
        case .number where stack.isInteger(at: index): Message(.integer(stack.integer(at: index)))
        case .number: Message(.number(stack.number(at: index)))
        default: try encode(stack, [(index, root)])
        }
    }

    /// The message of several values, which keep what they share. They are decoded together.
    static func encode(_ stack: LuaStack, _ values: [(index: Int32, root: MessageRoot)]) throws -> Message {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(24)
        let absolute = values.map { stack.absolute($0.index) }
        stack.newTable()
        var encoder = MessageEncoder(stack: stack, roots: values.map(\.root), entityTable: stack.top)
        return Message(.encoded(try encoder.encode(absolute)))
    }

    private init(stack: LuaStack, roots: [MessageRoot], entityTable: Int32) {
        self.stack = stack
        self.roots = roots
        self.entityTable = entityTable
    }

    private mutating func encode(_ values: [Int32]) throws -> EncodedMessage {
        for (position, index) in values.enumerated() {
            current = -1 - position
            try write(index)
        }
        var next = 0
        while next < entities.count {
            current = next
            stack.rawGet(entityTable, next + 1)
            try writeBody(entities[next].kind, stack.top)
            stack.setTop(entityTable)
            next += 1
        }
        var count = MessageWriter()
        count.write(count: entities.count)
        return EncodedMessage(bytes: count.bytes + heads.bytes + bodies.bytes, objects: objects)
    }

    // MARK: Values

    private mutating func write(_ index: Int32) throws {
        switch stack.type(at: index) {
        case .nil, .none: bodies.write(.nil)
        case .boolean: bodies.write(stack.boolean(at: index) ? .true : .false)
        case .number: writeNumber(index)
        case .string: writeString(stack.bytes(at: index))
        case .lightUserdata:
            bodies.write(.lightUserdata)
            bodies.write(word: UInt64(UInt(bitPattern: stack.userdata(at: index))))
        case .table: try writeTable(index)
        case .function: try writeFunction(index)
        case .userdata: try writeUserdata(index)
        default: throw refusal("a coroutine")
        }
    }

    private mutating func writeNumber(_ index: Int32) {
        guard stack.isInteger(at: index) else {
            bodies.write(.number)
            return bodies.write(word: stack.number(at: index).bitPattern)
        }
        let value = stack.integer(at: index)
        if let small = Int8(exactly: value) {
            bodies.write(.smallInteger)
            return bodies.write(byte: UInt8(bitPattern: small))
        }
        bodies.write(.integer)
        bodies.write(word: UInt64(bitPattern: value))
    }

    private mutating func writeString(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count < 256 {
            bodies.write(.shortString)
            bodies.write(byte: UInt8(bytes.count))
        } else {
            bodies.write(.longString)
            bodies.write(count: bytes.count)
        }
        bodies.write(bytes: bytes)
    }

    private mutating func writeTable(_ index: Int32) throws {
        let pointer = stack.pointer(at: index)!
        if writeKnown(pointer) { return }
        if writeGlobals(index) || writeModule(pointer) { return }
        if ClassTable.isClass(stack, at: index) { return try writeClass(index) }
        let hasMetatable = stack.pushMetatable(of: index)
        if hasMetatable { stack.pop() }
        let length = stack.rawLength(at: index)
        addEntity(.table, pointer, index)
        heads.write(count: length)
        heads.write(byte: hasMetatable ? 1 : 0)
    }

    /// Writes a reference to an entity that was found before.
    private mutating func writeKnown(_ pointer: UnsafeRawPointer) -> Bool {
        guard let number = numbers[pointer] else { return false }
        bodies.write(.entity)
        bodies.write(count: number)
        return true
    }

    private mutating func writeGlobals(_ index: Int32) -> Bool {
        stack.pushGlobals()
        defer { stack.pop() }
        guard stack.rawEqual(-1, index) else { return false }
        bodies.write(.globals)
        return true
    }

    private mutating func writeModule(_ pointer: UnsafeRawPointer) -> Bool {
        guard let name = loadedModules()[pointer] else { return false }
        bodies.write(.module)
        bodies.write(string: name)
        return true
    }

    /// What `package.loaded` holds, by address; read at most once per message.
    private mutating func loadedModules() -> [UnsafeRawPointer: String] {
        if let modules { return modules }
        var found: [UnsafeRawPointer: String] = [:]
        let top = stack.top
        stack.pushRegistryTable("_LOADED")
        stack.pushNil()
        while stack.next(top + 1) {
            if stack.type(at: -2) == .string, let pointer = stack.pointer(at: -1) {
                found[pointer] = stack.string(at: -2)
            }
            stack.pop()
        }
        stack.setTop(top)
        modules = found
        return found
    }

    // MARK: Entities

    /// Notes the value at `index` as a new entity, writes a reference to it, and begins its head: the caller writes the rest.
    private mutating func addEntity(_ kind: EntityKind, _ pointer: UnsafeRawPointer, _ index: Int32) {
        let number = entities.count
        heads.write(byte: kind.rawValue)
        entities.append(Entity(kind: kind, parent: current))
        numbers[pointer] = number
        stack.pushCopy(of: index)
        stack.rawSet(entityTable, number + 1)
        bodies.write(.entity)
        bodies.write(count: number)
    }

    private mutating func writeBody(_ kind: EntityKind, _ index: Int32) throws {
        switch kind {
        case .table:
            if stack.pushMetatable(of: index) {
                try write(stack.top)
                stack.pop()
            }
            try writePairs(index)
        case .function: try writeUpvalues(index)
        case .scriptClass: try writePairs(index, skipping: ClassTable.isGivenField)
        case .instance:
            stack.pushUserValue(of: index)
            try write(stack.top)
            stack.pop()
        }
    }

    /// Keys and values, ended by a nil key.
    private mutating func writePairs(_ index: Int32, skipping isSkipped: ((LuaStack, Int32, Int32) -> Bool)? = nil)
        throws
    {
        try stack.reserve(8)
        stack.pushNil()
        while stack.next(index) {
            if isSkipped?(stack, index, stack.top - 1) != true {
                try write(stack.top - 1)
                try write(stack.top)
            }
            stack.pop()
        }
        bodies.write(.nil)
    }

    // MARK: Functions

    private mutating func writeFunction(_ index: Int32) throws {
        let pointer = stack.pointer(at: index)!
        if writeKnown(pointer) || writeModule(pointer) { return }
        if stack.isNativeFunction(at: index) { return try writeNativeFunction(index) }
        guard let code = stack.compiled(at: index) else { throw refusal("a function that cannot be dumped") }
        addEntity(.function, pointer, index)
        if let block = codeBlocks[code] { return heads.write(count: block) }
        heads.write(count: codeBlocks.count)
        codeBlocks[code] = codeBlocks.count
        heads.write(count: code.count)
        code.withUnsafeBytes { heads.write(bytes: $0) }
    }

    /// Functions of C or Swift go by the name under which every interpreter has them.
    private mutating func writeNativeFunction(_ index: Int32) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        if let name = Baseline.originalName(of: index, stack) {
            bodies.write(.baseGlobal)
            return bodies.write(string: name)
        }
        stack.pushRegistryTable("_LOADED")
        stack.pushNil()
        while stack.next(top + 1) {
            if stack.type(at: -2) == .string, stack.type(at: -1) == .table,
                let member = Baseline.name(of: index, inTableOnTop: stack)
            {
                stack.pop(2)
                bodies.write(.member)
                bodies.write(string: stack.string(at: top + 2))
                return bodies.write(string: member)
            }
            stack.pop()
        }
        throw refusal("a C function that no module has")
    }

    private mutating func writeUpvalues(_ index: Int32) throws {
        try stack.reserve(8)
        var number = 1
        var environment: Int?
        while stack.pushUpvalue(number, of: index) != nil {
            let identity = stack.upvalueIdentity(number, of: index)!
            if let known = variables[identity] {
                bodies.write(byte: 2)
                bodies.write(count: known.function)
                bodies.write(count: known.upvalue)
            } else {
                variables[identity] = (current, number)
                bodies.write(byte: 1)
                try write(stack.top)
            }
            if isGlobals(stack.top) { environment = number - 1 }
            stack.pop()
            number += 1
        }
        bodies.write(byte: 0)
        try writeGlobalsRead(index, environment)
    }

    private func isGlobals(_ index: Int32) -> Bool {
        stack.pushGlobals()
        defer { stack.pop() }
        return stack.rawEqual(-1, index)
    }

    /// The globals that the code reads and the script has defined, ended by an empty name.
    private mutating func writeGlobalsRead(_ index: Int32, _ environment: Int?) throws {
        if let environment, let code = stack.compiled(at: index) {
            for name in CompiledFunction.globalsRead(by: code, environment: environment).sorted() {
                stack.pushGlobals()
                stack.rawGet(-1, name)
                stack.remove(at: -2)
                if stack.type(at: -1) != .nil, !Baseline.isOriginal(name, stack) {
                    bodies.write(string: name)
                    try write(stack.top)
                }
                stack.pop()
            }
        }
        bodies.write(string: "")
    }

    // MARK: Classes and objects

    private mutating func writeClass(_ index: Int32) throws {
        if let type = LuaType.native(stack, exactClassAt: index) { return writeNativeClass(.nativeClass, type) }
        if let exception = LuaExceptionClass.native(stack, at: index) {
            return writeNativeClass(.exceptionClass, exception)
        }
        guard let number = ClassTable.number(stack, at: index) else { throw refusal("a class of another program") }
        // The parent's head must come first: the class is made from it.
        stack.rawGet(index, "super")
        let parent = stack.top
        defer { stack.setTop(parent - 1) }
        let outer = bodies
        bodies = MessageWriter()
        try writeTable(parent)
        let reference = bodies
        bodies = outer
        let name = ClassTable.qualifiedName(stack, at: index)
        addEntity(.scriptClass, stack.pointer(at: index)!, index)
        heads.write(count: number)
        heads.write(string: name)
        reference.bytes.withUnsafeBytes { heads.write(bytes: $0) }
    }

    private mutating func writeNativeClass(_ tag: MessageTag, _ object: any AnyObject & Sendable) {
        bodies.write(tag)
        bodies.write(count: position(of: object))
    }

    private mutating func position(of object: any AnyObject & Sendable) -> Int {
        if let known = objectPositions[ObjectIdentifier(object)] { return known }
        objects.append(object)
        objectPositions[ObjectIdentifier(object)] = objects.count - 1
        return objects.count - 1
    }

    private mutating func writeUserdata(_ index: Int32) throws {
        let pointer = stack.pointer(at: index)!
        if writeKnown(pointer) { return }
        guard let object = stack.object(at: index) else { throw refusal(describeUserdata(index)) }
        guard let sendable = object as? any CrossesThreads else {
            throw refusal(describeUserdata(index))
        }
        let position = position(of: sendable)
        stack.pushUserValue(of: index)
        let hasFields = stack.type(at: -1) == .table
        stack.pop()
        guard ClassTable.pushClass(of: index, stack) else { throw refusal(describeUserdata(index)) }
        defer { stack.pop() }
        let isScriptClass = LuaType.native(stack, exactClassAt: stack.top) == nil
        guard hasFields || isScriptClass else {
            bodies.write(.object)
            return bodies.write(count: position)
        }
        let outer = bodies
        bodies = MessageWriter()
        try writeTable(stack.top)
        let reference = bodies
        bodies = outer
        addEntity(.instance, pointer, index)
        heads.write(count: position)
        reference.bytes.withUnsafeBytes { heads.write(bytes: $0) }
    }

    private func describeUserdata(_ index: Int32) -> String {
        let name = stack.typeName(at: index)
        return name == "FILE*" ? "an open Lua file" : "a userdata (\(name))"
    }

    // MARK: Refusals

    private func refusal(_ culprit: String) -> TransferError {
        TransferError(
            path: TransferPath(stack, entityTable, entities.map(\.parent), roots).describe(current), culprit: culprit)
    }
}

/// Numbers by address: a list while they are few, a dictionary beyond.
private struct PointerNumbers {
    private var few: [(UnsafeRawPointer, Int)] = []
    private var many: [UnsafeRawPointer: Int] = [:]

    subscript(pointer: UnsafeRawPointer) -> Int? {
        get {
            if !many.isEmpty { return many[pointer] }
            for (known, number) in few where known == pointer { return number }
            return nil
        }
        set {
            guard let newValue else { return }
            if many.isEmpty, few.count < 12 { return few.append((pointer, newValue)) }
            if many.isEmpty { for (known, number) in few { many[known] = number } }
            many[pointer] = newValue
        }
    }
}
