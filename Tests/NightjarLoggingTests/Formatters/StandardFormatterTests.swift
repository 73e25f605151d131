import Foundation
import NightjarLogging
import Testing

@Suite struct StandardFormatterTests {
    @Test(arguments: [("formats", "%"), ("braces", "{"), ("dollars", "$")])
    func formatsReadAsInPython(_ golden: String, _ styleName: String) throws {
        let style = try NightjarLogging.FormatStyle.named(styleName)
        for golden in try Goldens.load(golden, as: [[String]].self) {
            let (format, kind, expected) = (golden[0], golden[1], golden[2])
            do {
                let text = try StandardFormatter(format, time: TimeFormat(utc: true), style: style)
                    .format(goldenRecord())
                #expect(kind == "ok" && text == expected, "\(format): \(text) for \(expected)")
            } catch let error as LoggingError {
                #expect(kind == "error" && error.message == expected, "\(format): \(error) for \(expected)")
            }
        }
    }

    @Test func datesReadAsInPython() throws {
        struct Row: Decodable {
            let created: Double
            let format: String?
            let text: String
            init(from decoder: any Decoder) throws {
                var row = try decoder.unkeyedContainer()
                created = try row.decode(Double.self)
                format = try row.decode(String?.self)
                text = try row.decode(String.self)
            }
        }
        for row in try Goldens.load("dates", as: [Row].self) where row.format != "%s" {
            var record = goldenRecord()
            record.createdNanoseconds = Int64((row.created * 1000).rounded()) * 1_000_000
            let time = TimeFormat(dateFormat: row.format, utc: true)
            #expect(try StandardFormatter("%(asctime)s", time: time).format(record) == row.text)
        }
    }

    @Test func oneFormatterShowsEachSecondAnew() throws {
        let formatter = try StandardFormatter("%(asctime)s", time: TimeFormat(utc: true))
        var record = goldenRecord()
        #expect(try formatter.format(record) == "2024-01-02 03:04:05,678")
        record.createdNanoseconds += 1_000_000_000
        #expect(try formatter.format(record) == "2024-01-02 03:04:06,678")
        record.createdNanoseconds = -1
        #expect(try formatter.format(record) == "1969-12-31 23:59:59,999")
    }

    @Test func formattersOnOneThreadDoNotMixTheirTimes() throws {
        let formatters = try (0..<9).map {
            try StandardFormatter("%(asctime)s", time: TimeFormat(dateFormat: "\($0) %S", utc: true))
        }
        for _ in 0..<2 {
            for (index, formatter) in formatters.enumerated() {
                #expect(try formatter.format(goldenRecord()) == "\(index) 05")
            }
        }
    }

    @Test func millisecondsJoinAsConfigured() throws {
        var time = TimeFormat(utc: true)
        time.defaultTimeFormat = "%H:%M:%S"
        time.defaultMsecFormat = "[%s.%05d]%%"
        #expect(try StandardFormatter("%(asctime)s", time: time).format(goldenRecord()) == "[03:04:05.00678]%")
        time.defaultMsecFormat = nil
        #expect(try StandardFormatter("%(asctime)s", time: time).format(goldenRecord()) == "03:04:05")
        time.defaultMsecFormat = "%d"
        #expect(throws: LoggingError.self) { try StandardFormatter("%(asctime)s", time: time) }
    }

    @Test func defaultsStandInForMissingFieldsOnly() throws {
        let formatter = try StandardFormatter("%(order)s %(user)s", defaults: ["order": 1, "user": "none"])
        #expect(try formatter.format(goldenRecord()) == "7 none")
    }

    @Test func fieldsNamedLikeAttributesDoNotHideThem() throws {
        var record = goldenRecord()
        record.fields = ["name": "field"]
        #expect(try StandardFormatter("%(name)s").format(record) == "a.b")
    }

    @Test func errorAndStackFollowOnLinesOfTheirOwn() throws {
        let handler = InMemoryHandler()
        for (message, exc, stack) in [
            ("héllo wörld", "E1\nE2", nil), ("héllo wörld", nil, "S1"), ("héllo wörld", "E", "S"),
            ("ends\n", "E", nil), ("", "E", nil),
        ] as [(String, String?, String?)] {
            var record = goldenRecord()
            record.message = message
            record.excText = exc
            record.stackInfo = stack
            handler.handle(&record, reporter: ErrorReporter())
        }
        handler.formatter = try StandardFormatter("%(message)s")
        #expect(try handler.lines().map { $0 + "\n" }.joined() == Goldens.scenario("extras"))
    }

    @Test func unvalidatedFormatsFailWhenUsed() throws {
        let formatter = try StandardFormatter("%(name)y", validate: false)
        #expect(throws: LoggingError(.value, "unsupported format character 'y' (0x79) at index 7")) {
            try formatter.format(goldenRecord())
        }
        #expect(try StandardFormatter("plain", validate: false).format(goldenRecord()) == "plain")
    }

    @Test func unknownStylesAreRefused() {
        #expect(throws: LoggingError.self) { try FormatStyle.named("?") }
    }

    @Test func usesTimeOnlyIfTheFormatShowsIt() throws {
        #expect(try StandardFormatter("%(asctime)s").usesTime)
        #expect(try !StandardFormatter("%(message)s").usesTime)
    }

    @Test func singleLinesHaveNoControlCharacters() throws {
        var record = goldenRecord()
        record.message = "a\nb\r\u{1B}[31m\u{85}\u{2028}\u{7F}é"
        record.excText = "Traceback\n  line"
        let formatter = try StandardFormatter("%(levelname)s %(message)s", singleLine: true)
        #expect(
            try formatter.format(record)
                == #"WARNING a\nb\r\u001b[31m\u0085\u2028\u007fé\nTraceback\n  line"#)
        record = goldenRecord()
        #expect(try formatter.format(record) == "WARNING héllo wörld")
    }
}
