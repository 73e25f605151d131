import NightjarBinary
import Testing

@Suite struct StructFormatTests {
    @Test func fieldsDescribeRunsWithTheirOffsets() throws {
        let format = try StructFormat("b2i3sx?")
        #expect(format.fields.map(\.offset) == [0, 4, 12, 16])
        #expect(format.fields.map(\.count) == [1, 2, 1, 1])
        #expect(format.fields.map(\.size) == [1, 4, 3, 1])
        #expect(format.itemCount == 5)
    }

    @Test func unsignedValuesAboveTheSignedRangeTravelAsTheirBits() throws {
        for code in ["<Q", ">Q", "@Q", "@N", "@L", "@P"] {
            let format = try StructFormat(code)
            let packed = try format.pack([.int(-2)])
            #expect(packed.sorted() == [0xFE] + [UInt8](repeating: 0xFF, count: 7))
            #expect(try format.unpack(packed) == [.int(-2)])
        }
    }

    @Test func exactFloatsAreTakenForIntegersAndOthersRefused() throws {
        let format = try StructFormat("<h")
        #expect(try format.pack([.double(3)]) == [3, 0])
        #expect(throws: StructError("required argument is not an integer")) { try format.pack([.double(3.5)]) }
        #expect(throws: StructError("argument out of range")) { try format.pack([.double(1e30)]) }
        #expect(throws: StructError("required argument is not an integer")) { try format.pack([.double(.nan)]) }
    }

    @Test func halfNaNsKeepTheirSign() throws {
        let format = try StructFormat(">e")
        #expect(try format.pack([.double(.nan)]) == [0x7E, 0])
        #expect(try format.pack([.double(-.nan)]) == [0xFE, 0])
        guard case .double(let value) = try format.unpack([0xFE, 0])[0] else { return #expect(Bool(false)) }
        #expect(value.isNaN && value.sign == .minus)
    }

    @Test func aZeroLengthPascalStringIsEmpty() throws {
        let format = try StructFormat("0p")
        #expect(try format.pack([.bytes([1])]) == [])
        #expect(try format.unpack([]) == [.bytes([])])
    }

    @Test func aRecordThatCannotBeHadIsAnErrorAndNoTrap() throws {
        let format = try StructFormat("9223372036854775807s")
        #expect(throws: StructError("record of 9223372036854775807 bytes is too large", kind: .memory)) {
            try format.pack([.bytes([])])
        }
        #expect(throws: StructError("unpack requires a buffer of 9223372036854775807 bytes")) { try format.unpack([]) }
    }

    @Test func aNullInTheFormatIsRefused() {
        #expect(throws: StructError("embedded null character")) { try StructFormat("h\0") }
        #expect(throws: StructError("bad char in struct format")) { try StructFormat("h\u{e9}") }
    }
}
