internal import CZlib

/// Deflate piece by piece, by zlib.
final class DeflateStream: MemberEncoder {
    // On the heap because zlib keeps the address of the stream that it was given first.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(level: Int) throws(ZipError) {
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { throw ZipError(errorNumber: 12, path: nil) }
        resetOutput()
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func encode(
        _ input: UnsafeRawBufferPointer, isLast: Bool, _ sink: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        var rest = input
        repeat {
            let step = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(step.count))
            try encodeStep(step, isLast: isLast && rest.isEmpty, sink)
        } while !rest.isEmpty
    }

    /// At most as much as zlib's 32-bit counters hold.
    private func encodeStep(
        _ input: UnsafeRawBufferPointer, isLast: Bool, _ sink: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        // zlib does not write through next_in; it lacks a const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        var status = Z_OK
        repeat {
            status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
            if stream.pointee.avail_out == 0 || status == Z_STREAM_END {
                try sink(UnsafeRawBufferPointer(rebasing: output.dropLast(Int(stream.pointee.avail_out))[...]))
                resetOutput()
            }
        } while stream.pointee.avail_in > 0 || (isLast && status != Z_STREAM_END)
    }

    private func resetOutput() {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
    }
}
