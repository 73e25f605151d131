/// Turns UTF-8 into one of the older encodings that Python programs ask for, with Python's ways of treating what these do not have.
struct TextEncoder: Sendable {
    enum ErrorMode: String, Sendable {
        case strict, ignore, replace, backslashreplace, xmlcharrefreplace
    }

    /// Python's name of the encoding, for errors.
    private let name: String
    /// The first character that it does not have.
    private let limit: UInt32
    private let errors: ErrorMode

    /// - Returns: nil for UTF-8, which needs no turning.
    /// - Throws: `LoggingError` of kind `.lookup` for an encoding or a treatment of errors that is not known.
    static func named(_ encoding: String?, errors: String?) throws(LoggingError) -> TextEncoder? {
        let mode = try mode(errors)
        guard let encoding else { return nil }
        switch encoding.lowercased().filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
        case "utf8", "u8", "locale": return nil
        case "ascii", "usascii", "646": return TextEncoder(name: "ascii", limit: 0x80, errors: mode)
        case "latin1", "latin", "l1", "iso88591", "88591", "8859", "cp819":
            return TextEncoder(name: "latin-1", limit: 0x100, errors: mode)
        default:
            throw LoggingError(.lookup, "unknown encoding: \(encoding) (known: utf-8, ascii, latin-1)")
        }
    }

    private static func mode(_ errors: String?) throws(LoggingError) -> ErrorMode {
        guard let errors else { return .strict }
        if let mode = ErrorMode(rawValue: errors) { return mode }
        switch errors {
        // There are no surrogates in UTF-8, and no table of names here.
        case "surrogateescape", "surrogatepass": return .strict
        case "namereplace": return .backslashreplace
        default: throw LoggingError(.lookup, "unknown error handler name \(PythonText.quoted(errors))")
        }
    }

    /// Encodes what stands from `start` on.
    /// - Throws: Python's `UnicodeEncodeError` in mode `strict`.
    func encode(_ text: inout [UInt8], from start: Int) throws(LoggingError) {
        guard text[start...].contains(where: { $0 >= 0x80 }) else { return }
        var result: [UInt8] = []
        let characters = String(decoding: text[start...], as: UTF8.self).unicodeScalars
        for (position, scalar) in characters.enumerated() {
            if scalar.value < limit {
                result.append(UInt8(scalar.value))
            } else {
                try append(scalar, at: position, to: &result)
            }
        }
        text.replaceSubrange(start..., with: result)
    }

    private func append(_ scalar: Unicode.Scalar, at position: Int, to result: inout [UInt8]) throws(LoggingError) {
        switch errors {
        case .strict:
            throw LoggingError(
                .unicodeEncode,
                "'\(name)' codec can't encode character '\(Self.escape(scalar))' in position \(position): "
                    + "ordinal not in range(\(limit))")
        case .ignore: break
        case .replace: result.append(UInt8(ascii: "?"))
        case .backslashreplace: result.append(contentsOf: Self.escape(scalar).utf8)
        case .xmlcharrefreplace: result.append(contentsOf: "&#\(scalar.value);".utf8)
        }
    }

    /// `\xf8`, `\u0105`, `\U0001f600`
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        let digits = String(scalar.value, radix: 16)
        return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
    }
}
