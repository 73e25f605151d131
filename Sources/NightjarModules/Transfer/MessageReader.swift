/// Reads what a ``MessageWriter`` of this process wrote.
struct MessageReader {
    private var place: UnsafeRawPointer

    /// The bytes must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer) { place = bytes.baseAddress.unsafelyUnwrapped }

    /// The string, if the message is a short one and nothing else.
    @inline(__always)
    static func shortString(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard bytes.count >= 2, bytes[0] == 0,
            bytes[1] & ~(MessageTag.shortStrings - 1) == MessageTag.shortStrings,
            bytes.count == 2 + Int(bytes[1] & (MessageTag.shortStrings - 1))
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[2...])
    }

    @inline(__always)
    mutating func readByte() -> UInt8 {
        defer { place += 1 }
        return place.load(as: UInt8.self)
    }

    @inline(__always)
    mutating func read<Value: BitwiseCopyable>(_ type: Value.Type) -> Value {
        defer { place += MemoryLayout<Value>.size }
        return place.loadUnaligned(as: Value.self)
    }

    @inline(__always)
    mutating func readCount() -> Int {
        let first = readByte()
        return first < 0x80 ? Int(first) : readRest(of: UInt(first & 0x7f))
    }

    private mutating func readRest(of first: UInt) -> Int {
        var result = first, shift: UInt = 7
        while true {
            let byte = readByte()
            result |= UInt(byte & 0x7f) << shift
            if byte < 0x80 { return Int(bitPattern: result) }
            shift += 7
        }
    }

    @inline(__always)
    mutating func readBytes(_ count: Int) -> UnsafeRawBufferPointer {
        defer { place += count }
        return UnsafeRawBufferPointer(start: place, count: count)
    }

    mutating func readName() -> String { String(decoding: readBytes(readCount()), as: UTF8.self) }
}
