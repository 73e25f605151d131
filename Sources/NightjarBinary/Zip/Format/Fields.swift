// The format's integers are little-endian and unaligned. Readers check bounds once for a whole record.

extension UnsafeRawBufferPointer {
    func u8(_ offset: Int) -> UInt8 { self[offset] }
    func u16(_ offset: Int) -> UInt16 { UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
    func u32(_ offset: Int) -> UInt32 { UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    func u64(_ offset: Int) -> UInt64 { UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }

    func bytes(_ start: Int, _ count: Int) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(rebasing: self[start..<start + count]))
    }
}

extension [UInt8] {
    mutating func append16(_ value: some BinaryInteger) { appendLittle(UInt16(truncatingIfNeeded: value)) }
    mutating func append32(_ value: some BinaryInteger) { appendLittle(UInt32(truncatingIfNeeded: value)) }
    mutating func append64(_ value: some BinaryInteger) { appendLittle(UInt64(truncatingIfNeeded: value)) }

    private mutating func appendLittle<T: FixedWidthInteger>(_ value: T) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

/// The signatures that start the format's records: APPNOTE.TXT 4.3.
enum Signature {
    static let localHeader: UInt32 = 0x0403_4B50
    static let directoryEntry: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
    static let zip64End: UInt32 = 0x0606_4B50
    static let zip64Locator: UInt32 = 0x0706_4B50
}

/// A size or an offset that additions cannot carry over the edge of `Int`: what is above no file can have.
func plausibleSize(_ value: UInt64) -> Int? {
    value < 1 << 60 ? Int(value) : nil
}
