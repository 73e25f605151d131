import NightjarLogging
import Testing

@Suite struct LogfmtFormatterTests {
    private func text(_ fields: LogFields, _ change: (inout LogRecord) -> Void = { _ in }) throws -> String {
        var record = goldenRecord()
        record.message = "took 5 ms"
        record.fields = fields
        change(&record)
        return try LogfmtFormatter(utc: true).format(record)
    }

    private let start = #"time=2024-01-02T03:04:05.678000Z level=warning logger=a.b msg="took 5 ms""#

    @Test func aRecordIsALineOfPairs() throws {
        #expect(try text(["order": 7, "user": "Ann"]) == start + " order=7 user=Ann")
        #expect(try text([:]) { $0.excText = "E\nx" } == start + #" exc_info="E\nx""#)
    }

    @Test func valuesAreQuotedWhereTheyMustBe() throws {
        let fields: LogFields = [
            "empty": "", "space": "a b", "quote": "say \"x\"", "equal": "a=b", "line": "a\nb=c", "umlaut": "ü",
            "none": nil,
            "yes": true, "real": 0.5, "list": [1, "a b"], "deep": ["a": 1], "back": "a\\b",
        ]
        #expect(
            try text(fields) == start
                + #" empty="" space="a b" quote="say \"x\"" equal="a=b" line="a\nb=c" umlaut="ü" none=null yes=true real=0.5"#
                + #" list="[1,\"a b\"]" deep="{\"a\":1}" back="a\\b""#)
    }

    @Test func namesCannotForgePairs() throws {
        #expect(try text(["a b=c\n\"d": 1, "  ": 2]) == start + " abcd=1 _=2")
    }

    @Test func keysChooseOrderAndRename() throws {
        let formatter = LogfmtFormatter(keys: try RecordKeys([["level", "severity"], "message"]))
        #expect(try formatter.format(goldenRecord()) == #"severity=WARNING message="héllo wörld""#)
    }
}
