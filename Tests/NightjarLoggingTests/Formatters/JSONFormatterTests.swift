import Foundation
import NightjarLogging
import Testing

@Suite struct JSONFormatterTests {
    private func members(_ text: String) throws -> [String: Any] {
        #expect(!text.utf8.contains(UInt8(ascii: "\n")))
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aRecordIsOneObjectInTheOrderOfItsParts() throws {
        var record = goldenRecord()
        record.fields = ["order": 7, "user": "Ann"]
        record.excText = "Traceback\nValueError: x"
        let text = try JSONFormatter(utc: true).format(record)
        #expect(
            text == #"{"time":"2024-01-02T03:04:05.678000Z","level":"WARNING","logger":"a.b","message":"héllo wörld","#
                + #""order":7,"user":"Ann","exc_info":"Traceback\nValueError: x"}"#)
    }

    @Test func fieldsDoNotHideThePartsOfTheRecord() throws {
        var record = goldenRecord()
        record.fields = ["message": "forged", "level": "DEBUG", "exc_info": "none", "kept": true]
        let members = try members(JSONFormatter().format(record))
        #expect(members["message"] as? String == "héllo wörld")
        #expect(members["level"] as? String == "WARNING")
        #expect(members["exc_info"] == nil)
        #expect(members["fields.message"] as? String == "forged")
        #expect(members["kept"] as? Bool == true)
    }

    @Test func everyCharacterSurvivesAndNoneBreaksTheLine() throws {
        var scalars = String.UnicodeScalarView()
        for code in UInt32(0)..<0x3000 { if let scalar = Unicode.Scalar(code) { scalars.append(scalar) } }
        scalars.append(contentsOf: "😀\u{2028}\u{2029}".unicodeScalars)
        var record = goldenRecord()
        record.message = String(scalars)
        let text = try JSONFormatter().format(record)
        #expect(try members(text)["message"] as? String == record.message)
        #expect(!text.unicodeScalars.contains { $0.value < 32 || (0x7F...0x9F).contains($0.value) || $0 == "\u{2028}" })
    }

    @Test func valuesKeepTheirKinds() throws {
        var record = goldenRecord()
        record.fields = [
            "nothing": nil, "yes": true, "whole": -5, "real": 0.1, "huge": 1e300, "list": [1, "two", nil],
            "deep": ["a": ["b": [:]]], "infinite": .double(.infinity), "nan": .double(.nan),
        ]
        let members = try members(JSONFormatter().format(record))
        #expect(members["nothing"] is NSNull && members["infinite"] is NSNull && members["nan"] is NSNull)
        #expect(members["yes"] as? Bool == true && members["whole"] as? Int == -5)
        #expect(members["real"] as? Double == 0.1 && members["huge"] as? Double == 1e300)
        #expect((members["list"] as? [Any])?.count == 3)
        #expect(((members["deep"] as? [String: Any])?["a"] as? [String: Any])?["b"] is [String: Any])
    }

    @Test func keysChooseOrderAndRename() throws {
        var record = goldenRecord()
        record.fields = ["order": 7, "user": "Ann", "text": "z"]
        func format(_ keys: ConfigurationValue) throws -> String {
            try JSONFormatter(keys: RecordKeys(keys), utc: true).format(record)
        }
        #expect(
            try format(["message", ["level", "severity"], "lineno"])
                == #"{"message":"héllo wörld","severity":"WARNING","lineno":42}"#)
        #expect(try format(["user", "fields"]) == #"{"user":"Ann","order":7,"text":"z"}"#)
        #expect(try format([["user", "who"], "fields"]) == #"{"who":"Ann","order":7,"text":"z"}"#)
        #expect(try format(["nowhere", "exc_info"]) == "{}")
        #expect(
            try format(["message": "msg", "time": "@timestamp", "order": "id"]).hasPrefix(
                #"{"@timestamp":"2024-01-02T03:04:05.678000Z","level":"WARNING","logger":"a.b","msg":"héllo wörld","id":7,"#
            ))
        #expect(throws: LoggingError.self) { try RecordKeys("message") }
        #expect(throws: LoggingError.self) { try RecordKeys([1]) }
    }

    @Test func localTimeHasItsOffsetAsRFC3339Writes() throws {
        let text = try JSONFormatter(keys: RecordKeys(["time"])).format(goldenRecord())
        #expect(
            text.wholeMatch(of: /\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d"\}/) != nil, "\(text)")
    }
}
