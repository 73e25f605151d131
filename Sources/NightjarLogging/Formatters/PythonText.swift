/// Values as Python would write them, except that nil and booleans read as in Lua and Swift.
enum PythonText {
    /// `str(x)`.
    static func plain(_ value: LogValue) -> String {
        switch value {
        case .null: "nil"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): double(number)
        case .string(let text): text
        case .array, .object: repr(value)
        }
    }

    /// As Python's `repr` of a tuple.
    static func tuple(_ values: [LogValue]) -> String {
        "(" + values.map(repr).joined(separator: ", ") + (values.count == 1 ? ",)" : ")")
    }

    /// `repr(x)`.
    static func repr(_ value: LogValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .array(let elements): "[" + elements.map(repr).joined(separator: ", ") + "]"
        case .object(let fields):
            "{" + fields.map { "\(quoted($0.name)): \(repr($0.value))" }.joined(separator: ", ") + "}"
        default: plain(value)
        }
    }

    /// `ascii(x)`.
    static func ascii(_ value: LogValue) -> String {
        var result = ""
        for scalar in repr(value).unicodeScalars {
            if scalar.isASCII { result.unicodeScalars.append(scalar) } else { result += escaped(scalar) }
        }
        return result
    }

    /// A string in quotes, `'` unless only `"` needs no escaping.
    static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar =
            text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\\": result += "\\\\"
            case quote: result += "\\" + String(quote)
            default:
                if isPrintable(scalar) { result.unicodeScalars.append(scalar) } else { result += escaped(scalar) }
            }
        }
        return result + String(quote)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 32 && scalar.value < 127 }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        let (mark, digits) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + mark + String(repeating: "0", count: digits - hex.count) + hex
    }

    /// Python's `repr(float)`: the shortest digits that read back the same, in scientific notation below 1e-4 and
    /// from 1e16 on. Swift has the same digits but other limits.
    static func double(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        let (digits, exponent) = decimal(number.magnitude)
        let sign = number.sign == .minus ? "-" : ""
        if exponent < -4 || exponent >= 16 { return sign + scientific(digits, exponent) }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let whole = exponent + 1
        if digits.count <= whole { return sign + digits + String(repeating: "0", count: whole - digits.count) + ".0" }
        return sign + digits.prefix(whole) + "." + digits.dropFirst(whole)
    }

    private static func scientific(_ digits: String, _ exponent: Int) -> String {
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
        return digits.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+") + power
    }

    /// The significant digits, and the power of ten of the first of them.
    private static func decimal(_ number: Double) -> (digits: String, exponent: Int) {
        let parts = number.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let all = whole + (mantissa.count > 1 ? mantissa[1] : "")
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let leadingZeros = all.prefix { $0 == "0" }.count
        guard leadingZeros < all.count else { return ("0", 0) }
        var digits = all.dropFirst(leadingZeros)
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (String(digits), power + whole.count - 1 - leadingZeros)
    }
}

extension LogValue {
    /// The name of Python's type.
    var typeName: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }
}
