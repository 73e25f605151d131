internal import CZlib

/// Inflate piece by piece, by zlib.
final class InflateStream: MemberDecoder {
    // On the heap because zlib keeps the address of the stream that it was given first.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() throws(ZipError) {
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { throw ZipError(errorNumber: 12, path: nil) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> CodecProgress {
        let available = UInt32(clamping: input.count)
        let room = UInt32(clamping: output.count)
        // zlib does not write through next_in; it lacks a const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = available
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = room
        let status = inflate(stream, Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw CodecError() }
        return CodecProgress(
            consumed: Int(available - stream.pointee.avail_in), produced: Int(room - stream.pointee.avail_out),
            isFinished: status == Z_STREAM_END)
    }
}
