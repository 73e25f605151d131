internal import CDeflate
internal import Synchronization

/// Deflate and inflate of members that are in memory as a whole, by libdeflate. Safe from any thread.
enum WholeDeflate {
    /// Compresses `input` behind the bytes that `output` has already; `level` is 0 to 9.
    static func append(_ input: UnsafeRawBufferPointer, to header: [UInt8], level: Int) throws(ZipError) -> [UInt8] {
        let compressor = try compressors.take(level)
        defer { compressors.give(compressor, level) }
        let bound = libdeflate_deflate_compress_bound(compressor, input.count)
        return [UInt8](unsafeUninitializedCapacity: header.count + bound) { buffer, count in
            _ = buffer.update(fromContentsOf: header)
            let room = buffer.baseAddress! + header.count
            // Never 0: the room is the bound for an input of this size.
            count =
                header.count
                + libdeflate_deflate_compress(compressor, input.baseAddress ?? emptyInput, input.count, room, bound)
        }
    }

    /// Inflates all of `input` into all of `output`; false if the one is not exactly the other.
    static func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ZipError) -> Bool {
        let decompressor = try decompressors.take(0)
        defer { decompressors.give(decompressor, 0) }
        var consumed = 0
        var produced = 0
        var nothing: UInt8 = 0
        let result = withUnsafeMutableBytes(of: &nothing) { scratch in
            libdeflate_deflate_decompress_ex(
                decompressor, input.baseAddress ?? emptyInput, input.count,
                output.baseAddress ?? scratch.baseAddress, output.count, &consumed, &produced)
        }
        return result == LIBDEFLATE_SUCCESS && consumed == input.count && produced == output.count
    }

    private static let compressors = HandlePool(
        make: { libdeflate_alloc_compressor(Int32($0)) }, free: { libdeflate_free_compressor($0) })
    private static let decompressors = HandlePool(
        make: { _ in libdeflate_alloc_decompressor() }, free: { libdeflate_free_decompressor($0) })
}

/// An address for calls that want one with a count of 0.
private var emptyInput: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 1)! }

private var outOfMemory: ZipError { ZipError(errorNumber: 12, path: nil) }

/// libdeflate's working memories, of up to a few hundred kilobytes each, kept for the next member.
private final class HandlePool: Sendable {
    private struct Entry {
        let key: Int
        /// An address, because a pointer is not Sendable; each is in the hands of one thread at a time.
        let address: UInt
    }
    private let idle = Mutex<[Entry]>([])
    private let make: @Sendable (Int) -> OpaquePointer?
    private let free: @Sendable (OpaquePointer) -> Void

    init(make: @escaping @Sendable (Int) -> OpaquePointer?, free: @escaping @Sendable (OpaquePointer) -> Void) {
        self.make = make
        self.free = free
    }

    func take(_ key: Int) throws(ZipError) -> OpaquePointer {
        let address: UInt? = idle.withLock { idle in
            idle.lastIndex { $0.key == key }.map { idle.remove(at: $0).address }
        }
        guard let handle = address.flatMap({ OpaquePointer(bitPattern: $0) }) ?? make(key) else { throw outOfMemory }
        return handle
    }

    func give(_ handle: OpaquePointer, _ key: Int) {
        let entry = Entry(key: key, address: UInt(bitPattern: handle))
        let isKept = idle.withLock { idle in
            guard idle.count < 8 else { return false }
            idle.append(entry)
            return true
        }
        if !isKept { free(handle) }
    }
}
