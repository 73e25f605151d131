/// Follows the tables of globals through the instructions of one function, from the first to the last: `name`, `_G.name`,
/// `local g = _G ... g.name`. What a jump brings together it does not see.
struct CodeScan {
    private let code: UnsafeRawBufferPointer
    private let constants: [UnsafeRawBufferPointer?]
    private let origins: CompiledFunction.Origins
    /// Registers that hold an upvalue of the outermost function, or the `_G` in it.
    private var tables: [Int: Int] = [:]
    /// Registers that hold a constant string.
    private var strings: [Int: UnsafeRawBufferPointer] = [:]

    /// Names with the upvalue of the outermost function through which they are read.
    private(set) var found: [(origin: Int, name: UnsafeRawBufferPointer)] = []
    /// ``tables`` where the function with that number, of those written inside this one, is made.
    private(set) var registersAtClosure: [Int: [Int: Int]] = [:]

    init(
        _ code: UnsafeRawBufferPointer, _ constants: [UnsafeRawBufferPointer?], _ origins: CompiledFunction.Origins
    ) {
        self.code = code
        self.constants = constants
        self.origins = origins
    }

    /// The instructions that matter, numbered as in `lopcodes.h` of Lua 5.4.
    private enum Operation {
        static let move = 0, loadConstant = 3, loadConstantExtra = 4, loadNil = 8, getUpvalue = 9
        static let getTableInUpvalue = 11, getTable = 12, getField = 14, selfMethod = 20
        static let call = 68, forLoop = 73, forPrepare = 74, forCall = 76, closure = 79, varargs = 80
        /// Those whose operand A is no destination, besides the ones above.
        static let withoutDestination: Set<Int> = [
            10, 15, 16, 17, 18, 46, 47, 48, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 70, 71, 72, 75, 77, 78,
            81, 82,
        ]
    }

    private struct Instruction {
        let word: UInt32
        var operation: Int { Int(word & 0x7f) }
        var a: Int { Int(word >> 7 & 0xff) }
        var b: Int { Int(word >> 16 & 0xff) }
        var c: Int { Int(word >> 24) }
        var k: Bool { word >> 15 & 1 != 0 }
        var bx: Int { Int(word >> 15) }
        var ax: Int { Int(word >> 7) }
    }

    private func instruction(_ number: Int) -> Instruction {
        Instruction(word: code.loadUnaligned(fromByteOffset: number * 4, as: UInt32.self))
    }

    mutating func run() {
        for number in 0..<code.count / 4 { follow(instruction(number), number) }
    }

    private mutating func follow(_ i: Instruction, _ number: Int) {
        switch i.operation {
        case Operation.move: set(i.a, table: tables[i.b], string: strings[i.b])
        case Operation.loadConstant: set(i.a, string: constant(i.bx))
        case Operation.loadConstantExtra: set(i.a, string: constant(instruction(number + 1).ax))
        case Operation.getUpvalue: set(i.a, table: origin(i.b))
        case Operation.getTableInUpvalue: read(into: i.a, from: origin(i.b), constant(i.c))
        case Operation.getTable: read(into: i.a, from: tables[i.b], strings[i.c])
        case Operation.getField: read(into: i.a, from: tables[i.b], constant(i.c))
        case Operation.selfMethod:
            let object = tables[i.b]
            read(into: i.a, from: object, i.k ? constant(i.c) : strings[i.c])
            set(i.a + 1, table: object)
        case Operation.closure:
            registersAtClosure[i.bx] = tables
            set(i.a)
        case Operation.loadNil: for register in i.a...i.a + i.b { set(register) }
        case Operation.call, Operation.varargs, Operation.forCall: forget(from: i.a)
        case Operation.forLoop, Operation.forPrepare: for register in i.a...i.a + 3 { set(register) }
        default: if !Operation.withoutDestination.contains(i.operation) { set(i.a) }
        }
    }

    private mutating func read(into register: Int, from table: Int?, _ name: UnsafeRawBufferPointer?) {
        guard let table, let name else { return set(register) }
        found.append((table, name))
        set(register, table: name.elementsEqual("_G".utf8) ? table : nil)
    }

    private mutating func set(_ register: Int, table: Int? = nil, string: UnsafeRawBufferPointer? = nil) {
        tables[register] = table
        strings[register] = string
    }

    private mutating func forget(from register: Int) {
        tables = tables.filter { $0.key < register }
        strings = strings.filter { $0.key < register }
    }

    private func constant(_ index: Int) -> UnsafeRawBufferPointer? {
        constants.indices.contains(index) ? constants[index] : nil
    }

    private func origin(_ upvalue: Int) -> Int? { origins.indices.contains(upvalue) ? origins[upvalue] : nil }
}
