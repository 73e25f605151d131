import Glibc
import NightjarConcurrency

/// Bytes that grow: first in memory of the caller's, then in a block of their own, which the message takes over.
struct MessageWriter {
    private var start: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int
    private var isBlock = false

    /// `scratch` must outlive the writer.
    init(_ scratch: UnsafeMutableRawBufferPointer) {
        start = scratch.baseAddress.unsafelyUnwrapped
        capacity = scratch.count
    }

    /// To be called once at the end, whether or not a message was made.
    mutating func release() {
        if isBlock { free(start) }
        isBlock = false
    }

    /// What was written, as a message; the writer is spent.
    mutating func message(_ objects: [any AnyObject & Sendable]) -> EncodedMessage {
        guard isBlock, count >= 4096 else {
            return EncodedMessage(copying: UnsafeRawBufferPointer(start: start, count: count), objects: objects)
        }
        isBlock = false
        // Never grows, so it fails only where it could not shrink: then the block stays as it is.
        let block = realloc(start, count) ?? start
        return EncodedMessage(taking: block, count: count, objects: objects)
    }

    /// Room for `size` more bytes, which count as written.
    @inline(__always)
    private mutating func claim(_ size: Int) -> UnsafeMutableRawPointer {
        if capacity - count < size { grow(size) }
        defer { count += size }
        return start + count
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        capacity = max(capacity * 2, count + size)
        let block = isBlock ? realloc(start, capacity) : malloc(capacity)
        guard let block else { fatalError("no memory for a message of \(capacity) bytes") }
        if !isBlock { block.copyMemory(from: start, byteCount: count) }
        start = block
        isBlock = true
    }

    @inline(__always)
    mutating func write(byte: UInt8) { claim(1).storeBytes(of: byte, as: UInt8.self) }

    @inline(__always)
    mutating func write<Value: BitwiseCopyable>(_ tag: UInt8, _ value: Value) {
        let place = claim(1 + MemoryLayout<Value>.size)
        place.storeBytes(of: tag, as: UInt8.self)
        (place + 1).storeBytes(of: value, as: Value.self)
    }

    mutating func write(word: UInt64) { claim(8).storeBytes(of: word, as: UInt64.self) }

    @inline(__always)
    mutating func write(integer value: Int64) {
        if MessageTag.smallIntegerRange.contains(value) {
            write(byte: MessageTag.smallIntegers + UInt8(truncatingIfNeeded: value + 16))
        } else if let value = Int32(exactly: value) {
            write(MessageTag.integer32, value)
        } else {
            write(MessageTag.integer, value)
        }
    }

    /// A string as a value: its tag, its length, its bytes.
    @inline(__always)
    mutating func write(string bytes: UnsafeRawBufferPointer) {
        guard bytes.count < MessageTag.shortStringLimit else { return write(longString: bytes) }
        let place = claim(1 + bytes.count)
        place.storeBytes(of: MessageTag.shortStrings | UInt8(truncatingIfNeeded: bytes.count), as: UInt8.self)
        if let start = bytes.baseAddress { (place + 1).copyMemory(from: start, byteCount: bytes.count) }
    }

    @inline(never)
    private mutating func write(longString bytes: UnsafeRawBufferPointer) {
        write(byte: MessageTag.string)
        write(bytes: bytes)
    }

    /// The message of one string, as an encoder would write it, without a detour.
    static func message(of string: UnsafeRawBufferPointer) -> EncodedMessage {
        let isShort = string.count < MessageTag.shortStringLimit
        return EncodedMessage(count: (isShort ? 2 : 2 + lengthSize(of: string.count)) + string.count) { place in
            var writer = MessageWriter(UnsafeMutableRawBufferPointer(start: place, count: .max))
            writer.write(byte: 0)
            writer.write(string: string)
        }
    }

    /// The number of bytes that `write(count:)` takes.
    private static func lengthSize(of count: Int) -> Int { max(1, (Int.bitWidth - count.leadingZeroBitCount + 6) / 7) }

    /// A count in as few bytes as it needs (LEB128).
    @inline(__always)
    mutating func write(count: Int) {
        var rest = UInt(bitPattern: count)
        while rest >= 0x80 {
            write(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(byte: UInt8(rest))
    }

    /// A count and so many bytes.
    mutating func write(bytes: UnsafeRawBufferPointer) {
        write(count: bytes.count)
        guard let start = bytes.baseAddress else { return }
        claim(bytes.count).copyMemory(from: start, byteCount: bytes.count)
    }

    mutating func write(name: String) {
        var name = name
        name.withUTF8 { write(bytes: UnsafeRawBufferPointer($0)) }
    }

    // MARK: What was written before

    @inline(__always)
    mutating func set(_ position: Int, _ byte: UInt8) { (start + position).storeBytes(of: byte, as: UInt8.self) }

    @inline(__always)
    mutating func mark(_ position: Int, _ bits: UInt8) {
        set(position, (start + position).load(as: UInt8.self) | bits)
    }
}
