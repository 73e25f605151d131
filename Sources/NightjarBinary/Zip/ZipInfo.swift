/// What an archive says about one member (Python's `ZipInfo`). A value: changing a copy changes no archive.
///
/// Source: https://docs.python.org/3.14/library/zipfile.html#zipinfo-objects
public struct ZipInfo: Sendable {
    /// The name, with `/` between its parts and at the end of a folder's.
    public var filename: String
    /// When the file was last modified, in local time.
    public var dateTime: ZipDateTime
    /// How the member is compressed.
    public var compressType: ZipCompressionMethod = .stored
    /// The level to compress with, 0 to 9; nil is the method's default.
    public var compressionLevel: Int?
    /// The member's own comment.
    public var comment: [UInt8] = []
    /// The extra field of the central directory.
    public var extra: [UInt8] = []
    /// Which system made the entry: 3 is Unix, 0 is MS-DOS.
    public var createSystem: UInt8 = 3
    /// The version of the format that made the entry, times ten.
    public var createVersion: UInt8 = 20
    /// The version of the format needed to extract, times ten.
    public var extractVersion: UInt8 = 20
    /// A byte of the format without a use.
    public var reserved: UInt8 = 0
    /// The general purpose flags.
    public var flagBits: UInt16 = 0
    /// The volume the member starts on.
    public var volume: UInt16 = 0
    /// The internal attributes.
    public var internalAttributes: UInt16 = 0
    /// The external attributes: on Unix the file mode is in the upper 16 bits.
    public var externalAttributes: UInt32 = 0
    /// Where the local header starts, in bytes from the start of the file.
    public internal(set) var headerOffset = 0
    /// The CRC-32 of the uncompressed data.
    public internal(set) var crc: UInt32 = 0
    /// The size of the compressed data in bytes.
    public internal(set) var compressSize = 0
    /// The size of the uncompressed data in bytes. Set it before opening a member for writing if it is known.
    public var fileSize = 0

    /// The name as it stands in the archive, before anything was cut off (Python's `orig_filename`).
    public let originalFilename: String
    /// The name's bytes in the archive that the entry was read from, if they are not what `filename` would be written
    /// as. An append writes them back, since the local header keeps them.
    var storedName: [UInt8]?
    /// Where the next member or the directory starts, so that a member reaching beyond is found out.
    var endOffset: Int?

    /// An entry of that name, which ends at its first NUL; it is a folder's if it ends in `/`.
    ///
    /// Throws a `.value` error for a year before 1980.
    public init(filename: String = "NoName", dateTime: ZipDateTime = .earliest) throws(ZipError) {
        guard dateTime.year >= 1980 else { throw .value("ZIP does not support timestamps before 1980") }
        self.init(name: filename, dateTime: dateTime)
    }

    init(name: String, dateTime: ZipDateTime) {
        originalFilename = name
        filename = Self.cut(name)
        self.dateTime = dateTime
    }

    /// The name up to its first NUL, where C programs would see its end.
    static func cut(_ name: String) -> String {
        name.utf8.firstIndex(of: 0).map { String(name[..<$0]) } ?? name
    }

    /// Whether the entry is a folder.
    public var isDirectory: Bool { filename.utf8.last == UInt8(ascii: "/") }
}

extension ZipInfo {
    /// Bits of `flagBits`: APPNOTE.TXT 4.4.4.
    enum Flag {
        static let encrypted: UInt16 = 0x01
        static let dataDescriptor: UInt16 = 0x08
        static let patched: UInt16 = 0x20
        static let strongEncryption: UInt16 = 0x40
        static let utf8: UInt16 = 0x800
    }

    /// The MS-DOS attribute of a folder.
    static let directoryAttribute: UInt32 = 0x10

    /// A folder's entry of that name and mode, as `mkdir` writes it.
    static func directory(_ name: String, mode: UInt32) -> ZipInfo {
        var info = ZipInfo(name: name.utf8.last == UInt8(ascii: "/") ? name : name + "/", dateTime: .earliest)
        info.externalAttributes = ((0o40000 | mode) & 0xFFFF) << 16 | directoryAttribute
        return info
    }
}
