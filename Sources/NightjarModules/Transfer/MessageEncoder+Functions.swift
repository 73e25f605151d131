import NightjarLua

extension MessageEncoder {
    // MARK: Lua functions

    mutating func writeFunction(_ index: Int32) throws {
        let pointer = stack.pointer(at: index).unsafelyUnwrapped
        if let known = entities.find(pointer) { return write(known) }
        if let module = transfer.module(at: pointer, index, stack) { return try writeModule(module) }
        if stack.isNativeFunction(at: index) { return try writeNativeFunction(index) }
        let rest = restWithoutCollector()
        guard let code = transfer.codes.code(of: index, stack) else {
            throw refusal("a function that cannot be dumped")
        }
        writePackagePath()
        let tag = addEntity(.function, pointer)
        writer.write(count: rest.position(of: code))
        try writeBody(.function, index, tag: tag)
    }

    /// The upvalues, and the globals that the code reads and the script has defined.
    mutating func writeUpvalues(_ index: Int32) throws {
        let rest = restWithoutCollector()
        guard let pointer = stack.pointer(at: index), let record = entities.find(pointer) else { return }
        let own = entities.position(of: record)
        try stack.reserve(40)
        var upvalue = 1
        while stack.pushUpvalueValue(upvalue, of: index) {
            let identity = stack.upvalueIdentity(upvalue, of: index).unsafelyUnwrapped
            if let known = rest.variables.find(identity)?.pointee {
                writeJoined(entities[known.first], known.second)
            } else {
                rest.variables.add(identity, own, upvalue)
                trace?.step = .upvalue(stack.upvalueName(upvalue, of: index))
                try writeVariable(stack.top)
            }
            stack.pop()
            upvalue += 1
        }
        try writeGlobals(readBy: index)
    }

    private mutating func writeJoined(_ function: UnsafeMutablePointer<PointerTable.Record>, _ upvalue: Int) {
        writer.write(byte: MessageTag.joined)
        write(function)
        writer.write(count: upvalue)
    }

    /// A value that code refers to. The standard streams belong to the code's surroundings, as the library that they are in.
    private mutating func writeVariable(_ index: Int32) throws {
        if stack.type(at: index) == .userdata, let name = standardStream(at: index) {
            writer.write(byte: MessageTag.standardStream)
            return writer.write(name: name)
        }
        try write(index)
    }

    private func standardStream(at index: Int32) -> String? {
        let top = stack.top
        defer { stack.setTop(top) }
        guard Baseline.push("io", stack), stack.type(at: -1) == .table else { return nil }
        return ["stdout", "stderr", "stdin"].first { name in
            stack.setTop(top + 1)
            stack.rawGet(-1, name)
            return stack.rawEqual(-1, index)
        }
    }

    private mutating func writeGlobals(readBy index: Int32) throws {
        guard let code = transfer.codes.code(of: index, stack) else { return }
        var number = 0
        for reads in code.reads {
            defer { number += reads.names.count }
            let top = stack.top
            guard stack.pushUpvalueValue(reads.upvalue, of: index) else { continue }
            if transfer.pushesWay(toGlobalsFrom: top + 1, stack) {
                try writeGlobals(reads.names, after: number, unlessIn: top + 2)
            }
            stack.setTop(top)
        }
        writer.write(count: 0)
    }

    /// Writes those of `names` that are globals of the script's. The tables from `first` to the top come before that of globals.
    private mutating func writeGlobals(_ names: [[UInt8]], after number: Int, unlessIn first: Int32) throws {
        let last = stack.top
        for (offset, name) in names.enumerated() {
            name.withUnsafeBytes { stack.push($0) }
            stack.pushGlobals()
            stack.pushCopy(of: last + 1)
            if stack.rawGet(-2) != .nil, !Baseline.isOriginal(nameAt: last + 1, valueAt: -1, stack),
                !stack.hasField(nameAt: last + 1, inOneOf: first, last)
            {
                writer.write(count: number + offset + 1)
                trace?.step = .global(name)
                try writeVariable(stack.top)
            }
            stack.setTop(last)
        }
    }

    // MARK: Other functions

    /// Functions of C or Swift go by the name under which every interpreter has them.
    private mutating func writeNativeFunction(_ index: Int32) throws {
        let address = UInt(bitPattern: stack.standardFunction(at: index))
        if let name = transfer.standardFunctions[address] {
            writer.write(MessageTag.standardFunction, address)
            return writer.write(name: name)
        }
        if let entry = stack.sharedEntry(at: index) {
            return writer.write(MessageTag.sharedFunction, UInt(bitPattern: entry))
        }
        _ = restWithoutCollector()
        guard let way = NativeNames.way(to: index, stack) else {
            throw refusal("a C function that no module has")
        }
        if way.count == 1 {
            writer.write(byte: MessageTag.baseGlobal)
            return writer.write(name: way[0])
        }
        writer.write(byte: MessageTag.member)
        for name in way { writer.write(name: name) }
    }

    // MARK: Modules

    mutating func writeModule(_ module: LoadedModules.Module) throws {
        _ = restWithoutCollector()
        if module.isPartOfPackage {
            writer.write(byte: MessageTag.member)
            writer.write(name: "package")
            return writer.write(name: module.names[0])
        }
        guard transfer.canBeFound(module, stack) else {
            throw refusal(
                "module '\(module.names[0])' not found: only package.loaded of this script has it, no file on package.path and no "
                    + "loader in package.preload")
        }
        writePackagePath()
        for name in module.names { try writePreload(of: name) }
        writer.write(byte: MessageTag.module)
        writer.write(count: module.names.count)
        for name in module.names { writer.write(name: name) }
    }

    /// The function of `package.preload` that makes the module, once, in front of the module.
    private mutating func writePreload(of name: String) throws {
        let rest = restWithoutCollector(), top = stack.top
        defer { stack.setTop(top) }
        guard Baseline.push("package", stack), stack.type(at: -1) == .table, stack.rawGet(-1, "preload") == .table,
            stack.rawGet(-1, name) == .function, !stack.isNativeFunction(at: -1), rest.preloaded.insert(name).inserted
        else { return }
        writer.write(byte: MessageTag.preload)
        writer.write(name: name)
        let step = trace?.step
        trace?.step = .preload(name)
        try writeFunction(stack.top)
        if let step { trace?.step = step }
    }

    /// Where the receiver is to look for modules, once, in front of the first value that may need one.
    private mutating func writePackagePath() {
        let rest = restWithoutCollector()
        guard !rest.hasWrittenPath else { return }
        rest.hasWrittenPath = true
        for path in Baseline.SearchPath.allCases where Baseline.pushChanged(path, stack) {
            writer.write(byte: MessageTag.packagePath)
            writer.write(byte: UInt8(path.rawValue))
            writer.write(bytes: stack.bytes(at: -1))
            stack.pop()
        }
    }
}

extension LuaStack {
    /// Whether one of the tables from `first` to `last` has the field whose name is at `name`.
    fileprivate func hasField(nameAt name: Int32, inOneOf first: Int32, _ last: Int32) -> Bool {
        for table in stride(from: first, through: last, by: 1) {
            pushCopy(of: name)
            defer { pop() }
            if rawGet(table) != .nil { return true }
        }
        return false
    }
}
