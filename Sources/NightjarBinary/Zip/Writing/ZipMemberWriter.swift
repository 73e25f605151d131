/// A member opened for writing: a file-like object that compresses as it goes, in bounded memory.
///
/// For one thread at a time. Up to 8 MiB are kept and compressed as a whole; a larger member is streamed. The member
/// is in the archive once `close` returned; a writer that is released without it, or whose `write` or `close` threw,
/// leaves no trace.
///
/// Source: https://docs.python.org/3.14/library/zipfile.html#zipfile.ZipFile.open
public final class ZipMemberWriter {
    /// The member's entry; sizes and checksum are final after `close`.
    public private(set) var info: ZipInfo
    /// Whether `close` was called or the member was given up.
    public private(set) var isClosed = false

    private let archive: ZipArchive
    private let forceZip64: Bool
    private let expectedSize: Int?
    private var pending: [UInt8] = []
    private var streamed: Streamed?

    /// The state of a member that is too large to be kept.
    private struct Streamed {
        let encoder: any MemberEncoder
        let zip64: Bool
        let headerSize: Int
        var position: Int
    }

    /// The caller has reserved the archive for this writer.
    init(_ info: ZipInfo, archive: ZipArchive, forceZip64: Bool, expectedSize: Int?) {
        self.info = info
        self.info.crc = 0
        self.info.compressSize = 0
        self.info.fileSize = 0
        self.archive = archive
        self.forceZip64 = forceZip64
        self.expectedSize = expectedSize
    }

    deinit { if !isClosed { archive.endMember(cutOff: streamed != nil) } }

    /// Adds bytes to the member.
    public func write(_ bytes: [UInt8]) throws(ZipError) {
        try bytes.withBytes { buffer throws(ZipError) in try write(buffer) }
    }

    /// Adds bytes to the member.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        if isClosed { throw .value("I/O operation on closed file.") }
        do throws(ZipError) {
            if streamed == nil && bytes.count <= MemberCodecs.wholeMemberBound - pending.count {
                pending += bytes
            } else {
                if streamed == nil { try startStreaming() }
                try encode(bytes, isLast: false)
            }
        } catch {
            giveUp()
            throw error
        }
    }

    /// Ends the member and enters it into the archive; a second call is harmless.
    public func close() throws(ZipError) {
        if isClosed { return }
        do throws(ZipError) {
            if streamed == nil {
                let member = try pending.withBytes { data throws(ZipError) in
                    try PreparedMember(info, data, forceZip64: forceZip64, archive.policy)
                }
                info = try archive.appendReserved(member)
            } else {
                try finishStreaming()
            }
            isClosed = true
        } catch {
            giveUp()
            throw error
        }
        pending = []
        archive.endMember(cutOff: false)
    }

    /// Gives the member up: nothing of it stays in the archive.
    public func abandon() {
        if !isClosed { giveUp() }
    }

    private func giveUp() {
        isClosed = true
        pending = []
        let hasWritten = streamed != nil
        streamed = nil
        archive.endMember(cutOff: hasWritten)
    }

    /// Writes a header with room for the sizes, and what was kept so far behind it.
    private func startStreaming() throws(ZipError) {
        let policy = archive.policy
        let zip64 =
            if let expectedSize { try policy.usesZip64(forSize: expectedSize, force: forceZip64) } else {
                policy.allowZip64
            }
        let encoder = try MemberCodecs.encoder(for: info.compressType, level: info.compressionLevel)
        let header = try LocalHeader.encode(info, zip64: zip64)
        info.headerOffset = try archive.nextOffset()
        try header.withBytes { bytes throws(ZipError) in try archive.write(bytes, at: info.headerOffset) }
        streamed = Streamed(
            encoder: encoder, zip64: zip64, headerSize: header.count, position: info.headerOffset + header.count)
        let kept = pending
        pending = []
        try kept.withBytes { bytes throws(ZipError) in try encode(bytes, isLast: false) }
    }

    private func encode(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(ZipError) {
        guard let encoder = streamed?.encoder else { return }
        info.crc = checksum(bytes, after: info.crc)
        info.fileSize += bytes.count
        try encoder.encode(bytes, isLast: isLast) { piece throws(ZipError) in
            guard let position = streamed?.position else { return }
            try archive.write(piece, at: position)
            streamed?.position += piece.count
            info.compressSize += piece.count
        }
        try checkSizes()
    }

    private func checkSizes() throws(ZipError) {
        guard streamed?.zip64 == false else { return }
        let largest = archive.policy.thresholds.size
        if info.fileSize > largest { throw ZipError(.runtime, "File size too large, try using force_zip64") }
        if info.compressSize > largest {
            throw ZipError(.runtime, "Compressed size too large, try using force_zip64")
        }
    }

    private func finishStreaming() throws(ZipError) {
        try encode(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        guard let streamed else { return }
        let header = try LocalHeader.encode(info, zip64: streamed.zip64)
        try header.withBytes { bytes throws(ZipError) in try archive.write(bytes, at: info.headerOffset) }
        if streamed.zip64 { info.extractVersion = max(info.extractVersion, 45) }
        try archive.registerStreamed(info, end: streamed.position)
    }
}
