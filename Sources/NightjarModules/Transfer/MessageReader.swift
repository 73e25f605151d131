/// Reads what a ``MessageWriter`` of this process wrote.
struct MessageReader {
    private var place: UnsafeRawPointer

    /// The bytes must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer) { place = bytes.baseAddress.unsafelyUnwrapped }

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
