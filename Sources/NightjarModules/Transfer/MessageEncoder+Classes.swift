import NightjarLua

extension MessageEncoder {
    // MARK: Classes

    /// The class at `index`: one of ours by reference, one of a script's with those of its ancestors that are new to the message.
    mutating func writeClass(_ index: Int32) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        if writeNativeClass(index) { return }
        let rest = restWithoutCollector()
        try stack.reserve(20)
        if rest.classCount == 0 {
            stack.newTable()
            stack.replace(at: classList)
        }
        let before = rest.classCount
        stack.pushCopy(of: index)
        let ancestor = top + 1
        while entities.find(stack.pointer(at: ancestor).unsafelyUnwrapped) == nil, !isNativeClass(ancestor) {
            guard ClassTable.number(stack, at: ancestor) != nil else { throw refusal("a class of another program") }
            rest.classCount += 1
            stack.pushCopy(of: ancestor)
            stack.rawSet(classList, rest.classCount)
            guard stack.rawGet(ancestor, "super") == .table, ClassTable.isClass(stack, at: -1) else {
                throw refusal("a class whose 'super' is none")
            }
            stack.replace(at: ancestor)
        }
        writer.write(byte: MessageTag.classes)
        writer.write(count: rest.classCount - before)
        if !writeNativeClass(ancestor), let known = entities.find(stack.pointer(at: ancestor).unsafelyUnwrapped) {
            write(known)
        }
        // The oldest first, which was found last.
        for position in stride(from: rest.classCount, to: before, by: -1) { writeClassHead(position, rest) }
    }

    private func isNativeClass(_ index: Int32) -> Bool {
        LuaType.native(stack, exactClassAt: index) != nil || LuaExceptionClass.native(stack, at: index) != nil
    }

    private mutating func writeNativeClass(_ index: Int32) -> Bool {
        if let type = LuaType.native(stack, exactClassAt: index) {
            writer.write(byte: MessageTag.nativeClass)
            writer.write(count: restWithoutCollector().position(of: type))
            return true
        }
        guard let exception = LuaExceptionClass.native(stack, at: index) else { return false }
        writer.write(byte: MessageTag.exceptionClass)
        writer.write(count: restWithoutCollector().position(of: exception))
        return true
    }

    private mutating func writeClassHead(_ position: Int, _ rest: EncoderRest) {
        stack.rawGet(classList, position)
        defer { stack.pop() }
        let number = ClassTable.number(stack, at: -1) ?? 0
        entities.add(stack.pointer(at: -1).unsafelyUnwrapped, -number, 0)
        rest.classes.append((position, trace?.enter() ?? -1))
        writer.write(count: number)
        writer.write(name: ClassTable.qualifiedName(stack, at: -1))
        writer.write(word: ClassFields.digest(stack, stack.top))
    }

    /// The fields of a class that it does not have from its making.
    mutating func writeClassBody(_ entry: (position: Int, node: Int)) throws {
        stack.rawGet(classList, entry.position)
        trace?.holder = entry.node
        let table = stack.top
        try writeChosenPairs(table) { stack, key in ClassFields.isGiven(stack, table, key) }
        stack.pop()
    }

    // MARK: Objects

    mutating func writeUserdata(_ index: Int32) throws {
        let pointer = stack.pointer(at: index).unsafelyUnwrapped, top = stack.top
        if let known = entities.find(pointer) { return write(known) }
        if let module = transfer.module(at: pointer, index, stack) { return try writeModule(module) }
        guard let object = stack.object(at: index), let type = LuaType.native(stack, instanceAt: index),
            let sendable = sendable(object, type)
        else {
            throw refusal(describeUserdata(index))
        }
        let rest = self.rest ?? EncoderRest()
        self.rest = rest
        if let keeper = MessageRings.keeper(sendable), keeper.isFirstNote() {
            ScriptEnvironment.of(LuaState.of(stack)).rings.note(keeper)
        }
        let position = rest.position(of: sendable)
        guard type.allowsFields else { return writeObject(position) }
        guard ClassTable.pushClass(of: index, stack) else { return writeObject(position) }
        defer { stack.pop() }
        // The fields of a local are its thread's.
        let isLocal = type === ScriptLocal.luaType
        if isLocal { try leaveLocal(index) }
        let hasFields = !isLocal && stack.pushUserValue(of: index) == .table
        stack.setTop(top + 1)
        // An object that cannot have come from a script's class, and bare, is known by itself.
        guard hasFields || ClassTable.number(stack, at: -1) != nil else { return writeObject(position) }
        let tag = addEntity(.instance, pointer)
        writer.write(count: position)
        try writeClassOfInstance(stack.top)
        try writeBody(.instance, index, tag: tag)
    }

    private func leaveLocal(_ index: Int32) throws {
        do throws(TransferError) {
            try ScriptLocal.leave(stack, at: index)
        } catch {
            throw refusal("a Local whose init gets \(error.path): \(error.culprit)")
        }
    }

    private mutating func writeClassOfInstance(_ index: Int32) throws {
        guard let trace else { return try writeTable(index) }
        let step = trace.step, holder = trace.holder
        trace.holder = trace.enter()
        trace.step = .classOf
        try writeTable(index)
        (trace.step, trace.holder) = (step, holder)
    }

    /// A table that stands for an object that goes by reference.
    mutating func writeMoved(_ object: any MovedObject) {
        let rest = self.rest ?? EncoderRest()
        self.rest = rest
        writeObject(rest.position(of: object))
    }

    private mutating func writeObject(_ position: Int) {
        writer.write(byte: MessageTag.object)
        writer.write(count: position)
    }

    private func sendable(_ object: AnyObject, _ type: LuaType) -> (any AnyObject & Sendable)? {
        if type.crossesThreads {
            // Every instance of the type conforms to CrossesThreads, which is Sendable: a mark that has no representation.
            return unsafeBitCast(object, to: (any AnyObject & Sendable).self)
        }
        return object as? any CrossesThreads
    }

    mutating func writeFields(_ index: Int32) throws {
        if LuaType.native(stack, instanceAt: index) === ScriptLocal.luaType {
            stack.pushNil()
        } else {
            stack.pushUserValue(of: index)
        }
        trace?.step = .fields
        try write(stack.top)
        stack.pop()
    }

    private func describeUserdata(_ index: Int32) -> String {
        if let object = stack.object(at: index) as? any StaysInItsThread { return object.culprit }
        if let type = LuaType.native(stack, instanceAt: index), let module = type.module {
            return "a userdata (\(module).\(type.name))"
        }
        let name = stack.typeName(at: index)
        return name == "FILE*" ? "an open Lua file" : "a userdata (\(name))"
    }
}

