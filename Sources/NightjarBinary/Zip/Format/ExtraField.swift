/// The extra field: records of an id, a length and data. Source: APPNOTE.TXT 4.5
enum ExtraField {
    static let zip64: UInt16 = 1
    /// Info-ZIP's name in UTF-8, for entries whose own name has no UTF-8 flag: APPNOTE.TXT 4.6.9.
    static let unicodePath: UInt16 = 0x7075

    /// Calls `body` with id and data of each record; a record that reaches beyond the field is an error.
    static func forEach(
        _ extra: UnsafeRawBufferPointer, _ body: (UInt16, UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        var position = 0
        while extra.count - position >= 4 {
            let id = extra.u16(position)
            let length = Int(extra.u16(position + 2))
            guard length + 4 <= extra.count - position else {
                let digits = String(id, radix: 16)
                let padded = String(repeating: "0", count: 4 - digits.count) + digits
                throw .bad("Corrupt extra field \(padded) (size=\(length))")
            }
            let start = position + 4
            try body(id, UnsafeRawBufferPointer(rebasing: extra[start..<start + length]))
            position = start + length
        }
    }

    /// The field without its records of one id; what cannot be parsed stays.
    static func removing(_ id: UInt16, from extra: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while extra.count - position >= 4 {
            let length = 4 + Int(extra[position + 2]) + Int(extra[position + 3]) << 8
            let end = min(position + length, extra.count)
            if UInt16(extra[position]) | UInt16(extra[position + 1]) << 8 != id {
                result += extra[position..<end]
            }
            position = end
        }
        return result + extra[position...]
    }

    /// Takes the name of a Unicode path record, if it was made for the name that the entry has.
    static func applyUnicodePath(
        _ data: UnsafeRawBufferPointer, rawName: UnsafeRawBufferPointer, to info: inout ZipInfo
    ) throws(ZipError) {
        guard data.count >= 5 else { throw .bad("Corrupt unicode path extra field (0x7075)") }
        guard data.u8(0) == 1, data.u32(1) == checksum(rawName) else { return }
        guard let name = String(validating: data[5...], as: UTF8.self) else {
            throw .bad("Corrupt unicode path extra field (0x7075): invalid utf-8 bytes")
        }
        if !name.isEmpty { info.filename = ZipInfo.cut(name) }
    }

    /// Replaces the saturated sizes and offset of a directory entry by those of its zip64 record.
    static func applyZip64(_ data: UnsafeRawBufferPointer, to info: inout ZipInfo) throws(ZipError) {
        var position = 0
        func next(_ field: String) throws(ZipError) -> Int {
            guard data.count - position >= 8 else {
                throw .bad("Corrupt zip64 extra field. \(field) not found.")
            }
            defer { position += 8 }
            guard let value = plausibleSize(data.u64(position)) else {
                throw .bad("Corrupt zip64 extra field. \(field) too large.")
            }
            return value
        }
        if info.fileSize == 0xFFFF_FFFF { info.fileSize = try next("File size") }
        if info.compressSize == 0xFFFF_FFFF { info.compressSize = try next("Compress size") }
        if info.headerOffset == 0xFFFF_FFFF { info.headerOffset = try next("Header offset") }
    }
}
