/// What follows the colon in `{lineno:>05d}`: Python's format specification mini-language for text and numbers.
///
/// Source: <https://docs.python.org/3/library/string.html#format-specification-mini-language>
struct BraceSpecification: Sendable {
    private enum Alignment: Sendable { case left, right, center, afterSign }

    private let text: String
    private var fill: Unicode.Scalar = " "
    private var hasFill = false
    private var alignment: Alignment?
    /// A zero before the width, which numbers take for an alignment and texts do not.
    private var fillsAfterSign = false
    private var sign: Unicode.Scalar = "-"
    private var alternate = false
    private var width = 0
    private var grouping: Unicode.Scalar?
    private var precision: Int?
    private var kind: Unicode.Scalar?

    private static let alignments: [Unicode.Scalar: Alignment] = [
        "<": .left, ">": .right, "=": .afterSign, "^": .center,
    ]

    init(_ text: String) throws(LoggingError) {
        self.text = text
        var rest = Substring(text).unicodeScalars
        readAlignment(&rest)
        if let first = rest.first, "+- ".unicodeScalars.contains(first) { sign = rest.removeFirst() }
        if rest.first == "#" {
            alternate = true
            rest.removeFirst()
        }
        if !hasFill, rest.first == "0" {
            fill = "0"
            fillsAfterSign = alignment == nil
            rest.removeFirst()
        }
        width = try number(&rest) ?? 0
        if let first = rest.first, first == "," || first == "_" { grouping = rest.removeFirst() }
        if rest.first == "." {
            rest.removeFirst()
            guard let digits = try number(&rest) else { throw bad() }
            precision = digits
        }
        kind = rest.popFirst()
        guard rest.isEmpty, kind.map({ "bcdeEfFgGnosxX%".unicodeScalars.contains($0) }) ?? true else { throw bad() }
    }

    /// - Parameter standard: the type of the value where none is given.
    private func checkGrouping(_ standard: Unicode.Scalar) throws(LoggingError) {
        guard let grouping else { return }
        let kind = kind ?? standard
        if "deEfFgG%".unicodeScalars.contains(kind) || (grouping == "_" && "boxX".unicodeScalars.contains(kind)) {
            return
        }
        throw LoggingError(.value, "Cannot specify '\(grouping)' with '\(kind)'.")
    }

    private mutating func readAlignment(_ rest: inout Substring.UnicodeScalarView) {
        if let second = rest.dropFirst().first, let given = Self.alignments[second] {
            fill = rest.removeFirst()
            hasFill = true
            alignment = given
            rest.removeFirst()
        } else if let first = rest.first, let given = Self.alignments[first] {
            alignment = given
            rest.removeFirst()
        }
    }

    private func number(_ rest: inout Substring.UnicodeScalarView) throws(LoggingError) -> Int? {
        var value: Int?
        while let first = rest.first, case let digit = first.value &- 48, digit <= 9 {
            value = (value ?? 0) * 10 + Int(digit)
            // A wider field than this is a mistake, and would only serve to exhaust memory.
            if value! > 1_000_000 { throw LoggingError(.value, "Too many decimal digits in format string") }
            rest.removeFirst()
        }
        return value
    }

    private func bad() -> LoggingError { LoggingError(.value, "bad specifier: \(PythonText.quoted(text))") }

    // MARK: Values

    func append(_ value: LogValue, to buffer: inout [UInt8]) throws(LoggingError) {
        switch value {
        case .string(let string): try append(string: string, to: &buffer)
        case .int(let number): try append(integer: number, to: &buffer)
        case .double(let number): try append(float: number, typeName: "float", to: &buffer)
        // As in Python: a boolean is a number for every specification but the empty one.
        case .bool(let flag) where !text.isEmpty: try append(integer: flag ? 1 : 0, to: &buffer)
        default:
            guard text.isEmpty else {
                throw LoggingError(.type, "unsupported format string passed to \(value.typeName).__format__")
            }
            buffer.append(contentsOf: PythonText.plain(value).utf8)
        }
    }

    private func unknownKind(_ type: String) -> LoggingError {
        let code = kind.map(String.init) ?? ""
        return LoggingError(.value, "Unknown format code '\(code)' for object of type '\(type)'")
    }

    private func append(string: String, to buffer: inout [UInt8]) throws(LoggingError) {
        try checkGrouping("s")
        guard kind == nil || kind == "s" else { throw unknownKind("str") }
        if sign != "-" {
            let what = sign == " " ? "Space" : "Sign"
            throw LoggingError(.value, "\(what) not allowed in string format specifier")
        }
        if alternate { throw LoggingError(.value, "Alternate form (#) not allowed in string format specifier") }
        if alignment == .afterSign {
            throw LoggingError(.value, "'=' alignment not allowed in string format specifier")
        }
        let start = buffer.count
        buffer.append(contentsOf: string.utf8)
        if let precision { buffer.truncateScalars(from: start, to: precision) }
        pad(from: start, prefix: 0, alignment ?? .left, &buffer)
    }

