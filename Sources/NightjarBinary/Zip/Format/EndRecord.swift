/// The record that ends an archive and says where its directory is, zip64 or not.
///
/// Source: APPNOTE.TXT 4.3.14 to 4.3.16
struct EndRecord {
    static let size = 22
    static let zip64Size = 56
    static let locatorSize = 20
    /// The record and the longest comment.
    static let longestTail = size + 0xFFFF

    /// Where the directory starts, in bytes from the start of the file.
    let directoryStart: Int
    let directorySize: Int
    /// How many bytes stand before the archive, as in a self-extracting one.
    let shift: Int
    let comment: [UInt8]
    private let entryCount: UInt64
    private let isZip64: Bool

    /// Whether the directory has as many entries as the record says. Old writers let 16 bits wrap around.
    func agrees(withEntryCount count: Int) -> Bool {
        isZip64 ? entryCount == UInt64(count) : entryCount == UInt64(count) & 0xFFFF
    }

    /// Finds and checks the record; nil if there is none.
    static func find(in source: any ByteSource) throws(ZipError) -> EndRecord? {
        let fileSize = try source.size()
        let tailStart = max(0, fileSize - longestTail - zip64Size - locatorSize)
        let tail = try source.bytes(at: tailStart, count: fileSize - tailStart)
        guard let position = lastRecord(in: tail) else { return nil }
        return try parse(tail, at: position, tailStart: tailStart, source)
    }

    /// The last signature whose comment fits. Junk after the comment is let pass, as Python does.
    private static func lastRecord(in tail: [UInt8]) -> Int? {
        tail.withUnsafeBytes { bytes in
            var position = bytes.count - size
            let first = max(0, bytes.count - longestTail)
            while position >= first {
                if bytes[position] == 0x50, bytes.u32(position) == Signature.end,
                    position + size + Int(bytes.u16(position + 20)) <= bytes.count
                {
                    return position
                }
                position -= 1
            }
            return nil
        }
    }

    private static func parse(
        _ tail: [UInt8], at position: Int, tailStart: Int, _ source: any ByteSource
    ) throws(ZipError) -> EndRecord {
        let fields = Fields(tail, at: position)
        let location = tailStart + position
        if let zip64 = try Zip64Fields.find(before: location, source) {
            guard fields.agree(with: zip64) else { throw .bad("Corrupt zip64 end of central directory record") }
            return try EndRecord(
                endsAt: zip64.location, size: zip64.directorySize, offset: zip64.directoryOffset,
                count: zip64.entryCount, isZip64: true, comment: fields.comment)
        }
        guard fields.disk == 0, fields.directoryDisk == 0, fields.diskEntryCount == fields.entryCount else {
            throw .bad("zipfiles that span multiple disks are not supported")
        }
        return try EndRecord(
            endsAt: location, size: UInt64(fields.directorySize), offset: UInt64(fields.directoryOffset),
            count: UInt64(fields.entryCount), isZip64: false, comment: fields.comment)
    }

    private init(
        endsAt end: Int, size: UInt64, offset: UInt64, count: UInt64, isZip64: Bool, comment: [UInt8]
    ) throws(ZipError) {
        guard let size = plausibleSize(size), let offset = plausibleSize(offset), size <= end, offset <= end - size
        else { throw .bad("Bad offset for central directory") }
        directoryStart = end - size
        directorySize = size
        shift = end - size - offset
        entryCount = count
        self.isZip64 = isZip64
        self.comment = comment
    }
}

extension EndRecord {
    private struct Fields {
        let disk, directoryDisk, diskEntryCount, entryCount: UInt16
        let directorySize, directoryOffset: UInt32
        let comment: [UInt8]

        init(_ tail: [UInt8], at position: Int) {
            (disk, directoryDisk, diskEntryCount, entryCount, directorySize, directoryOffset, comment) =
                tail.withUnsafeBytes { bytes in
                    (
                        bytes.u16(position + 4), bytes.u16(position + 6), bytes.u16(position + 8),
                        bytes.u16(position + 10), bytes.u32(position + 12), bytes.u32(position + 16),
                        bytes.bytes(position + size, Int(bytes.u16(position + 20)))
                    )
                }
        }

