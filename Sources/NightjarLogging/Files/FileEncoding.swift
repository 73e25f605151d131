/// The encoding of a file, as it was asked for.
struct FileEncoding: Sendable, Equatable {
    let name: String
    let errors: String?
    /// Nil for UTF-8.
    let encoder: TextEncoder?

    /// UTF-8.
    init() {
        name = "utf-8"
        errors = nil
        encoder = nil
    }

    /// - Parameters: those of `FileHandler`.
    /// - Throws: `LoggingError` of kind `.lookup` for what is not known.
    init(_ encoding: String?, errors: String?) throws(LoggingError) {
        encoder = try TextEncoder.named(encoding, errors: errors)
        name = encoding ?? "utf-8"
        self.errors = errors
    }

    static func == (left: FileEncoding, right: FileEncoding) -> Bool {
        left.name == right.name && left.errors == right.errors
    }

    /// Encodes what stands from `start` on.
    func encode(_ text: inout [UInt8], from start: Int = 0) throws(LoggingError) {
        try encoder?.encode(&text, from: start)
    }
}
