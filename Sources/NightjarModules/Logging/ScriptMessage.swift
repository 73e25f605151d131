import Glibc
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
        var count: Int32 = 0
        guard var rest = format.baseAddress else { return count }
        let end = rest + format.count
        while let found = memchr(rest, Int32(percent), end - rest) {
            let next = UnsafeRawPointer(found) + 1
            guard next < end else { break }
            if next.load(as: UInt8.self) != percent { count += 1 }
            rest = next + 1
        }
        return count
    }

    /// The format at `format` with the `count` arguments from `first` on merged in.
    static func text(_ stack: LuaStack, format: Int32, first: Int32, count: Int32) throws(LuaError) -> String {
        if let simple = withText(
            stack, stack.bytes(at: format), first, first + count,
            { text, _ in
                String(decoding: text, as: UTF8.self)
            })
        {
            return simple
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

    /// Calls `body` with the text, and how many arguments it has used up, where all conversions are plain: `%s` of strings, integers,
    /// booleans and nil, and `%d` of integers.
    /// - Parameter end: behind the last argument.
    /// - Returns: nil, without a call, where they are not, and where what comes out is no UTF-8.
    @inline(__always)
    static func withText<Result>(
        _ stack: LuaStack, _ format: UnsafeRawBufferPointer, _ first: Int32, _ end: Int32,
        _ body: (UnsafeBufferPointer<UInt8>, Int32) -> Result
    ) -> Result? {
        var size = format.count
        for index in first..<end {
            size += stack.type(at: index) == .string ? stack.rawLength(at: index) : TextWriter.longestWord
        }
        // Longer ones are rare.
        guard size <= 4096 else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { room in
            var writer = TextWriter(room)
            guard let used = write(stack, format, first, end, to: &writer) else { return nil }
            let text = UnsafeRawBufferPointer(rebasing: room[..<writer.count])
            return ScriptText.isText(text) ? body(text.assumingMemoryBound(to: UInt8.self), used) : nil
        }
    }

    /// - Returns: how many arguments were used up; nil where a conversion is not plain.
    private static func write(
        _ stack: LuaStack, _ format: UnsafeRawBufferPointer, _ first: Int32, _ end: Int32, to writer: inout TextWriter
    ) -> Int32? {
        guard var rest = format.baseAddress else { return 0 }
        let stop = rest + format.count
        var argument = first
        while let found = memchr(rest, Int32(percent), stop - rest) {
            let conversion = UnsafeRawPointer(found)
            writer.append(UnsafeRawBufferPointer(start: rest, count: conversion - rest))
            guard conversion + 1 < stop else { return nil }
            let kind = (conversion + 1).load(as: UInt8.self)
            rest = conversion + 2
            if kind == percent {
                writer.append(percent)
                continue
            }
            guard argument < end, writer.append(stack, argument, kind) else { return nil }
            argument += 1
        }
        writer.append(UnsafeRawBufferPointer(start: rest, count: stop - rest))
        return argument - first
    }
}

/// Fills a buffer that is known to be large enough.
private struct TextWriter {
    /// What a number or a word takes at most.
    static let longestWord = 21

    private let start: UnsafeMutableRawPointer
    private var next: UnsafeMutableRawPointer

    init(_ room: UnsafeMutableRawBufferPointer) {
        // Also what has no room has an address, which nothing is written to.
        start = room.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!
        next = start
    }

    var count: Int { next - start }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        next.storeBytes(of: byte, as: UInt8.self)
        next += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        memcpy(next, source, bytes.count)
        next += bytes.count
    }

    mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var rest = number.magnitude, place = digits.count
            repeat {
                place -= 1
                digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            append(UnsafeRawBufferPointer(rebasing: digits[place...]))
        }
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
