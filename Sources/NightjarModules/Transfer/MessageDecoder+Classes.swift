import NightjarLua

/// A class of a script's in a message.
struct DecodedClass {
    let number: Int
    let digest: UInt64
    /// Whether the interpreter had it before.
    let isKnown: Bool
}

extension MessageDecoder {
    private static let digest = RegistryKey()

    /// Pushes the last of the classes, each of which is the parent of the next.
    mutating func readClasses() throws(LuaError) {
        let count = reader.readCount()
        try readValue()
        for _ in 0..<count {
            let number = reader.readCount(), name = reader.readName(), digest = reader.read(UInt64.self)
            let isKnown = ClassTable.pushClass(number: number, to: stack)
            if !isKnown { ClassTable.pushSubclass(of: stack.top, name: name, number: number, to: stack) }
            stack.remove(at: -2)
            neededRest().classes.append(DecodedClass(number: number, digest: digest, isKnown: isKnown))
        }
    }

    /// The bodies of the classes in the order of their heads. An interpreter that has them all, with fields of all these names, needs
    /// none: classes stay what they were when it met them first, and fields that they lack are added.
    mutating func readClassBodies() throws(LuaError) {
        guard let rest, rest.classes.contains(where: { !$0.isKnown || !hasDigest($0) }) else { return }
        var next = 0
        while next < rest.classes.count {
            let decoded = rest.classes[next]
            next += 1
            try readClassBody(decoded)
            try readWhatWasPutOff()
        }
    }

    private mutating func readClassBody(_ decoded: DecodedClass) throws(LuaError) {
        _ = ClassTable.pushClass(number: decoded.number, to: stack)
        let table = stack.top
        defer { stack.setTop(table - 1) }
        stack.push(Int64(bitPattern: decoded.digest))
        stack.rawSet(table, key: MessageDecoder.digest.pointer)
        guard decoded.isKnown else { return try readKeyedPairs(into: table) }
        stack.newTable()
        let fields = stack.top
        try readKeyedPairs(into: fields)
        stack.pushNil()
        while stack.next(fields) {
            stack.pushCopy(of: -2)
            if stack.rawGet(table) == .nil {
                stack.pushCopy(of: -3)
                stack.pushCopy(of: -3)
                stack.rawSetValidKey(table)
            }
            stack.setTop(fields + 1)
        }
    }

    /// Whether the fields that the class had in this message were read before.
    private func hasDigest(_ decoded: DecodedClass) -> Bool {
        guard ClassTable.pushClass(number: decoded.number, to: stack) else { return false }
        defer { stack.pop(2) }
        stack.rawGet(-1, key: MessageDecoder.digest.pointer)
        return stack.isInteger(at: -1) && stack.integer(at: -1) == Int64(bitPattern: decoded.digest)
    }

    // MARK: Objects

    /// The fields of an object: those that come along are set, the others stay, as in one that is here already.
    mutating func readFields(_ index: Int32) throws(LuaError) {
        try readValue()
        let fields = stack.top
        defer { stack.setTop(fields - 1) }
        if let local = stack.object(at: index) as? ScriptLocal { return local.arrive(stack, at: index) }
        guard stack.type(at: fields) == .table else { return RemoteInstance.redirectIfMoved(stack, at: index) }
        if stack.pushUserValue(of: index) == .table {
            let own = stack.top
            // A thread's own fields are ahead of those that others have.
            if let thread = stack.object(at: index) as? LuaThread, CurrentThread.isRunning(thread, stack) { return }
            stack.pushNil()
            while stack.next(fields) {
                stack.pushCopy(of: -2)
                stack.insert(at: -2)
                stack.rawSetValidKey(own)
            }
        } else {
            stack.pushCopy(of: fields)
            stack.setUserValue(of: index)
        }
        RemoteInstance.redirectIfMoved(stack, at: index)
    }
}
