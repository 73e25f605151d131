internal import Glibc

extension StructField {
    /// Packs a byte string at `destination`. Only for `char`, `string` and `pascal`.
    ///
    /// `c` wants exactly one byte. `s` and `p` cut what is too long and fill the rest with zeros.
    public func storeBytes(
        _ source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawPointer
    ) throws(StructError) {
        switch kind {
        case .char:
            guard source.count == 1 else { throw notBytes }
            destination.storeBytes(of: source[0], as: UInt8.self)
        case .pascal:
            guard size > 0 else { return }
            let length = min(source.count, size - 1)
            destination.storeBytes(of: UInt8(min(length, 255)), as: UInt8.self)
            Self.copy(source, length, to: destination + 1, room: size - 1)
        default:
            Self.copy(source, min(source.count, size), to: destination, room: size)
        }
    }

    /// The bytes of an item at `source`: all of `s` and `c`, and what the length byte says of `p`. Only for
    /// `char`, `string` and `pascal`.
    public func loadBytes(from source: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        guard kind == .pascal else { return UnsafeRawBufferPointer(start: source, count: size) }
        guard size > 0 else { return UnsafeRawBufferPointer(start: source, count: 0) }
        let length = min(Int(source.load(as: UInt8.self)), size - 1)
        return UnsafeRawBufferPointer(start: source + 1, count: length)
    }

    private static func copy(
        _ source: UnsafeRawBufferPointer, _ length: Int, to destination: UnsafeMutableRawPointer, room: Int
    ) {
        if length > 0, let base = source.baseAddress { memcpy(destination, base, length) }
        if room > length { memset(destination + length, 0, room - length) }
    }
}
