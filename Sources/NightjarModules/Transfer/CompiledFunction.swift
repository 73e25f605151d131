/// Reads the compiled form of a function, as Lua 5.4 dumps it, to find the names that its code reads from tables of globals.
///
/// The format is that of `ldump.c`; it is the process' own, written a moment ago by the same library. Which upvalue is such a
/// table is known only when the function is sent, so names are found for each.
struct CompiledFunction {
    private var reader: MessageReader
    /// Names by upvalue of the outermost function.
    private var found: [Set<[UInt8]>]

    /// The number of upvalues, and what is read through them.
    static func reads(of code: [UInt8]) -> (Int, [GlobalReads]) {
        code.withUnsafeBytes { bytes in
            var function = CompiledFunction(reader: MessageReader(bytes), found: [])
            function.skipHeader()
            function.readPrototype(isOutermost: true, origins: nil)
            let reads = function.found.enumerated().filter { !$1.isEmpty }.map {
                GlobalReads(upvalue: $0 + 1, names: $1.sorted { $0.lexicographicallyPrecedes($1) })
            }
            return (function.found.count, reads)
        }
    }

    private mutating func skipHeader() {
        // Signature, version, format, check bytes, three sizes, a check integer, a check number, the count of upvalues.
        _ = reader.readBytes(4 + 1 + 1 + 6 + 3 + 8 + 8 + 1)
    }

    /// Lua's own variable length: most significant part first, the last byte marked.
    private mutating func readSize() -> Int {
        var result = 0
        while true {
            let byte = reader.readByte()
            result = result << 7 | Int(byte & 0x7f)
            if byte & 0x80 != 0 { return result }
        }
    }

    private mutating func readString() -> UnsafeRawBufferPointer? {
        let size = readSize()
        return size == 0 ? nil : reader.readBytes(size - 1)
    }

    /// Where an upvalue of a function comes from.
    private struct UpvalueSource {
        let isRegister: Bool
        let index: Int
    }

    /// For each upvalue of a function, that of the outermost function whose value it has.
    typealias Origins = [Int?]

    /// - Parameter origins: gives the origins of the function's upvalues; nil for the outermost one, which is its own origin.
    private mutating func readPrototype(isOutermost: Bool, origins: ((UpvalueSource) -> Int?)?) {
        _ = readString()
        _ = readSize()
        _ = readSize()
        _ = reader.readBytes(3)
        let code = readCode(), constants = readConstants(), upvalues = readUpvalues()
        let own: Origins = origins.map { upvalues.map($0) } ?? Array(upvalues.indices)
        if isOutermost { found = Array(repeating: [], count: upvalues.count) }
        var scan = CodeScan(code, constants, own)
        scan.run()
        for (origin, name) in scan.found { found[origin].insert(Array(name)) }
        for number in 0..<readSize() {
            let registers = scan.registersAtClosure[number] ?? [:]
            readPrototype(isOutermost: false) { source in
                source.isRegister
                    ? registers[source.index] : own.indices.contains(source.index) ? own[source.index] : nil
            }
        }
        skipDebugInformation()
    }

    private mutating func readCode() -> UnsafeRawBufferPointer { reader.readBytes(readSize() * 4) }

    private mutating func readConstants() -> [UnsafeRawBufferPointer?] {
        (0..<readSize()).map { _ in
            switch reader.readByte() {
            case 0x13, 0x03: _ = reader.readBytes(8)  // float, integer
            case 0x04, 0x14: return readString() ?? UnsafeRawBufferPointer(start: nil, count: 0)
            default: break  // nil, false, true
            }
            return nil
        }
    }

    private mutating func readUpvalues() -> [UpvalueSource] {
        (0..<readSize()).map { _ in
            let part = reader.readBytes(3)
            return UpvalueSource(isRegister: part[0] != 0, index: Int(part[1]))
        }
    }

    private mutating func skipDebugInformation() {
        _ = reader.readBytes(readSize())
        for _ in 0..<readSize() {
            _ = readSize()
            _ = readSize()
        }
        for _ in 0..<readSize() {
            _ = readString()
            _ = readSize()
            _ = readSize()
        }
        for _ in 0..<readSize() { _ = readString() }
    }
}
