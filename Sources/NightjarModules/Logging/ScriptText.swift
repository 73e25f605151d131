import Glibc
import NightjarLogging
import NightjarLua

/// Lua's strings as text, and values as Lua's authors write them.
enum ScriptText {
    /// The text of bytes; what is not UTF-8 appears as `\xNN`.
    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        return holds(&text, bytes) ? text : escaped(bytes.bindMemory(to: UInt8.self))
    }

    static func text(_ stack: LuaStack, at index: Int32) -> String { text(stack.bytes(at: index)) }

    /// Whether the bytes are UTF-8.
    static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes.count, bits: UInt64 = 0
        guard var next = bytes.baseAddress else { return true }
        while rest >= 8 {
            bits |= next.loadUnaligned(as: UInt64.self)
            next += 8
            rest -= 8
        }
        while rest > 0 {
            bits |= UInt64(next.load(as: UInt8.self))
            next += 1
            rest -= 1
        }
        // Nearly all is ASCII.
        return bits & 0x8080_8080_8080_8080 == 0 || isUTF8(bytes)
    }

    @inline(never)
    private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Decoding repairs what is no UTF-8, and only then gives other bytes. `String(validating:)` costs several times as much.
        var text = String(decoding: bytes, as: UTF8.self)
        return holds(&text, bytes)
    }

    private static func holds(_ text: inout String, _ bytes: UnsafeRawBufferPointer) -> Bool {
        text.withUTF8 { decoded in
            guard decoded.count == bytes.count, let left = decoded.baseAddress, let right = bytes.baseAddress else {
                return bytes.isEmpty
            }
            return memcmp(left, right, bytes.count) == 0
        }
    }

    private static func escaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var result = ""
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            var decoder = UTF8()
            var iterator = rest.makeIterator()
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            case .error:
                result += escape(rest.removeFirst())
            case .emptyInput: return result
            }
        }
        return result
    }

    private static func escape(_ byte: UInt8) -> String { "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    /// A value as Lua source would have it, for reports.
    static func quoted(_ value: LogValue) -> String {
        switch value {
        case .null: "nil"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        case .string(let text): quoted(text)
        case .array(let elements): "{" + elements.map(quoted).joined(separator: ", ") + "}"
        case .object(let fields): "{" + fields.map { "\($0.name) = \(quoted($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\"", "\\": result += "\\\(scalar)"
            default:
                if scalar.value < 32 || scalar.value == 127 {
                    result += escape(UInt8(scalar.value))
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