    private func append(integer number: Int64, to buffer: inout [UInt8]) throws(LoggingError) {
        if let kind, "eEfFgG%".unicodeScalars.contains(kind) {
            return try append(float: Double(number), typeName: "int", to: &buffer)
        }
        try checkGrouping("d")
        if let kind, !"dnxXobc".unicodeScalars.contains(kind) { throw unknownKind("int") }
        if precision != nil { throw LoggingError(.value, "Precision not allowed in integer format specifier") }
        let start = buffer.count
        var digits: String, prefix = "", group = 3
        switch kind {
        case nil, "d", "n": digits = String(number.magnitude)
        case "x", "X", "o", "b":
            let radix = kind == "o" ? 8 : kind == "b" ? 2 : 16
            digits = String(number.magnitude, radix: radix, uppercase: kind == "X")
            if alternate, let kind { prefix = "0\(kind)" }
            group = 4
        case "c":
            if sign != "-" { throw LoggingError(.value, "Sign not allowed with integer format specifier 'c'") }
            if alternate {
                throw LoggingError(.value, "Alternate form (#) not allowed with integer format specifier 'c'")
            }
            guard let small = UInt32(exactly: number), let scalar = Unicode.Scalar(small) else {
                throw LoggingError(.value, "%c arg not in range(0x110000)")
            }
            digits = String(scalar)
            buffer.append(contentsOf: digits.utf8)
            return pad(from: start, prefix: 0, alignment ?? .left, &buffer)
        default: throw bad()
        }
        appendSign(number < 0, to: &buffer)
        buffer.append(contentsOf: prefix.utf8)
        finish(digits, group: group, from: start, &buffer)
    }

    private func append(float number: Double, typeName: String, to buffer: inout [UInt8]) throws(LoggingError) {
        try checkGrouping("g")
        if let kind, !"eEfFgGn%".unicodeScalars.contains(kind) { throw unknownKind(typeName) }
        let start = buffer.count
        appendSign(number.sign == .minus && !number.isNaN, to: &buffer)
        var text: [UInt8] = []
        let magnitude = kind == "%" ? number.magnitude * 100 : number.magnitude
        switch kind {
        case nil where precision == nil: text = Array(PythonText.double(magnitude).utf8)
        case nil: text = general(magnitude)
        case "n":
            text.append(float: magnitude, kind: UInt8(ascii: "g"), precision: precision ?? 6, alternate: alternate)
        case "%":
            text.append(float: magnitude, kind: UInt8(ascii: "f"), precision: precision ?? 6, alternate: alternate)
        case let kind?:
            text.append(
                float: magnitude, kind: UInt8(ascii: kind), precision: precision ?? 6, alternate: alternate)
        }
        if kind == "%" { text.append(UInt8(ascii: "%")) }
        finish(String(decoding: text, as: UTF8.self), group: 3, from: start, &buffer)
    }

    /// Without a type, a precision means significant digits, and at least one digit follows the point.
    private func general(_ number: Double) -> [UInt8] {
        var text: [UInt8] = []
        text.append(float: number, kind: UInt8(ascii: "g"), precision: max(precision ?? 6, 1), alternate: alternate)
        guard number.isFinite, !text.contains(UInt8(ascii: ".")) else { return text }
        if !text.contains(UInt8(ascii: "e")) {
            // As many digits as the precision has make the scientific form, in which none must follow.
            if text.count >= max(precision ?? 6, 1) {
                text = []
                text.append(
                    float: number, kind: UInt8(ascii: "e"), precision: max(precision ?? 6, 1) - 1, alternate: alternate)
                return text
            }
            text += ".0".utf8
        }
        return text
    }

    // MARK: Putting together

    private func appendSign(_ isNegative: Bool, to buffer: inout [UInt8]) {
        if isNegative { buffer.append(UInt8(ascii: "-")) } else if sign != "-" { buffer.append(UInt8(ascii: sign)) }
    }

    /// Appends digits with their grouping and fills up to the width; sign and prefix stand in the buffer from `start` on.
    private func finish(_ digits: String, group: Int, from start: Int, _ buffer: inout [UInt8]) {
        let prefix = buffer.count - start
        let isHexadecimal = kind == "x" || kind == "X"
        let whole = digits.prefix { isHexadecimal ? $0.isHexDigit : $0.isNumber }
        let alignment = alignment ?? (fillsAfterSign ? .afterSign : .right)
        let zeros = fill == "0" && alignment == .afterSign
        let rest = digits.dropFirst(whole.count)
        if let grouping, !digits.hasPrefix("inf"), !digits.hasPrefix("nan") {
            let room = zeros ? width - prefix - rest.count : 0
            buffer.append(contentsOf: Self.grouped(String(whole), by: group, grouping, atLeast: room).utf8)
            buffer.append(contentsOf: rest.utf8)
        } else {
            buffer.append(contentsOf: digits.utf8)
        }
        pad(from: start, prefix: prefix, alignment, &buffer)
    }

    /// Digits with a separator every few, and zeros in front up to a width, which are separated too.
    private static func grouped(_ digits: String, by group: Int, _ separator: Unicode.Scalar, atLeast width: Int)
        -> String
    {
        var result: [Character] = [], count = 0
        func put(_ digit: Character) {
            if count > 0, count % group == 0 { result.append(Character(separator)) }
            result.append(digit)
            count += 1
        }
        for digit in digits.reversed() { put(digit) }
        while result.count < width { put("0") }
        return String(result.reversed())
    }

    private func pad(from start: Int, prefix: Int, _ alignment: Alignment, _ buffer: inout [UInt8]) {
        let missing = width - buffer.scalarCount(from: start)
        guard missing > 0 else { return }
        let filling = Array(String(fill).utf8)
        func fillings(_ count: Int) -> [UInt8] { Array(repeatElement(filling, count: count).joined()) }
        switch alignment {
        case .left: buffer += fillings(missing)
        case .right: buffer.insert(contentsOf: fillings(missing), at: start)
        case .afterSign: buffer.insert(contentsOf: fillings(missing), at: start + prefix)
        case .center:
            buffer.insert(contentsOf: fillings(missing / 2), at: start)
            buffer += fillings(missing - missing / 2)
        }
    }
}
