/// How the time in a rotated file's name looks, by its format of `strftime`.
struct RotationSuffix: Sendable {
    /// For each byte the one that stands there; nil is any digit. Nil for a format with other parts than numbers of known width.
    private let shape: [UInt8?]?

    init(_ format: String) {
        var shape: [UInt8?] = []
        var bytes = format.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                shape.append(byte)
                continue
            }
            guard let letter = bytes.next(), let width = Self.widths[letter] else {
                self.shape = nil
                return
            }
            shape += Array(repeating: nil, count: width)
        }
        self.shape = shape.isEmpty ? nil : shape
    }

    private static let widths: [UInt8: Int] = [
        UInt8(ascii: "Y"): 4, UInt8(ascii: "m"): 2, UInt8(ascii: "d"): 2, UInt8(ascii: "H"): 2, UInt8(ascii: "M"): 2,
        UInt8(ascii: "S"): 2, UInt8(ascii: "y"): 2, UInt8(ascii: "j"): 3, UInt8(ascii: "I"): 2, UInt8(ascii: "U"): 2,
        UInt8(ascii: "W"): 2, UInt8(ascii: "V"): 2, UInt8(ascii: "G"): 4,
    ]
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    /// Whether the text is such a time and nothing else.
    func matches(_ text: Substring) -> Bool {
        guard let shape, text.utf8.count == shape.count else { return false }
        return Self.fits(Array(text.utf8)[...], shape)
    }

    /// The times in a text that are not part of longer numbers.
    func occurrences(in text: Substring) -> [String] {
        guard let shape else { return [] }
        let bytes = Array(text.utf8)
        guard bytes.count >= shape.count else { return [] }
        return (0...bytes.count - shape.count).compactMap { start in
            let end = start + shape.count
            if start > 0, Self.digits ~= bytes[start - 1] { return nil }
            if end < bytes.count, Self.digits ~= bytes[end] { return nil }
            return Self.fits(bytes[start..<end], shape) ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
        }
    }

    private static func fits(_ bytes: ArraySlice<UInt8>, _ shape: [UInt8?]) -> Bool {
        zip(bytes, shape).allSatisfy { byte, wanted in wanted.map { $0 == byte } ?? (digits ~= byte) }
    }

    /// The shape as a pattern of Lua's for a whole text, as Python's `extMatch` is a regular expression.
    var luaPattern: String? {
        guard let shape else { return nil }
        var pattern = "^"
        for byte in shape {
            guard let byte else {
                pattern += "%d"
                continue
            }
            let character = Character(Unicode.Scalar(byte))
            pattern += character.isLetter || character.isNumber || byte >= 0x80 ? String(character) : "%\(character)"
        }
        return pattern + "$"
    }
}
