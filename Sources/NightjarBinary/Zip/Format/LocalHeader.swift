/// The header in front of a member's data. Source: APPNOTE.TXT 4.3.7
enum LocalHeader {
    static let size = 30

    /// The header's bytes. With `zip64` the sizes stand in an extra record, so that they can be filled in later
    /// without moving the data.
    static func encode(_ info: ZipInfo, zip64: Bool) throws(ZipError) -> [UInt8] {
        let (name, flags) = MemberName.encode(info.filename)
        let moment = try info.dateTime.dosFields()
        var extra = ExtraField.removing(ExtraField.zip64, from: info.extra)
        if zip64 {
            var record: [UInt8] = []
            record.append16(ExtraField.zip64)
            record.append16(16)
            record.append64(info.fileSize)
            record.append64(info.compressSize)
            extra = record + extra
        }
        try checkLengths(name: name.count, extra: extra.count, info)
        var header: [UInt8] = []
        header.reserveCapacity(size + name.count + extra.count)
        header.append32(Signature.localHeader)
        header.append(max(info.extractVersion, zip64 ? 45 : 0))
        header.append(info.reserved)
        header.append16(info.flagBits | flags)
        header.append16(info.compressType.rawValue)
        header.append16(moment.time)
        header.append16(moment.date)
        header.append32(info.crc)
        header.append32(zip64 ? 0xFFFF_FFFF : info.compressSize)
        header.append32(zip64 ? 0xFFFF_FFFF : info.fileSize)
        header.append16(name.count)
        header.append16(extra.count)
        return header + name + extra
    }

    static func checkLengths(name: Int, extra: Int, _ info: ZipInfo) throws(ZipError) {
        if name > 0xFFFF { throw .value("Filename is too long: \(name) bytes") }
        if extra > 0xFFFF { throw .value("Extra field of \(pythonRepr(info.filename)) is too long: \(extra) bytes") }
        if info.comment.count > 0xFFFF {
            throw .value("Comment of \(pythonRepr(info.filename)) is too long: \(info.comment.count) bytes")
        }
    }

    /// Checks the header in `bytes` against the directory's entry and returns its full length, which may be beyond
    /// `bytes`; what `bytes` must hold is the fixed part and the name.
    static func length(in bytes: UnsafeRawBufferPointer, for info: ZipInfo) throws(ZipError) -> Int {
        guard bytes.count >= size else { throw .bad("Truncated file header") }
        guard bytes.u32(0) == Signature.localHeader else { throw .bad("Bad magic number for file header") }
        try checkFeatures(info)
        let nameLength = Int(bytes.u16(26))
        guard bytes.count - size >= nameLength else { throw .bad("Truncated file header") }
        let raw = UnsafeRawBufferPointer(rebasing: bytes[size..<size + nameLength])
        let name = try MemberName.decode(raw, flags: bytes.u16(6))
        guard name.utf8.elementsEqual(info.originalFilename.utf8) else {
            throw .bad(
                "File name in directory \(pythonRepr(info.originalFilename)) and header b\(pythonRepr(name)) differ.")
        }
        return size + nameLength + Int(bytes.u16(28))
    }

    private static func checkFeatures(_ info: ZipInfo) throws(ZipError) {
        if info.flagBits & ZipInfo.Flag.patched != 0 {
            throw ZipError(.notImplemented, "compressed patched data (flag bit 5)")
        }
        if info.flagBits & ZipInfo.Flag.strongEncryption != 0 {
            throw ZipError(.notImplemented, "strong encryption (flag bit 6)")
        }
        if info.flagBits & ZipInfo.Flag.encrypted != 0 {
            throw ZipError(
                .runtime, "File \(pythonRepr(info.filename)) is encrypted, password required for extraction")
        }
    }
}
