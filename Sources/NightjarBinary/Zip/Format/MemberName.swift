/// Member names between bytes and text: UTF-8 if its flag says so, code page 437 otherwise.
///
/// Source: APPNOTE.TXT, appendix D
enum MemberName {
    static func decode(_ bytes: UnsafeRawBufferPointer, flags: UInt16) throws(ZipError) -> String {
        if flags & ZipInfo.Flag.utf8 != 0 || bytes.allSatisfy({ $0 < 0x80 }) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw .bad(
                    "File name is not the UTF-8 that its flag promises: \(String(decoding: bytes, as: UTF8.self))")
            }
            return name
        }
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(byte < 0x80 ? Unicode.Scalar(byte) : upperHalf[Int(byte) - 0x80]) }
        return String(scalars)
    }

    /// The name's bytes, and the flag that only a name beyond ASCII sets.
    static func encode(_ name: String) -> (bytes: [UInt8], flags: UInt16) {
        let bytes = [UInt8](name.utf8)
        return (bytes, bytes.allSatisfy { $0 < 0x80 } ? 0 : ZipInfo.Flag.utf8)
    }

    private static let upperHalf = Array(
        ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
            + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)
}

/// A name as a key: by its bytes, where `String` holds different spellings of an accent equal.
struct NameKey: Hashable {
    let name: String

    init(_ name: String) { self.name = name }

    static func == (left: NameKey, right: NameKey) -> Bool {
        left.withBytes { left in
            right.withBytes { right in left.count == right.count && left.elementsEqual(right) }
        }
    }

    func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
    }

    private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var name = name
        return name.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