/// What of a class' table belongs to the script.
enum ClassFields {
    /// What every class has from its making, besides the metamethods of its parent.
    private static let given: [StaticString] = ["class", "super", "__index", "__name", "__module"]

    /// Whether the field whose key is at `key`, its value above, is there from the making of the class at `table`. Metamethods that come
    /// from a script's class are not: a copy is made before its parent has any.
    static func isGiven(_ stack: LuaStack, _ table: Int32, _ key: Int32) -> Bool {
        guard stack.type(at: key) == .string else { return stack.type(at: key) == .lightUserdata }
        let name = stack.bytes(at: key)
        let isMetamethod = name.count > 2 && name[0] == UInt8(ascii: "_") && name[1] == UInt8(ascii: "_")
        // Nearly all names are seen not to be at a glance.
        guard isMetamethod || name.count == 5 else { return false }
        let isGivenName = given.contains { given in
            name.elementsEqual(UnsafeBufferPointer(start: given.utf8Start, count: given.utf8CodeUnitCount))
        }
        return isGivenName || isMetamethod && isInherited(stack, table, key)
    }

    /// Whether the nearest ancestor of ours has the same.
    private static func isInherited(_ stack: LuaStack, _ table: Int32, _ key: Int32) -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        stack.pushCopy(of: table)
        repeat {
            guard stack.rawGet(top + 1, "super") == .table else { return false }
            stack.replace(at: top + 1)
        } while ClassTable.number(stack, at: top + 1) != nil
        stack.pushCopy(of: key)
        return stack.rawGet(top + 1) != .nil && stack.rawEqual(-1, key + 1)
    }

    /// Depends on the names of the fields of the class at `table`, the same in every interpreter, not on their order.
    static func digest(_ stack: LuaStack, _ table: Int32) -> UInt64 {
        var sum: UInt64 = 0
        stack.pushNil()
        let key = stack.top
        while stack.next(table) {
            if stack.type(at: key) == .string, !isGiven(stack, table, key) {
                sum &+= stack.bytes(at: key).reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            }
            stack.pop()
        }
        return sum
    }
}
