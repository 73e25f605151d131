/// The encoding of values that cross between interpreters.
///
/// Tables, functions, classes and objects with fields are entities, numbered in the order of their discovery and referred to by
/// number, so that sharing and cycles need nothing special and no depth is too great. An encoding is: the number of
/// entities, a head for each (what it takes to make it, empty), the root values, then a body for each (what it holds).
/// It never leaves the process, so it is in the machine's own byte order.
enum MessageTag: UInt8 {
    case `nil`, `false`, `true`
    case smallInteger  // one byte, signed
    case integer, number  // eight bytes
    case shortString  // one byte of length
    case longString  // a count
    case entity  // a number
    case object  // a position in the list of objects
    case globals  // the receiver's own table of globals
    case module  // a name, for `require`
    case member  // a name of a module and one in it
    case baseGlobal  // a name that every interpreter of this program starts with
    case nativeClass  // a position in the list of objects: a LuaType
    case exceptionClass  // a position in the list of objects: a LuaExceptionClass
    case lightUserdata  // eight bytes
}

enum EntityKind: UInt8 {
    case table  // sizes of array and record part
    case function  // the number of a code block, or the block
    case scriptClass  // number, name, parent
    case instance  // a position in the list of objects, then its class
}

/// Bytes that grow. The storage is kept from message to message.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func clear() { bytes.removeAll(keepingCapacity: bytes.capacity < 1 << 16) }

    @inline(__always)
    mutating func write(_ tag: MessageTag) { bytes.append(tag.rawValue) }

    @inline(__always)
    mutating func write(byte: UInt8) { bytes.append(byte) }

    mutating func write(word: UInt64) {
        withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }

    /// A count in as few bytes as it needs (LEB128).
    mutating func write(count: Int) {
        var rest = UInt(bitPattern: count)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(bytes part: UnsafeRawBufferPointer) { bytes.append(contentsOf: part) }

    mutating func write(string: String) {
        var string = string
        string.withUTF8 {
            write(count: $0.count)
            write(bytes: UnsafeRawBufferPointer($0))
        }
    }
}

/// Reads what a ``MessageWriter`` of this process wrote.
struct MessageReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    @inline(__always)
    mutating func readByte() -> UInt8 {
        defer { position += 1 }
        return bytes[position]
    }

    mutating func readTag() -> MessageTag {
        guard let tag = MessageTag(rawValue: readByte()) else { preconditionFailure("a message with an unknown tag") }
        return tag
    }

    mutating func readWord() -> UInt64 {
        defer { position += 8 }
        return bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }

    mutating func readCount() -> Int {
        var result: UInt = 0, shift: UInt = 0
        while true {
            let byte = readByte()
            result |= UInt(byte & 0x7f) << shift
            if byte < 0x80 { return Int(bitPattern: result) }
            shift += 7
        }
    }

    mutating func readBytes(_ count: Int) -> UnsafeRawBufferPointer {
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func readString() -> String { String(decoding: readBytes(readCount()), as: UTF8.self) }
}
