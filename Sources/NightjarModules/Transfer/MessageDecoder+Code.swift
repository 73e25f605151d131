import NightjarLua

extension MessageDecoder {
    // MARK: Functions

    mutating func pushFunction(_ position: Int) throws(LuaError) {
        try code(position).bytes.withUnsafeBytes { bytes in
            Result { () throws(LuaError) in try stack.pushCompiled(bytes, name: "=function") }
        }.get()
    }

    /// Where the head of a function says so, the encoder has put nothing else.
    private func code(_ position: Int) -> FunctionCode { unsafeDowncast(objects[position], to: FunctionCode.self) }

    mutating func readUpvalues(_ index: Int32, _ position: Int) throws(LuaError) {
        let code = code(position)
        for upvalue in 1..<code.upvalueCount + 1 {
            let tag = reader.readByte()
            if tag == MessageTag.joined {
                try readValue()
                stack.joinUpvalue(upvalue, of: index, with: reader.readCount(), of: stack.top)
                stack.pop()
            } else {
                try readValue(tag)
                stack.setUpvalue(upvalue, of: index)
            }
        }
        while true {
            let number = reader.readCount()
            if number == 0 { return }
            try readValue()
            code.name(number).withUnsafeBytes { Baseline.define($0, stack) }
        }
    }

    // MARK: What goes by name

    mutating func readNamed(_ tag: UInt8) throws(LuaError) {
        switch tag {
        case MessageTag.module:
            let count = reader.readCount()
            try transfer.pushModule((0..<count).map { _ in reader.readName() }, to: stack)
        case MessageTag.preload:
            try readPreload()
            try readValue()
        case MessageTag.standardFunction: try readStandardFunction()
        case MessageTag.sharedFunction: readSharedFunction()
        case MessageTag.stringMetatable: _ = stack.pushStringMetatable()
        case MessageTag.member:
            try NativeNames.push([reader.readName(), reader.readName()], transfer, to: stack)
        case MessageTag.baseGlobal: try NativeNames.push([reader.readName()], transfer, to: stack)
        case MessageTag.standardStream: try readStandardStream()
        default: preconditionFailure("a message with an unknown tag")
        }
    }

    private mutating func readStandardFunction() throws(LuaError) {
        let address = reader.read(UInt.self), name = reader.readName()
        guard let pointer = UnsafeRawPointer(bitPattern: address), transfer.standardFunctions[address] != nil else {
            throw LuaError(.conversion, "this interpreter has no '\(name)', which the sender's has")
        }
        stack.push(standardFunction: pointer)
    }

    private mutating func readSharedFunction() {
        guard let entry = UnsafeRawPointer(bitPattern: reader.read(UInt.self)) else { return stack.pushNil() }
        stack.push(sharedEntry: entry)
    }

    private mutating func readStandardStream() throws(LuaError) {
        let name = reader.readName()
        guard Baseline.push("io", stack), stack.type(at: -1) == .table, stack.rawGet(-1, name) != .nil else {
            throw LuaError(.conversion, "this interpreter has no 'io.\(name)', which the sender's has")
        }
        stack.remove(at: -2)
    }

    /// The sender's function in `package.preload` serves where this interpreter has neither the module nor such a function.
    private mutating func readPreload() throws(LuaError) {
        let name = reader.readName()
        try readValue()
        let top = stack.top
        if Baseline.push("package", stack), stack.type(at: -1) == .table, stack.rawGet(-1, "preload") == .table {
            if stack.rawGet(-1, name) == .nil {
                stack.pushCopy(of: top)
                stack.rawSet(top + 2, name)
            }
        }
        stack.setTop(top - 1)
    }
}
