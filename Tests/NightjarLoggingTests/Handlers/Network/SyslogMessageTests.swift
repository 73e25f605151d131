@testable import NightjarLogging
import Testing

@Suite struct SyslogMessageTests {
    private func message(_ format: SyslogFormat, _ record: LogRecord, _ text: String, ident: String = "") -> String {
        let message = SyslogMessage(format: format, program: "app", host: "box", structureName: "fields@32473")
        return String(
            decoding: message.bytes(priority: 14, record, ident: ident, text: Array(text.utf8)), as: UTF8.self)
    }

    private var record: LogRecord {
        LogRecord(
            name: "a.b", level: .info, message: "m", createdNanoseconds: 1_704_164_645_678_901_000, process: 77)
    }

    @Test(arguments: SyslogFormat.allCases) func noMessageHasALineEndOrAControlCharacter(_ format: SyslogFormat) {
        var record = record
        record.fields = ["a\nb": "c\nd\u{1B}"]
        let text = message(format, record, "x\r\n<0>y\u{0}\u{2028}z")
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(text.hasSuffix("x\\r\\n<0>y\\u0000\\u2028z"))
    }

    @Test func structuredDataIsEscapedAsTheRFCWantsIt() {
        var record = record
        record.fields = ["n": 7, "q": "\"]\\", "f": 0.5, "yes": true, "": "x", "a=b ]\"": "y", "none": nil]
        let text = message(.rfc5424, record, "m")
        #expect(
            text.contains(
                #"box app 77 a.b [fields@32473 n="7" q="\"\]\\" f="0.5" yes="true" -="x" a_b___="y" none="nil"] m"#))
    }

    @Test func headersAreOfTheirRFCs() {
        let new = message(.rfc5424, record, "m")
        #expect(
            new.wholeMatch(of: /<14>1 2024-01-0\dT\d\d:\d\d:05\.678901(Z|[+-]\d\d:\d\d) box app 77 a\.b - m/) != nil,
            "\(new)")
        let old = message(.rfc3164, record, "m")
        #expect(old.wholeMatch(of: /<14>Jan  \d \d\d:\d\d:05 box app\[77\]: m/) != nil, "\(old)")
        #expect(message(.python, record, "m", ident: "id: ") == "<14>id: m")
    }
}
