/// A member's data from front to back, decompressed in bounded memory and checked at its end.
final class MemberStream {
    let member: MemberSource
    /// How many bytes of data are still to come.
    private(set) var left: Int

    private let decoder: (any MemberDecoder)?
    private var crc: UInt32 = 0
    private var isFinished = false
    /// Compressed bytes: those from `inputStart` are not decoded yet, those from `filePosition` not read.
    private var input: [UInt8] = []
    private var inputStart = 0
    private var filePosition: Int

    private static let inputSize = 64 << 10

    init(_ member: MemberSource) throws(ZipError) {
        self.member = member
        left = member.info.fileSize
        filePosition = member.dataStart
        decoder = try MemberCodecs.decoder(for: member.info.compressType)
    }

    /// Fills `output` as far as one step goes; 0 only at the end, after the checksum was found right.
    func read(into output: UnsafeMutableRawBufferPointer) throws(ZipError) -> Int {
        guard left > 0 else {
            try finish()
            return 0
        }
        guard !output.isEmpty else { return 0 }
        let room = UnsafeMutableRawBufferPointer(rebasing: output.prefix(left))
        let count = if let decoder { try decode(decoder, into: room) } else { try copy(into: room) }
        crc = checksum(UnsafeRawBufferPointer(rebasing: room.prefix(count)), after: crc)
        left -= count
        if left == 0 { try finish() }
        return count
    }

    private var end: Int { member.dataStart + member.info.compressSize }

    private func copy(into output: UnsafeMutableRawBufferPointer) throws(ZipError) -> Int {
        let count = try member.source.read(into: output, at: filePosition)
        guard count == output.count else { throw member.truncated }
        filePosition += count
        return count
    }

    private func decode(
        _ decoder: any MemberDecoder, into output: UnsafeMutableRawBufferPointer
    ) throws(ZipError) -> Int {
        while true {
            if inputStart == input.count { try refill() }
            let progress = try step(decoder, output)
            if progress.produced > 0 { return progress.produced }
            // Nothing came out although data is due: only more input can help.
            let canGoOn = progress.consumed > 0 || (inputStart == input.count && filePosition < end)
            guard !isFinished, canGoOn else { throw member.corrupt }
        }
    }

    private func step(
        _ decoder: any MemberDecoder, _ output: UnsafeMutableRawBufferPointer
    ) throws(ZipError) -> CodecProgress {
        var result: CodecProgress?
        input.withUnsafeBytes { bytes in
            result = try? decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[inputStart...]), into: output)
        }
        guard let result else { throw member.corrupt }
        inputStart += result.consumed
        if result.isFinished { isFinished = true }
        return result
    }

    private func refill() throws(ZipError) {
        input = try member.source.bytes(at: filePosition, count: min(Self.inputSize, end - filePosition))
        if input.isEmpty && filePosition < end { throw member.truncated }
        inputStart = 0
        filePosition += input.count
    }

    /// The stream must end where the declared size does, and the checksum must be the declared one.
    private func finish() throws(ZipError) {
        if let decoder, !isFinished { try drain(decoder) }
        if decoder != nil, inputStart < input.count || filePosition < end { throw member.corrupt }
        try member.check(crc: crc)
    }

    private func drain(_ decoder: any MemberDecoder) throws(ZipError) {
        var surplus: UInt8 = 0
        while !isFinished {
            if inputStart == input.count { try refill() }
            let progress = try withUnsafeMutableBytes(of: &surplus) { output throws(ZipError) in
                try step(decoder, output)
            }
            guard progress.produced == 0, isFinished || progress.consumed > 0 else { throw member.corrupt }
        }
    }
}
