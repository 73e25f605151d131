import Glibc
import NightjarBinary
import Testing

/// Replays `Tests/Golden/struct.txt`, which `Tests/Golden/record_struct.py` recorded from CPython.
@Suite struct StructGoldenTests {
    @Test func everyRecordedOperationGivesCPythonsResultOrError() throws {
        let lines = try goldenLines("struct.txt")
        #expect(lines.count > 3000)
        for line in lines {
            let expected = line.split(separator: "\t", omittingEmptySubsequences: false).suffix(2).joined(
                separator: "\t")
            #expect(outcome(of: line) == expected, "\(line)")
        }
    }

    private func outcome(of line: String) -> String {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        do {
            let format = try StructFormat(cells[1])
            return "=\t" + (try result(of: cells[0], format, cells))
        } catch let error as StructError {
            return (error.kind == .overflow ? "O\t" : "!\t") + error.message
        } catch {
            return "unexpected \(error)"
        }
    }

    private func result(of operation: String, _ format: StructFormat, _ cells: [String]) throws -> String {
        switch operation {
        case "size": String(format.size)
        case "pack": hex(try format.pack(values(cells[2])))
        case "unpack": text(try format.unpack(bytes(cells[2])))
        case "from": text(try format.unpack(from: bytes(cells[2]), offset: try #require(Int(cells[3]))))
        default: try format.iterUnpack(bytes(cells[2])).map(text).joined(separator: " | ")
        }
    }

    private func values(_ text: String) throws -> [StructValue] {
        try text.split(separator: " ").map { word in
            let content = word.dropFirst(2)
            switch word.first {
            case "i": return .int(try #require(Int64(content)))
            case "d": return .double(Double(bitPattern: try #require(UInt64(content, radix: 16))))
            case "b": return .bool(content == "1")
            default: return .bytes(bytes(String(content)))
            }
        }
    }

    private func text(_ values: [StructValue]) -> String {
        values.map { value in
            switch value {
            case .int(let integer): return "i:\(integer)"
            case .double(let double):
                let digits = String(double.bitPattern, radix: 16)
                return "d:" + String(repeating: "0", count: 16 - digits.count) + digits
            case .bool(let bool): return bool ? "b:1" : "b:0"
            case .bytes(let bytes): return "y:" + hex(bytes)
            }
        }.joined(separator: " ")
    }
}
