/// The directory at the end of an archive. Source: APPNOTE.TXT 4.3.12
enum CentralDirectory {
    static let entrySize = 46
    /// The newest version of the format whose archives are read: 6.3.
    static let newestVersion: UInt8 = 63

    /// The entries in `bytes`, which must be nothing but entries. `shift` is added to their offsets.
    static func decode(_ bytes: UnsafeRawBufferPointer, shift: Int) throws(ZipError) -> [ZipInfo] {
        var entries: [ZipInfo] = []
        entries.reserveCapacity(bytes.count / 64)
        var position = 0
        while position < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let (entry, length) = try decodeEntry(rest, shift: shift)
            entries.append(entry)
            position += length
        }
        return entries
    }

    private static func decodeEntry(
        _ bytes: UnsafeRawBufferPointer, shift: Int
    ) throws(ZipError) -> (ZipInfo, length: Int) {
        guard bytes.count >= entrySize else { throw .bad("Truncated central directory") }
        guard bytes.u32(0) == Signature.directoryEntry else { throw .bad("Bad magic number for central directory") }
        let nameEnd = entrySize + Int(bytes.u16(28))
        let extraEnd = nameEnd + Int(bytes.u16(30))
        let length = extraEnd + Int(bytes.u16(32))
        guard length <= bytes.count else { throw .bad("Truncated central directory") }

        let rawName = UnsafeRawBufferPointer(rebasing: bytes[entrySize..<nameEnd])
        let name = try MemberName.decode(rawName, flags: bytes.u16(8))
        var info = ZipInfo(name: name, dateTime: ZipDateTime(dosDate: bytes.u16(14), dosTime: bytes.u16(12)))
        decodeFixedPart(bytes, into: &info)
        guard info.extractVersion <= newestVersion else {
            throw ZipError(.notImplemented, "zip file version \(info.extractVersion / 10).\(info.extractVersion % 10)")
        }
        let extra = UnsafeRawBufferPointer(rebasing: bytes[nameEnd..<extraEnd])
        if !extra.isEmpty {
            info.extra = [UInt8](extra)
            try ExtraField.forEach(extra) { id, data throws(ZipError) in
                switch id {
                case ExtraField.zip64: try ExtraField.applyZip64(data, to: &info)
                case ExtraField.unicodePath: try ExtraField.applyUnicodePath(data, rawName: rawName, to: &info)
                default: break
                }
            }
        }
        if length > extraEnd { info.comment = bytes.bytes(extraEnd, length - extraEnd) }
        info.headerOffset += shift
        let isPlain = info.filename.utf8.elementsEqual(rawName)
        if !isPlain { info.storedName = [UInt8](rawName) }
        return (info, length)
    }

    private static func decodeFixedPart(_ bytes: UnsafeRawBufferPointer, into info: inout ZipInfo) {
        info.createVersion = bytes.u8(4)
        info.createSystem = bytes.u8(5)
        info.extractVersion = bytes.u8(6)
        info.reserved = bytes.u8(7)
        info.flagBits = bytes.u16(8)
        info.compressType = ZipCompressionMethod(rawValue: bytes.u16(10))
        info.crc = bytes.u32(16)
        info.compressSize = Int(bytes.u32(20))
        info.fileSize = Int(bytes.u32(24))
        info.volume = bytes.u16(34)
        info.internalAttributes = bytes.u16(36)
        info.externalAttributes = bytes.u32(38)
        info.headerOffset = Int(bytes.u32(42))
    }

    /// Appends an entry's bytes. Sizes or an offset above `thresholds.size` go to a zip64 record.
    static func append(_ info: ZipInfo, to bytes: inout [UInt8], _ thresholds: Zip64Thresholds) throws(ZipError) {
        let (name, flags) = info.storedName.map { ($0, 0) } ?? MemberName.encode(info.filename)
        let moment = try info.dateTime.dosFields()
        let hasLargeSize = info.fileSize > thresholds.size || info.compressSize > thresholds.size
        let hasLargeOffset = info.headerOffset > thresholds.size
        var extra = ExtraField.removing(ExtraField.zip64, from: info.extra)
        if hasLargeSize || hasLargeOffset { extra = zip64Record(info, hasLargeSize, hasLargeOffset) + extra }
        try LocalHeader.checkLengths(name: name.count, extra: extra.count, info)
        let version: UInt8 = hasLargeSize || hasLargeOffset ? 45 : 0

        bytes.append32(Signature.directoryEntry)
        bytes.append(max(info.createVersion, version))
        bytes.append(info.createSystem)
        bytes.append(max(info.extractVersion, version))
        bytes.append(info.reserved)
        bytes.append16(info.flagBits | flags)
        bytes.append16(info.compressType.rawValue)
        bytes.append16(moment.time)
        bytes.append16(moment.date)
        bytes.append32(info.crc)
        bytes.append32(hasLargeSize ? 0xFFFF_FFFF : info.compressSize)
        bytes.append32(hasLargeSize ? 0xFFFF_FFFF : info.fileSize)
        bytes.append16(name.count)
        bytes.append16(extra.count)
        bytes.append16(info.comment.count)
        bytes.append16(0)
        bytes.append16(info.internalAttributes)
        bytes.append32(info.externalAttributes)
        bytes.append32(hasLargeOffset ? 0xFFFF_FFFF : info.headerOffset)
        bytes += name
        bytes += extra
        bytes += info.comment
    }

    private static func zip64Record(_ info: ZipInfo, _ sizes: Bool, _ offset: Bool) -> [UInt8] {
        var record: [UInt8] = []
        record.append16(ExtraField.zip64)
        record.append16((sizes ? 16 : 0) + (offset ? 8 : 0))
        if sizes {
            record.append64(info.fileSize)
            record.append64(info.compressSize)
        }
        if offset { record.append64(info.headerOffset) }
        return record
    }
}

/// From where on the zip64 forms are written. Python's values; tests lower them.
struct Zip64Thresholds: Sendable {
    var size = (1 << 31) - 1
    var count = (1 << 16) - 1
}
