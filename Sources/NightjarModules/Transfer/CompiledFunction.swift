/// Reads the compiled form of a function, as Lua 5.4 dumps it, to find the globals that its code reads.
///
/// The format is that of `ldump.c`; it is the process' own, written a moment ago by the same library.
struct CompiledFunction {
    private static let opGetUpvalue: UInt32 = 9, opGetTabUp: UInt32 = 11

    private var reader: MessageReader
    private(set) var globals: Set<String> = []

    /// The names of globals that the function, and the functions written inside it, may read. `environment` says which upvalue of
    /// the function (from 0) is the table of globals.
    static func globalsRead(by code: [UInt8], environment: Int) -> Set<String> {
        code.withUnsafeBytes { bytes in
            var function = CompiledFunction(reader: MessageReader(bytes))
            function.skipHeader()
            function.readPrototype(environment: environment)
            return function.globals
        }
    }

    private init(reader: MessageReader) { self.reader = reader }

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

    private mutating func readString() -> String? {
        let size = readSize()
        return size == 0 ? nil : String(decoding: reader.readBytes(size - 1), as: UTF8.self)
    }

    /// Nested prototypes are read with an explicit stack of environments: code can nest deeply.
    private mutating func readPrototype(environment: Int?) {
        _ = readString()
        _ = readSize()
        _ = readSize()
        _ = reader.readBytes(3)
        let code = readCode()
        let constants = readConstants()
        if let environment { note(code, constants, environment) }
        let upvalues = readUpvalues()
        for _ in 0..<readSize() {
            // The inner function's environment is an upvalue that comes from this function's own.
            readNested(environmentOfParent: environment)
        }
        _ = upvalues
        skipDebugInformation()
    }

    private mutating func readNested(environmentOfParent: Int?) {
        // The upvalue descriptions come after the code, so the prototype is read once to find them and once for its code.
        let start = reader
        skipToUpvalues()
        let upvalues = readUpvalues()
        reader = start
        let environment = environmentOfParent.flatMap { parent in
            upvalues.firstIndex { !$0.isInStack && $0.index == parent }
        }
        readPrototype(environment: environment)
    }

    private mutating func skipToUpvalues() {
        _ = readString()
        _ = readSize()
        _ = readSize()
        _ = reader.readBytes(3)
        _ = readCode()
        _ = readConstants()
    }

    private mutating func readCode() -> UnsafeRawBufferPointer { reader.readBytes(readSize() * 4) }

    private mutating func readConstants() -> [String?] {
        (0..<readSize()).map { _ in
            switch reader.readByte() {
            case 0x13, 0x03: _ = reader.readBytes(8)  // float, integer
            case 0x04, 0x14: return readString()
            default: break  // nil, false, true
            }
            return nil
        }
    }

    private mutating func readUpvalues() -> [(isInStack: Bool, index: Int)] {
        (0..<readSize()).map { _ in
            let part = reader.readBytes(3)
            return (part[0] != 0, Int(part[1]))
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

    private mutating func note(_ code: UnsafeRawBufferPointer, _ constants: [String?], _ environment: Int) {
        for offset in stride(from: 0, to: code.count, by: 4) {
            let instruction = code.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            switch instruction & 0x7f {
            case CompiledFunction.opGetTabUp where Int(instruction >> 16 & 0xff) == environment:
                if let name = constants[Int(instruction >> 24)] { globals.insert(name) }
            case CompiledFunction.opGetUpvalue where Int(instruction >> 16 & 0xff) == environment:
                // The table itself is taken: with many constants the name is in another instruction. Any of them may be one.
                globals.formUnion(constants.compactMap { $0 })
            default: break
            }
        }
    }
}
