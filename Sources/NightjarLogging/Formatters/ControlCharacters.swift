/// Characters that can break a line, or that a terminal obeys: C0, DEL, C1, and the line and paragraph separators of Unicode.
enum ControlCharacters {
    /// How many bytes the control character at `place` of valid UTF-8 has; nil if there is none.
    @inline(__always)
    static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ byte: UInt8) -> Int? {
        switch byte {
        case ..<0x20, 0x7F: return 1
        // C1 controls are C2 80 to C2 9F; the separators E2 80 A8 and A9.
        case 0xC2: return place + 1 < bytes.count && bytes[place + 1] < 0xA0 ? 2 : nil
        case 0xE2:
            guard place + 2 < bytes.count else { return nil }
            return bytes[place + 1] == 0x80 && bytes[place + 2] & 0xFE == 0xA8 ? 3 : nil
        default: return nil
        }
    }

    /// Appends the character at `place` as JSON and most languages write it: `\\n`, `\\u001b`.
    static func append(escaped bytes: UnsafeBufferPointer<UInt8>, _ place: Int, to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "\\"))
        switch bytes[place] {
        case 0x0A: buffer.append(UInt8(ascii: "n"))
        case 0x0D: buffer.append(UInt8(ascii: "r"))
        case 0x09: buffer.append(UInt8(ascii: "t"))
        case 0xC2: append(code: UInt16(bytes[place + 1]), to: &buffer)
        case 0xE2: append(code: 0x2000 | UInt16(bytes[place + 2] & 0x3F), to: &buffer)
        case let byte: append(code: UInt16(byte), to: &buffer)
        }
    }

    private static func append(code: UInt16, to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "u"))
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(code >> shift & 15)
            buffer.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// Escapes every control character from `start` on, so that the text is one line.
    static func escape(_ buffer: inout [UInt8], from start: Int) {
        let text = Array(buffer[start...])
        text.withUnsafeBufferPointer { bytes in
            guard let first = bytes.indices.first(where: { length(bytes, $0, bytes[$0]) != nil }) else { return }
            buffer.removeSubrange((start + first)...)
            var place = first
            while place < bytes.count {
                if let length = length(bytes, place, bytes[place]) {
                    append(escaped: bytes, place, to: &buffer)
                    place += length
                } else {
                    buffer.append(bytes[place])
                    place += 1
                }
            }
        }
    }
}
