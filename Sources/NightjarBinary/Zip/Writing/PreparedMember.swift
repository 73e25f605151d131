/// A member whose bytes are ready to go into an archive: its local header and its compressed data in one piece.
///
/// Preparing needs no archive and no lock, so members can be compressed on several threads and appended by one.
struct PreparedMember: Sendable {
    let info: ZipInfo
    let bytes: [UInt8]

    /// Compresses `data` as a whole, with the method and level of `info`.
    init(
        _ info: ZipInfo, _ data: UnsafeRawBufferPointer, forceZip64: Bool, _ policy: WritePolicy
    ) throws(ZipError) {
        try info.compressType.check()
        var info = info
        info.fileSize = data.count
        info.crc = checksum(data)
        // A placeholder of the same length first: the compressed size is not known yet.
        let zip64 = try policy.usesZip64(forSize: data.count, force: forceZip64)
        var header = try LocalHeader.encode(info, zip64: zip64)
        var bytes: [UInt8]
        if info.compressType == .stored {
            bytes = []
            bytes.reserveCapacity(header.count + data.count)
            bytes += header
            bytes += data
        } else {
            bytes = try WholeDeflate.append(data, to: header, level: info.compressionLevel ?? 6)
        }
        info.compressSize = bytes.count - header.count
        header = try LocalHeader.encode(info, zip64: zip64)
        bytes.replaceSubrange(0..<header.count, with: header)
        if zip64 { info.extractVersion = max(info.extractVersion, 45) }
        self.info = info
        self.bytes = bytes
    }
}

/// What an archive's settings say about how members are written.
struct WritePolicy: Sendable {
    var allowZip64 = true
    var thresholds = Zip64Thresholds()

    /// Whether a member of that size gets a zip64 header. As Python, with room for data that compression enlarges.
    func usesZip64(forSize size: Int, force: Bool) throws(ZipError) -> Bool {
        if force && !allowZip64 {
            throw .value("force_zip64 is True, but allowZip64 was False when opening the ZIP file.")
        }
        let isLarge = force || Double(size) * 1.05 > Double(thresholds.size)
        if isLarge && !allowZip64 { throw ZipError(.largeZipFile, "Filesize would require ZIP64 extensions") }
        return isLarge
    }
}
