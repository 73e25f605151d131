/// One `%` conversion: flags, width, precision and kind, with the rules of Python's `str % mapping`.
///
/// Widths and precisions count Unicode scalars, as Python does.
struct PercentConversion: Sendable {
    var left = false
    var zero = false
    var plus = false
    var space = false
    var alternate = false
    var width = 0
    var precision: Int?
    var kind = UInt8(ascii: "s")

    static let kinds = Set("diouxXeEfFgGcrsa%".utf8)

    var isInteger: Bool { "diu".utf8.contains(kind) }
    var isPlainText: Bool { kind == UInt8(ascii: "s") && width == 0 && precision == nil }

    /// - Returns: false if `byte` is no flag.
    mutating func setFlag(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"): left = true
        case UInt8(ascii: "0"): zero = true
        case UInt8(ascii: "+"): plus = true
        case UInt8(ascii: " "): space = true
        case UInt8(ascii: "#"): alternate = true
        default: return false
        }
        return true
    }

    func append(_ value: LogValue, to buffer: inout [UInt8]) throws(LoggingError) {
        switch kind {
        case UInt8(ascii: "s"): appendText(value, to: &buffer) { $0.appendPlain($1) }
        case UInt8(ascii: "r"): appendText(value, to: &buffer) { $0.append(contentsOf: PythonText.repr($1).utf8) }
        case UInt8(ascii: "a"): appendText(value, to: &buffer) { $0.append(contentsOf: PythonText.ascii($1).utf8) }
        case UInt8(ascii: "c"): try appendCharacter(value, to: &buffer)
        case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"): try appendDecimal(value, to: &buffer)
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"): try appendRadix(value, to: &buffer)
        default: try appendFloat(value, to: &buffer)
        }
    }
}

// MARK: - Text

extension PercentConversion {
    private func appendText(
        _ value: LogValue, to buffer: inout [UInt8], _ write: (inout [UInt8], LogValue) -> Void
    ) {
        let start = buffer.count
        write(&buffer, value)
        if let precision { buffer.truncateScalars(from: start, to: precision) }
        buffer.pad(from: start, width: width, left: left)
    }

    private func appendCharacter(_ value: LogValue, to buffer: inout [UInt8]) throws(LoggingError) {
        let start = buffer.count
        switch value {
        case .int(let code):
            guard let small = UInt32(exactly: code), let scalar = Unicode.Scalar(small) else {
                throw LoggingError(.value, "%c arg not in range(0x110000)")
            }
            buffer.append(contentsOf: String(scalar).utf8)
        case .string(let text) where text.unicodeScalars.count == 1:
            buffer.append(contentsOf: text.utf8)
        default:
            throw LoggingError(.type, "%c requires int or char")
        }
        buffer.pad(from: start, width: width, left: left)
    }
}

// MARK: - Numbers

extension PercentConversion {
    private func appendDecimal(_ value: LogValue, to buffer: inout [UInt8]) throws(LoggingError) {
        switch value {
        case .int(let number):
            appendNumber(negative: number < 0, prefix: [], to: &buffer) { $0.append(magnitude: number.magnitude) }
        case .bool(let flag):
            appendNumber(negative: false, prefix: [], to: &buffer) { $0.append(magnitude: flag ? 1 : 0) }
        case .double(let number):
            guard number.isFinite else {
                let what = number.isNaN ? "float NaN" : "float infinity"
                throw LoggingError(.value, "cannot convert \(what) to integer")
            }
            let whole = number.rounded(.towardZero)
            appendNumber(negative: whole < 0, prefix: [], to: &buffer) {
                $0.append(float: whole.magnitude, kind: UInt8(ascii: "f"), precision: 0, alternate: false)
            }
        default:
            throw LoggingError(.type, "%\(Self.text(kind)) format: a real number is required, not \(value.typeName)")
        }
    }

    private func appendRadix(_ value: LogValue, to buffer: inout [UInt8]) throws(LoggingError) {
        let number: Int64
        switch value {
        case .int(let given): number = given
        case .bool(let flag): number = flag ? 1 : 0
        default:
            throw LoggingError(.type, "%\(Self.text(kind)) format: an integer is required, not \(value.typeName)")
        }
        let radix = kind == UInt8(ascii: "o") ? 8 : 16
        let digits = String(number.magnitude, radix: radix, uppercase: kind == UInt8(ascii: "X"))
        let prefix = alternate ? [UInt8(ascii: "0"), kind] : []
        appendNumber(negative: number < 0, prefix: prefix, to: &buffer) { $0.append(contentsOf: digits.utf8) }
    }

    private func appendFloat(_ value: LogValue, to buffer: inout [UInt8]) throws(LoggingError) {
        let number: Double
        switch value {
        case .int(let given): number = Double(given)
        case .bool(let flag): number = flag ? 1 : 0
        case .double(let given): number = given
        default: throw LoggingError(.type, "must be real number, not \(value.typeName)")
        }
        let negative = number.sign == .minus && !number.isNaN
        // The precision is spent on the fraction here, not on leading zeros.
        var plain = self
        plain.precision = nil
        plain.appendNumber(negative: negative, prefix: [], to: &buffer) {
            $0.append(float: number.magnitude, kind: kind, precision: precision ?? 6, alternate: alternate)
        }
    }

    /// Sign, prefix, zeros and digits in Python's order; the digits are written by `write`.
    private func appendNumber(
        negative: Bool, prefix: [UInt8], to buffer: inout [UInt8], _ write: (inout [UInt8]) -> Void
    ) {
        let start = buffer.count
        if negative {
            buffer.append(UInt8(ascii: "-"))
        } else if plus {
            buffer.append(UInt8(ascii: "+"))
        } else if space {
            buffer.append(UInt8(ascii: " "))
        }
        buffer.append(contentsOf: prefix)
        let digits = buffer.count
        write(&buffer)
        let precisionZeros = (precision ?? 0) - (buffer.count - digits)
        let widthZeros = zero && !left ? width - (buffer.count - start) : 0
        let zeros = max(precisionZeros, widthZeros)
        if zeros > 0 {
            buffer.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: zeros), at: digits)
        }
        buffer.pad(from: start, width: width, left: left)
    }

    private static func text(_ kind: UInt8) -> String { String(Unicode.Scalar(kind)) }
}
