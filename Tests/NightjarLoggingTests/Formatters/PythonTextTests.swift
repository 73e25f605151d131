import Foundation
import Testing

@testable import NightjarLogging

@Suite struct PythonTextTests {
    @Test func floatsReadAsInPython() throws {
        struct Row: Decodable {
            let bits: UInt64
            let text: String
            init(from decoder: any Decoder) throws {
                var row = try decoder.unkeyedContainer()
                bits = try row.decode(UInt64.self)
                text = try row.decode(String.self)
            }
        }
        for row in try Goldens.load("floats", as: [Row].self) {
            #expect(PythonText.double(Double(bitPattern: row.bits)) == row.text)
        }
    }

    @Test func stringsAreQuotedAsInPython() throws {
        for row in try Goldens.load("reprs", as: [[String]].self) {
            #expect(PythonText.quoted(row[0]) == row[1])
            #expect(PythonText.ascii(.string(row[0])) == row[2])
        }
    }
}
