internal import Glibc

/// Text written straight into bytes: no string is made, and no C library asked, for what most records need.
extension [UInt8] {
    /// The text of a value as `%s` shows it.
    @inline(__always)
    mutating func appendPlain(_ value: LogValue) {
        switch value {
        case .string(let text): append(text)
        case .int(let number): append(number)
        default: append(PythonText.plain(value))
        }
    }

    @inline(__always)
    mutating func append(_ text: String) {
        if text.utf8.withContiguousStorageIfAvailable({ append(contentsOf: $0) }) == nil {
            append(contentsOf: text.utf8)
        }
    }

    mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(magnitude: number.magnitude)
    }

    mutating func append(magnitude: UInt64) {
        var digits = 1, bound = magnitude
        while bound >= 10 {
            bound /= 10
            digits += 1
        }
        append(addingCapacity: digits) { (span: inout OutputSpan<UInt8>) in
            span.withUnsafeMutableBufferPointer { room, count in
                var rest = magnitude
                for place in stride(from: digits - 1, through: 0, by: -1) {
                    room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                count = digits
            }
        }
    }

    /// A number with at least `digits` digits.
    mutating func append(_ number: Int, digits: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var bound = 10
        var missing = digits - 1
        while missing > 0, bound <= number.magnitude {
            bound *= 10
            missing -= 1
        }
        for _ in 0..<Swift.max(missing, 0) { append(UInt8(ascii: "0")) }
        append(magnitude: UInt64(number.magnitude))
    }

    /// A non-negative number by C's `%e`, `%f` or `%g`, with a point whatever the locale.
    mutating func append(float number: Double, kind: UInt8, precision: Int, alternate: Bool) {
        guard number.isFinite else {
            let text = number.isNaN ? "nan" : "inf"
            let upper = kind < UInt8(ascii: "a")
            return append(upper ? text.uppercased() : text)
        }
        let format = "%" + (alternate ? "#" : "") + ".*" + String(Unicode.Scalar(kind))
        let written = withVaList([Int32(precision), number]) { arguments in
            // 400 bytes hold any number in full (309 digits) with the usual precisions.
            var room = 400 + precision
            var text = [CChar](repeating: 0, count: room)
            room = Int(vsnprintf(&text, room, format, arguments))
            return text[..<room].map { $0 == CChar(UInt8(ascii: ",")) ? UInt8(ascii: ".") : UInt8(bitPattern: $0) }
        }
        append(contentsOf: written)
    }

    // MARK: Widths

    /// How many Unicode scalars the UTF-8 from `start` on has.
    func scalarCount(from start: Int) -> Int {
        var count = 0
        for byte in self[start...] where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    mutating func truncateScalars(from start: Int, to limit: Int) {
        var count = 0
        for place in start..<self.count where self[place] & 0xC0 != 0x80 {
            if count == limit { return removeSubrange(place...) }
            count += 1
        }
    }

    /// Fills what was written from `start` on with spaces up to `width` scalars.
    mutating func pad(from start: Int, width: Int, left: Bool) {
        guard width > 0 else { return }
        let missing = width - scalarCount(from: start)
        guard missing > 0 else { return }
        let spaces = repeatElement(UInt8(ascii: " "), count: missing)
        if left { append(contentsOf: spaces) } else { insert(contentsOf: spaces, at: start) }
    }
}
