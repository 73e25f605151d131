/// A member's compressed data within an archive, after its local header was checked against the directory.
struct MemberSource {
    let source: any ByteSource
    let info: ZipInfo
    /// Where the compressed data starts, in bytes from the start of the file.
    let dataStart: Int

    /// Reads and checks the local header.
    init(_ info: ZipInfo, in source: any ByteSource) throws(ZipError) {
        let head = try source.bytes(at: Self.checkedOffset(info), count: Self.headLength(info))
        let length = try Self.headerLength(head, info)
        try self.init(info, source, headerLength: length)
    }

    private init(_ info: ZipInfo, _ source: any ByteSource, headerLength: Int) throws(ZipError) {
        self.source = source
        self.info = info
        dataStart = info.headerOffset + headerLength
        // Sizes and offsets are below 2^60, so the sum cannot overflow.
        if let end = info.endOffset, dataStart + info.compressSize > end {
            throw .bad("Overlapped entries: \(pythonRepr(info.originalFilename)) (possible zip bomb)")
        }
        try Self.checkSizes(info)
    }

    /// Room for the fixed part and the longest name.
    private static func headLength(_ info: ZipInfo) -> Int {
        LocalHeader.size + info.originalFilename.utf8.count
    }

    private static func checkedOffset(_ info: ZipInfo) throws(ZipError) -> Int {
        guard info.headerOffset >= 0 else { throw .bad("Bad offset for file header") }
        return info.headerOffset
    }

    private static func headerLength(_ head: [UInt8], _ info: ZipInfo) throws(ZipError) -> Int {
        try head.withBytes { bytes throws(ZipError) in try LocalHeader.length(in: bytes, for: info) }
    }

    /// Deflate cannot expand more than 1032 : 1, so a size beyond that is a lie, found before memory is taken for it.
    private static func checkSizes(_ info: ZipInfo) throws(ZipError) {
        let isPossible =
            switch info.compressType {
            case .stored: info.fileSize == info.compressSize
            case .deflated: info.fileSize / 1032 <= info.compressSize
            default: throw info.compressType.unreadable
            }
        if !isPossible || info.fileSize < 0 { throw .bad("Bad size for file \(pythonRepr(info.filename))") }
    }
}

extension MemberSource {
    /// All of a member's data, checked. For members that may be in memory as a whole.
    static func readWhole(_ info: ZipInfo, in source: any ByteSource) throws(ZipError) -> [UInt8] {
        guard info.compressSize <= MemberCodecs.wholeMemberBound, info.compressType == .deflated else {
            let member = try MemberSource(info, in: source)
            return try member.readData()
        }
        // One read for header and data, with some room for an extra field that the directory does not have.
        let offset = try checkedOffset(info)
        let guess = headLength(info) + info.extra.count + 64
        let head = try source.bytes(at: offset, count: guess + info.compressSize)
        let length = try headerLength(head, info)
        let member = try MemberSource(info, source, headerLength: length)
        guard length + info.compressSize <= head.count else { return try member.readData() }
        return try head.withBytes { bytes throws(ZipError) in
            try member.inflate(UnsafeRawBufferPointer(rebasing: bytes[length..<length + info.compressSize]))
        }
    }

    private func readData() throws(ZipError) -> [UInt8] {
        let data = try source.bytes(at: dataStart, count: info.compressSize)
        guard data.count == info.compressSize else { throw truncated }
        if info.compressType == .deflated {
            return try data.withBytes { bytes throws(ZipError) in try inflate(bytes) }
        }
        try check(crc: data.withUnsafeBytes { checksum($0) })
        return data
    }

    private func inflate(_ input: UnsafeRawBufferPointer) throws(ZipError) -> [UInt8] {
        try .filled(capacity: info.fileSize) { output throws(ZipError) in
            guard try WholeDeflate.inflate(input, into: output) else { throw corrupt }
            try check(crc: checksum(UnsafeRawBufferPointer(output)))
            return output.count
        }
    }

    func check(crc: UInt32) throws(ZipError) {
        if crc != info.crc { throw .bad("Bad CRC-32 for file \(pythonRepr(info.filename))") }
    }

    var corrupt: ZipError { .bad("Corrupt data for file \(pythonRepr(info.filename))") }
    var truncated: ZipError { .bad("Truncated data for file \(pythonRepr(info.filename))") }
}
