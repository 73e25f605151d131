import Glibc
import NightjarBinary
import NightjarLua

/// Packing and unpacking between Lua's stack and bytes, without anything in between.
enum StructCalls {
    static let errorClass = LuaExceptionClass("error", module: "struct")

    /// Python's words where Lua's stack is too small for the record's values.
    private static let tooManyValues = StructError("too many values in one record")
    /// Records up to this size are packed on the machine's stack.
    private static let smallRecord = 1024

    // MARK: Packing

    /// Pushes the record of the values from argument `first` on.
    static func pack(_ format: StructFormat, _ call: LuaCall, from first: Int32) throws -> Int32 {
        try format.checkItemCount(Int(max(call.count - first + 1, 0)))
        let size = format.size
        if size <= smallRecord {
            return try withUnsafeTemporaryAllocation(byteCount: max(size, 1), alignment: 16) { room in
                try pack(format, call, from: first, into: UnsafeMutableRawBufferPointer(rebasing: room[..<size]))
            }
        }
        // A format is a script's to choose: a record that cannot be had is an error, not the end of the process.
        let limit = min(StructFormat.largestRecord, call.state.options.memoryLimit ?? .max)
        guard size <= limit, let memory = malloc(size) else {
            throw StructError("record of \(size) bytes is too large", kind: .memory)
        }
        defer { free(memory) }
        return try pack(format, call, from: first, into: UnsafeMutableRawBufferPointer(start: memory, count: size))
    }

    private static func pack(
        _ format: StructFormat, _ call: LuaCall, from first: Int32, into record: UnsafeMutableRawBufferPointer
    ) throws -> Int32 {
        if let base = record.baseAddress {
            memset(base, 0, record.count)
            var index = first
            for field in format.fields {
                var place = base + field.offset
                for _ in 0..<field.count {
                    try store(field, call, index, to: place)
                    place += field.size
                    index += 1
                }
            }
        }
        call.stack.push(UnsafeRawBufferPointer(record))
        return 1
    }

    private static func store(
        _ field: StructField, _ call: LuaCall, _ index: Int32, to place: UnsafeMutableRawPointer
    ) throws {
        let stack = call.stack
        switch field.kind {
        case .integer:
            guard let value = stack.exactInteger(at: index) else {
                return try storeOther(field, call, index, to: place)
            }
            try field.storeInteger(value, to: place)
        case .floating:
            guard stack.type(at: index) == .number, !stack.isInteger(at: index) else {
                return try storeOther(field, call, index, to: place)
            }
            try field.storeDouble(stack.number(at: index), to: place)
        case .bool: field.storeBool(stack.boolean(at: index), to: place)
        case .char, .string, .pascal:
            guard stack.type(at: index) == .string else { throw wrongValue(field.notBytes, call, index) }
            try field.storeBytes(stack.bytes(at: index), to: place)
        }
    }

    /// A number code's less common values: booleans are 1 and 0, as Python's are.
    private static func storeOther(
        _ field: StructField, _ call: LuaCall, _ index: Int32, to place: UnsafeMutableRawPointer
    ) throws {
        let stack = call.stack
        let value: StructValue =
            switch stack.type(at: index) {
            case .boolean: .bool(stack.boolean(at: index))
            case .number: stack.isInteger(at: index) ? .int(stack.integer(at: index)) : .double(stack.number(at: index))
            default: .bytes([])
            }
        do throws(StructError) {
            try field.store(value, to: place)
        } catch {
            let isWrongType = error.message.hasPrefix("required argument")
            throw isWrongType ? wrongValue(error, call, index) : error
        }
    }

    // MARK: Unpacking

    /// Pushes the values of the record that argument `buffer` is.
    static func unpack(_ format: StructFormat, _ call: LuaCall, buffer: Int32) throws -> Int32 {
        let bytes = try bytes(call, buffer)
        try format.checkBuffer(count: bytes.count)
        return try load(format, bytes, at: 0, to: call.stack)
    }

    /// The same of a record somewhere in argument `buffer`, at the offset that follows it.
    static func unpackFrom(_ format: StructFormat, _ call: LuaCall, buffer: Int32) throws -> Int32 {
        let bytes = try bytes(call, buffer), stack = call.stack
        var offset = 0
        if !stack.isNilOrNone(at: buffer + 1) {
            guard let given = stack.exactInteger(at: buffer + 1) else {
                throw wrongArgument(call, buffer + 1, "integer expected, got \(describe(stack, buffer + 1))")
            }
            offset = Int(given)
        }
        let start = try format.checkBuffer(count: bytes.count, offset: offset)
        return try load(format, bytes, at: start, to: stack)
    }

    /// Pushes an iterator through the records of argument `buffer`. Records without a value end a `for` loop at once.
    static func iterUnpack(_ object: StructObject, _ call: LuaCall, buffer: Int32) throws -> Int32 {
        let count = try bytes(call, buffer).count
        try object.format.checkIteration(count: count)
        // The iterator keeps Lua's own string; a copy could be as large as the script's memory.
        let data = LuaReference(call.stack, at: buffer)
        var offset = 0
        let iterator = try call.state.function(
            "iter_unpack",
            raw: { call in
                guard offset < count, data.push(to: call.stack) else { return 0 }
                let start = offset
                offset += object.format.size
                return try load(object.format, call.stack.bytes(at: -1), at: start, to: call.stack)
            })
        return try call.results(iterator)
    }

    /// `bytes` must stay on the stack or be referenced meanwhile.
    private static func load(
        _ format: StructFormat, _ bytes: UnsafeRawBufferPointer, at start: Int, to stack: LuaStack
    ) throws -> Int32 {
        guard format.itemCount < 1 << 20, (try? stack.reserve(Int32(format.itemCount) + 1)) != nil else {
            throw tooManyValues
        }
        guard let base = bytes.baseAddress.map({ $0 + start }) else { return 0 }
        for field in format.fields {
            var place = base + field.offset
            for _ in 0..<field.count {
                switch field.kind {
                case .integer: stack.push(field.loadInteger(from: place))
                case .floating: stack.push(field.loadDouble(from: place))
                case .bool: stack.push(field.loadBool(from: place))
                case .char, .string, .pascal: stack.push(field.loadBytes(from: place))
                }
                place += field.size
            }
        }
        return Int32(format.itemCount)
    }

    // MARK: Wrong arguments, which are struct.error in this module

    /// The bytes of a string argument.
    static func bytes(_ call: LuaCall, _ index: Int32) throws -> UnsafeRawBufferPointer {
        guard call.stack.type(at: index) == .string else {
            throw wrongArgument(call, index, "string expected, got \(call.stack.typeName(at: index))")
        }
        return call.stack.bytes(at: index)
    }

    private static func wrongArgument(_ call: LuaCall, _ index: Int32, _ problem: String) -> LuaException {
        LuaException(errorClass, call.badArgument(index, problem).message)
    }

    private static func wrongValue(_ error: StructError, _ call: LuaCall, _ index: Int32) -> LuaException {
        wrongArgument(call, index, "\(error.message), got \(describe(call.stack, index))")
    }

    /// A number by its value, anything else by its type.
    private static func describe(_ stack: LuaStack, _ index: Int32) -> String {
        guard stack.type(at: index) == .number else { return stack.typeName(at: index) }
        return stack.isInteger(at: index) ? "\(stack.integer(at: index))" : "\(stack.number(at: index))"
    }
}
