import NightjarBinary
import NightjarLua

/// Arguments that several functions of `zipfile` have.
enum ZipArguments {
    /// A member by its name or its entry.
    enum Member {
        case name(String)
        case entry(ZipInfoObject)
    }

    static func member(_ call: LuaCall, _ index: Int32) throws -> Member {
        if call.stack.type(at: index) == .string { return .name(try call.argument(index)) }
        guard let entry = try? ZipInfoObject.read(from: call.stack, at: index) else {
            throw call.badArgument(index, "string or ZipInfo expected, got \(call.stack.typeName(at: index))")
        }
        return .entry(entry)
    }

    /// Names and entries, from an array.
    static func members(_ call: LuaCall, _ index: Int32) throws -> [Member]? {
        let stack = call.stack
        if stack.isNilOrNone(at: index) { return nil }
        guard stack.type(at: index) == .table else {
            throw call.badArgument(index, "array of names expected, got \(stack.typeName(at: index))")
        }
        return try (0..<stack.rawLength(at: index)).map { offset in
            stack.rawGet(index, offset + 1)
            defer { stack.pop() }
            if stack.type(at: -1) == .string { return .name(stack.string(at: -1)) }
            guard let entry = try? ZipInfoObject.read(from: stack, at: -1) else {
                let actual = stack.typeName(at: -1)
                throw call.badArgument(index, "field '[\(offset + 1)]': string or ZipInfo expected, got \(actual)")
            }
            return .entry(entry)
        }
    }

    /// A compression method; one that is not known is Python's `NotImplementedError`.
    static func method(_ call: LuaCall, _ index: Int32) throws -> ZipCompressionMethod? {
        guard let number: Int = try call.argument(index) else { return nil }
        guard let method = UInt16(exactly: number) else {
            throw LuaException(.notImplementedError, "That compression method is not supported")
        }
        return ZipCompressionMethod(rawValue: method)
    }

    /// `max_size`, `max_ratio` and `max_members` at `index` and behind it; nil where none is given.
    static func limits(_ call: LuaCall, _ index: Int32) throws -> ZipLimits? {
        let stack = call.stack
        guard (index..<index + 3).contains(where: { !stack.isNilOrNone(at: $0) }) else { return nil }
        var limits = ZipLimits.default
        limits.maxSize = try count(call, index) ?? limits.maxSize
        limits.maxRatio = try call.argument(index + 1, default: limits.maxRatio)
        limits.maxMembers = try count(call, index + 2) ?? limits.maxMembers
        return limits
    }

    /// An integer, or `math.huge` for no limit.
    private static func count(_ call: LuaCall, _ index: Int32) throws -> Int? {
        let stack = call.stack
        if stack.type(at: index) == .number, stack.number(at: index) == .infinity { return .max }
        return try call.argument(index)
    }

    /// Refuses a password for a member that needs one.
    static func checkPassword(_ call: LuaCall, _ index: Int32, for info: ZipInfo) throws {
        guard !call.stack.isNilOrNone(at: index), info.flagBits & 1 != 0 else { return }
        throw LuaException(
            .notImplementedError, "File \(PythonText.repr(info.filename)) is encrypted; decryption is not supported")
    }

    /// Refuses to make a string that the interpreter may not have: its own limit would notice only afterwards.
    static func checkMemory(_ call: LuaCall, _ size: Int) throws {
        guard let limit = call.state.options.memoryLimit, size > limit else { return }
        throw LuaException(.memoryError, "\(size) bytes are more than this interpreter may have (\(limit))")
    }
}
