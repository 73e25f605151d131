/// Turns a format string into fields, with checked arithmetic: `9223372036854775807q` is an error and no trap.
struct StructFormatParser {
    private(set) var size = 0
    private(set) var itemCount = 0
    private(set) var fields: [StructField] = []

    private let characters: [UInt8]
    private var position = 0
    private var order = Order.native

    private enum Order {
        case native, little, big

        static var host: Order { 1.littleEndian == 1 ? .little : .big }
    }

    init(_ format: String) {
        characters = [UInt8](format.utf8)
    }

    mutating func parse() throws(StructError) {
        if characters.contains(0) { throw StructError("embedded null character") }
        parseOrder()
        while let character = next() {
            if Self.isSpace(character) { continue }
            let (count, code) = try parseCount(startingWith: character)
            try append(code: code, count: count)
        }
    }

    private mutating func next() -> UInt8? {
        guard position < characters.count else { return nil }
        defer { position += 1 }
        return characters[position]
    }

    private mutating func parseOrder() {
        switch characters.first {
        case UInt8(ascii: "@"): order = .native
        case UInt8(ascii: "="): order = .host
        case UInt8(ascii: "<"): order = .little
        case UInt8(ascii: ">"), UInt8(ascii: "!"): order = .big
        default: return
        }
        position = 1
    }

    private mutating func parseCount(startingWith first: UInt8) throws(StructError) -> (count: Int, code: UInt8) {
        guard var digit = Self.digit(first) else { return (1, first) }
        var count = 0
        while true {
            let (tens, overflowsTens) = count.multipliedReportingOverflow(by: 10)
            let (sum, overflowsSum) = tens.addingReportingOverflow(digit)
            if overflowsTens || overflowsSum { throw Self.tooLong }
            count = sum
            guard let character = next() else {
                throw StructError("repeat count given without format specifier")
            }
            guard let following = Self.digit(character) else { return (count, character) }
            digit = following
        }
    }

    private mutating func append(code: UInt8, count: Int) throws(StructError) {
        guard let type = itemType(of: code) else { throw StructError("bad char in struct format") }
        try align(to: type.alignment)
        let (bytes, overflows) = count.multipliedReportingOverflow(by: type.size)
        if overflows { throw Self.tooLong }
        let offset = size
        try grow(by: bytes)
        guard let kind = type.kind else { return }
        let isRun = kind != .string && kind != .pascal
        let items = isRun ? count : 1
        let (total, overflowsItems) = itemCount.addingReportingOverflow(items)
        if overflowsItems { throw Self.tooLong }
        itemCount = total
        guard items > 0 else { return }
        fields.append(
            StructField(
                code: code, kind: kind, offset: offset, count: items, size: isRun ? type.size : count,
                isSigned: type.isSigned, isBigEndian: order == .native ? Order.host == .big : order == .big,
                isNative: isNative(code)))
    }

    /// CPython takes the compiler's own routine also where `<` or `=` means the same bytes, except for floats.
    private func isNative(_ code: UInt8) -> Bool {
        order == .native || (order == Order.host && code != UInt8(ascii: "f"))
    }

    private mutating func align(to alignment: Int) throws(StructError) {
        let rest = size % alignment
        if rest > 0 { try grow(by: alignment - rest) }
    }

    private mutating func grow(by bytes: Int) throws(StructError) {
        let (sum, overflows) = size.addingReportingOverflow(bytes)
        if overflows { throw Self.tooLong }
        size = sum
    }

    private static var tooLong: StructError { StructError("total struct size too long") }

    private static func digit(_ character: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) ? Int(character - UInt8(ascii: "0")) : nil
    }

    private static func isSpace(_ character: UInt8) -> Bool {
        character == 0x20 || (0x09...0x0D).contains(character)
    }
}

extension StructFormatParser {
    private struct ItemType {
        let size: Int
        var alignment = 1
        var kind: StructField.Kind?
        var isSigned = false
    }

    private func itemType(of code: UInt8) -> ItemType? {
        switch Character(Unicode.Scalar(code)) {
        case "x": ItemType(size: 1)
        case "c": ItemType(size: 1, kind: .char)
        case "s": ItemType(size: 1, kind: .string)
        case "p": ItemType(size: 1, kind: .pascal)
        case "?": ItemType(size: 1, kind: .bool)
        case "b": integer(Int8.self)
        case "B": integer(UInt8.self)
        case "h": integer(Int16.self)
        case "H": integer(UInt16.self)
        case "i": integer(Int32.self)
        case "I": integer(UInt32.self)
        case "l": order == .native ? integer(CLong.self) : integer(Int32.self)
        case "L": order == .native ? integer(CUnsignedLong.self) : integer(UInt32.self)
        case "q": integer(Int64.self)
        case "Q": integer(UInt64.self)
        case "n": order == .native ? integer(Int.self) : nil
        case "N", "P": order == .native ? integer(UInt.self) : nil
        case "e": floating(UInt16.self)
        case "f": floating(Float.self)
        case "d": floating(Double.self)
        default: nil
        }
    }

    private func integer<T: FixedWidthInteger>(_: T.Type) -> ItemType {
        ItemType(
            size: MemoryLayout<T>.size, alignment: order == .native ? MemoryLayout<T>.alignment : 1,
            kind: .integer, isSigned: T.isSigned)
    }

    private func floating<T>(_: T.Type) -> ItemType {
        ItemType(
            size: MemoryLayout<T>.size, alignment: order == .native ? MemoryLayout<T>.alignment : 1,
            kind: .floating)
    }
}
