/// Writes what Python's `pickle` reads: protocol 2, for `None`, booleans, numbers, strings, lists and dicts.
struct PickleWriter {
    private(set) var bytes: [UInt8] = [0x80, 2]

    mutating func write(_ value: LogValue) {
        switch value {
        case .null: bytes.append(UInt8(ascii: "N"))
        case .bool(let flag): bytes.append(flag ? UInt8(0x88) : UInt8(0x89))
        case .int(let number): write(number)
        case .double(let number):
            bytes.append(UInt8(ascii: "G"))
            append(bigEndian: number.bitPattern)
        case .string(let text): write(text)
        case .array(let elements):
            bytes += [UInt8(ascii: "]"), UInt8(ascii: "(")]
            elements.forEach { write($0) }
            bytes.append(UInt8(ascii: "e"))
        case .object(let fields): write(fields.map { ($0.name, $0.value) })
        }
    }

    mutating func write(_ entries: [(String, LogValue)]) {
        bytes += [UInt8(ascii: "}"), UInt8(ascii: "(")]
        for (name, value) in entries {
            write(name)
            write(value)
        }
        bytes.append(UInt8(ascii: "u"))
    }

    mutating func end() { bytes.append(UInt8(ascii: ".")) }

    private mutating func write(_ number: Int64) {
        if let small = Int32(exactly: number) {
            bytes.append(UInt8(ascii: "J"))
            append(littleEndian: UInt32(bitPattern: small))
        } else {
            // LONG1: a count of bytes, then the number in two's complement.
            bytes += [0x8A, 8]
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "X"))
        append(littleEndian: UInt32(clamping: text.utf8.count))
        bytes.append(text)
    }

    private mutating func append(littleEndian number: UInt32) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(bigEndian number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

/// The attributes of a record as Python's `record.__dict__` has them.
enum RecordDictionary {
    private static let names = [
        "name", "msg", "args", "levelname", "levelno", "pathname", "filename", "module", "exc_info", "exc_text",
        "stack_info", "lineno", "funcName", "created", "msecs", "relativeCreated", "thread", "threadName",
        "processName", "process", "taskName",
    ]

    /// In Python's order, then the fields whose names no attribute has.
    static func entries(of record: LogRecord) -> [(String, LogValue)] {
        var result: [(String, LogValue)] = names.map { name in
            switch name {
            case "args": (name, .array(record.arguments ?? []))
            case "exc_info": (name, .null)
            default: (name, record.value(of: RecordAttribute(name)) ?? .null)
            }
        }
        for field in record.fields where !RecordAttribute.isReserved(field.name) && field.name != "args" {
            result.append((field.name, field.value))
        }
        return result
    }

    /// What Python's `SocketHandler.makePickle` makes: the message merged, no arguments, and the length in front.
    static func pickle(_ record: LogRecord) -> [UInt8] {
        let entries = entries(of: record).map { name, value in
            switch name {
            case "msg": (name, LogValue.string(record.message))
            case "args": (name, LogValue.null)
            default: (name, value)
            }
        }
        var writer = PickleWriter()
        writer.write(entries)
        writer.end()
        return withUnsafeBytes(of: UInt32(clamping: writer.bytes.count).bigEndian) { Array($0) } + writer.bytes
    }
}