        /// A field that is not saturated must say what its zip64 twin says.
        func agree(with zip64: Zip64Fields) -> Bool {
            (entryCount == 0xFFFF || UInt64(entryCount) == zip64.entryCount)
                && (directorySize == 0xFFFF_FFFF || UInt64(directorySize) == zip64.directorySize)
                && (directoryOffset == 0xFFFF_FFFF || UInt64(directoryOffset) == zip64.directoryOffset)
        }
    }

    private struct Zip64Fields {
        let location: Int
        let entryCount, directorySize, directoryOffset: UInt64

        /// The zip64 record that a locator in front of the end record points to; nil without a locator.
        static func find(before end: Int, _ source: any ByteSource) throws(ZipError) -> Zip64Fields? {
            guard end >= locatorSize else { return nil }
            let locator = try source.bytes(at: end - locatorSize, count: locatorSize)
            let (signature, disk, offset, disks) = locator.withUnsafeBytes { bytes in
                (bytes.u32(0), bytes.u32(4), bytes.u64(8), bytes.u32(16))
            }
            guard signature == Signature.zip64Locator else { return nil }
            guard disk == 0, disks <= 1 else { throw .bad("zipfiles that span multiple disks are not supported") }
            let latest = end - locatorSize - zip64Size
            guard latest >= 0, let offset = plausibleSize(offset), offset <= latest else {
                throw .bad("Corrupt zip64 end of central directory locator")
            }
            // With bytes before the archive the offset is too small by as many; the record then ends at the locator.
            for location in offset == latest ? [latest] : [offset, latest] {
                let record = try source.bytes(at: location, count: zip64Size)
                if let fields = try parse(record, location, room: end - locatorSize - location) { return fields }
            }
            throw .bad("Zip64 end of central directory record not found")
        }

        private static func parse(_ record: [UInt8], _ location: Int, room: Int) throws(ZipError) -> Zip64Fields? {
            let fields: (signature: UInt32, size: UInt64, disks: UInt64, counts: (UInt64, UInt64), Zip64Fields) =
                record.withUnsafeBytes { bytes in
                    (
                        bytes.u32(0), bytes.u64(4), bytes.u64(16), (bytes.u64(24), bytes.u64(32)),
                        Zip64Fields(
                            location: location, entryCount: bytes.u64(32), directorySize: bytes.u64(40),
                            directoryOffset: bytes.u64(48))
                    )
                }
            guard fields.signature == Signature.zip64End else { return nil }
            guard fields.size == UInt64(room - 12) else { throw .bad("Corrupt zip64 end of central directory record") }
            guard fields.disks == 0, fields.counts.0 == fields.counts.1 else {
                throw .bad("zipfiles that span multiple disks are not supported")
            }
            return fields.4
        }
    }
}

extension EndRecord {
    /// Appends the record, with its zip64 forms if a value is above the thresholds.
    static func append(
        to bytes: inout [UInt8], entryCount: Int, directorySize: Int, directoryStart: Int, comment: [UInt8],
        _ thresholds: Zip64Thresholds
    ) {
        if entryCount > thresholds.count || directorySize > thresholds.size || directoryStart > thresholds.size {
            bytes.append32(Signature.zip64End)
            bytes.append64(zip64Size - 12)
            bytes.append16(45)
            bytes.append16(45)
            bytes.append64(0)
            bytes.append64(entryCount)
            bytes.append64(entryCount)
            bytes.append64(directorySize)
            bytes.append64(directoryStart)
            bytes.append32(Signature.zip64Locator)
            bytes.append32(0)
            bytes.append64(directoryStart + directorySize)
            bytes.append32(1)
        }
        bytes.append32(Signature.end)
        bytes.append32(0)
        bytes.append16(min(entryCount, 0xFFFF))
        bytes.append16(min(entryCount, 0xFFFF))
        bytes.append32(min(directorySize, 0xFFFF_FFFF))
        bytes.append32(min(directoryStart, 0xFFFF_FFFF))
        bytes.append16(comment.count)
        bytes += comment
    }
}
