import CLua
import CLuaSupport

/// What carrying functions from one interpreter to another takes.
extension LuaStack {
    public func isNativeFunction(at index: Int32) -> Bool { lua_iscfunction(L, index) != 0 }

    /// The C function at `index` if it is the same one in every interpreter, as those of the standard libraries are; nil for one
    /// that carries values, or that is Swift's.
    public func standardFunction(at index: Int32) -> UnsafeRawPointer? {
        UnsafeRawPointer(nj_standard_function(L, index))
    }

    /// Pushes a function that ``standardFunction(at:)`` gave in an interpreter of this process.
    public func push(standardFunction: UnsafeRawPointer) {
        nj_push_standard_function(L, UnsafeMutableRawPointer(mutating: standardFunction))
    }

    /// What the function of Swift at `index` is known by in every interpreter of the process, as methods are; nil for one that belongs to
    /// this interpreter.
    public func sharedEntry(at index: Int32) -> UnsafeRawPointer? { UnsafeRawPointer(nj_shared_entry(L, index)) }

    /// Pushes a function that ``sharedEntry(at:)`` told of in an interpreter of this process.
    public func push(sharedEntry: UnsafeRawPointer) {
        let entry = sharedEntry.assumingMemoryBound(to: nj_entry.self)
        nj_push_shared_entry(L, UnsafeMutablePointer(mutating: entry))
    }

    /// The compiled form of the Lua function at `index`, with debug information; nil for one that is not Lua. It is for
    /// ``pushCompiled(_:name:)`` of this process alone.
    public func compiled(at index: Int32) -> [UInt8]? {
        pushCopy(of: index)
        defer { pop() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        let status = withUnsafeMutablePointer(to: &bytes) { collected in
            nj_dump(
                L,
                { _, part, size, data in
                    data!.assumingMemoryBound(to: [UInt8].self).pointee
                        .append(contentsOf: UnsafeRawBufferPointer(start: part, count: size))
                    return 0
                }, collected)
        }
        return status == 0 ? bytes : nil
    }

    /// Pushes a function from the compiled form that ``compiled(at:)`` gave in this process. Nothing else may be given: Lua does not
    /// check it.
    public func pushCompiled(_ bytes: UnsafeRawBufferPointer, name: String) throws(LuaError) {
        try check(nj_load(L, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, name, "b"))
    }

    /// Pushes upvalue `number` (from 1) of the function at `index` and gives its name; nil, and nothing pushed, beyond the last.
    public func pushUpvalue(_ number: Int, of index: Int32) -> String? {
        lua_getupvalue(L, index, Int32(number)).map { String(cString: $0) }
    }

    /// The same without its name: false, and nothing pushed, beyond the last.
    public func pushUpvalueValue(_ number: Int, of index: Int32) -> Bool {
        lua_getupvalue(L, index, Int32(number)) != nil
    }

    /// The name of upvalue `number`; empty where there is none.
    public func upvalueName(_ number: Int, of index: Int32) -> String {
        guard let name = pushUpvalue(number, of: index) else { return "" }
        pop()
        return name
    }

    /// Pops a value into upvalue `number` of the function at `index`.
    public func setUpvalue(_ number: Int, of index: Int32) {
        if lua_setupvalue(L, index, Int32(number)) == nil { pop() }
    }

    /// Identifies the variable behind an upvalue, which several functions may share.
    public func upvalueIdentity(_ number: Int, of index: Int32) -> UnsafeRawPointer? {
        UnsafeRawPointer(lua_upvalueid(L, index, Int32(number)))
    }

    /// Lets an upvalue of one function share the variable of another's.
    public func joinUpvalue(_ number: Int, of index: Int32, with other: Int, of source: Int32) {
        lua_upvaluejoin(L, index, Int32(number), source, Int32(other))
    }
}
