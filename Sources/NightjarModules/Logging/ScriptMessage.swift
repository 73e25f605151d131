import NightjarLogging
import NightjarLua

/// The text of a logging call: `string.format`'s rules, without a call into Lua for what most messages need.
enum ScriptMessage {
    private static let formatKey = RegistryKey()
    private static let percent = UInt8(ascii: "%")

    /// Remembers the interpreter's own `string.format`, whatever scripts put in its place later.
    static func remember(_ stack: LuaStack) {
        stack.pushGlobals()
        if stack.rawGet(-1, "string") == .table { stack.rawGet(-1, "format") } else { stack.pushNil() }
        stack.registrySet(formatKey.pointer)
        stack.pop(2)
    }

    /// How many arguments a format uses up.
    static func conversions(_ format: UnsafeRawBufferPointer) -> Int32 {
        var count: Int32 = 0, position = 0
        while position < format.count {
            if format[position] == percent {
                position += 1
                if position < format.count, format[position] != percent { count += 1 }
            }
            position += 1
        }
        return count
    }

    /// The format at `format` with the `count` arguments from `first` on merged in.
    static func text(_ stack: LuaStack, format: Int32, first: Int32, count: Int32) throws(LuaError) -> String {
        var simple: [UInt8] = []
        if append(stack, format: format, first: first, count: count, to: &simple) {
            return String(decoding: simple, as: UTF8.self)
        }
        if count == 1, stack.type(at: first) == .table, MappedMessage.isOne(stack.bytes(at: format)) {
            return try mapped(stack, ScriptText.text(stack, at: format), first)
        }
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(count + 8)
        if stack.registryGet(formatKey.pointer) == .nil {
            // An interpreter in which nobody has asked for the module, such as that of a handler.
            stack.pop()
            remember(stack)
            stack.registryGet(formatKey.pointer)
        }
        stack.pushCopy(of: format)
        for index in first..<(first + count) { stack.pushCopy(of: index) }
        try stack.call(arguments: count + 1, results: 1)
        return ScriptText.text(stack, at: -1)
    }

    /// As Python merges one dictionary in.
    private static func mapped(_ stack: LuaStack, _ text: String, _ table: Int32) throws(LuaError) -> String {
        let fields = try ScriptValue.fields(stack, at: table)
        do { return try MappedMessage.format(text, fields) } catch {
            throw LuaError(
                .runtime, (error as? LoggingError).map { "\($0.kind.className): \($0.message)" } ?? "\(error)")
        }
    }

    /// Appends the text where all conversions are plain: `%s` of strings, integers, booleans and nil, and `%d` of integers.
    /// - Returns: false, with nothing appended, where they are not.
    static func append(
        _ stack: LuaStack, format: Int32, first: Int32, count: Int32, to buffer: inout [UInt8]
    ) -> Bool {
        let format = stack.bytes(at: format)
        var size = format.count
        for index in first..<(first + count) {
            size += stack.type(at: index) == .string ? stack.rawLength(at: index) : 21
        }
        // Longer ones are rare, and their buffer would stay with the thread.
        guard size <= 4096 else { return false }
        let start = buffer.count, end = first + count
        var isSimple = false
        buffer.append(addingCapacity: size) { span in
            span.withUnsafeMutableBufferPointer { room, count in
                var writer = TextWriter(UnsafeMutableRawBufferPointer(room))
                isSimple = write(stack, format, first, end, to: &writer)
                if isSimple { count = writer.count }
            }
        }
        if isSimple { ScriptText.repair(&buffer, from: start) }
        return isSimple
    }

    private static func write(
        _ stack: LuaStack, _ format: UnsafeRawBufferPointer, _ first: Int32, _ end: Int32, to writer: inout TextWriter
    ) -> Bool {
        var argument = first, position = 0
        while position < format.count {
            let byte = format[position]
            position += 1
            guard byte == percent else {
                writer.append(byte)
                continue
            }
            guard position < format.count else { return false }
            let kind = format[position]
            position += 1
            if kind == percent {
                writer.append(percent)
                continue
            }
            guard argument < end, writer.append(stack, argument, kind) else { return false }
            argument += 1
        }
        return true
    }
}

/// Fills a buffer that is known to be large enough.
private struct TextWriter {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    mutating func append(_ byte: UInt8) {
        room[count] = byte
        count += 1
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    mutating func append(_ number: Int64) {
        var rest = number.magnitude, digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        if number < 0 { append(UInt8(ascii: "-")) }
        rest = number.magnitude
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// Writes the argument at `index` for the plain conversion `kind`; false where that is not simple.
    mutating func append(_ stack: LuaStack, _ index: Int32, _ kind: UInt8) -> Bool {
        switch (kind, stack.type(at: index)) {
        case (UInt8(ascii: "s"), .string): append(stack.bytes(at: index))
        case (UInt8(ascii: "s"), .number), (UInt8(ascii: "d"), .number):
            guard stack.isInteger(at: index) else { return false }
            append(stack.integer(at: index))
        case (UInt8(ascii: "s"), .boolean): append(word: stack.boolean(at: index) ? "true" : "false")
        case (UInt8(ascii: "s"), .nil): append(word: "nil")
        default: return false
        }
        return true
    }

    private mutating func append(word: StaticString) {
        append(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}
