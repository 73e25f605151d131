/// Decompresses a member piece by piece. One instance is for one member and one thread.
///
/// A further method is a further conformance, and a line in `MemberCodecs`.
protocol MemberDecoder: AnyObject {
    /// Decodes what fits. At the end of the stream `isFinished` is set and nothing more is produced.
    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> CodecProgress
}

/// Compresses a member piece by piece. One instance is for one member and one thread.
protocol MemberEncoder: AnyObject {
    /// Encodes all of `input` and hands the result on in pieces; `isLast` ends the stream.
    func encode(
        _ input: UnsafeRawBufferPointer, isLast: Bool,
        _ sink: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError)
}

/// What a step of a decoder did.
struct CodecProgress {
    var consumed: Int
    var produced: Int
    var isFinished: Bool
}

/// The bytes are not what the method demands.
struct CodecError: Error {}

/// The codecs by method.
enum MemberCodecs {
    static func decoder(for method: ZipCompressionMethod) throws(ZipError) -> (any MemberDecoder)? {
        switch method {
        case .stored: nil
        case .deflated: try InflateStream()
        default: throw method.unreadable
        }
    }

    static func encoder(for method: ZipCompressionMethod, level: Int?) throws(ZipError) -> any MemberEncoder {
        try method.check()
        return method == .stored ? PassThrough() : try DeflateStream(level: level ?? 6)
    }

    /// Members of up to this size are read and written whole, larger ones as streams.
    static let wholeMemberBound = 8 << 20
}

/// The method that changes nothing.
private final class PassThrough: MemberEncoder {
    func encode(
        _ input: UnsafeRawBufferPointer, isLast: Bool, _ sink: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        if !input.isEmpty { try sink(input) }
    }
}
