/// How a member is compressed: the method number of the format, known here or not.
///
/// Source: APPNOTE.TXT 4.4.5
public struct ZipCompressionMethod: RawRepresentable, Sendable, Hashable {
    /// The number in the archive.
    public let rawValue: UInt16

    /// Any method number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// `ZIP_STORED`
    public static let stored = Self(rawValue: 0)
    /// `ZIP_DEFLATED`
    public static let deflated = Self(rawValue: 8)

    /// Throws unless members can be read and written with this method.
    func check() throws(ZipError) {
        guard self == .stored || self == .deflated else {
            throw ZipError(.notImplemented, "That compression method is not supported")
        }
    }

    /// The error of reading a member whose method is not supported.
    var unreadable: ZipError {
        let known = Self.names[rawValue].map { " (\($0))" } ?? ""
        return ZipError(.notImplemented, "compression type \(rawValue)\(known)")
    }

    private static let names: [UInt16: String] = [
        0: "store", 1: "shrink", 2: "reduce", 3: "reduce", 4: "reduce", 5: "reduce", 6: "implode", 7: "tokenize",
        8: "deflate", 9: "deflate64", 10: "implode", 12: "bzip2", 14: "lzma", 18: "terse", 19: "lz77",
        93: "zstd", 97: "wavpack", 98: "ppmd",
    ]
}
