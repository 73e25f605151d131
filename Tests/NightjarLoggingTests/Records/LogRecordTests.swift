import NightjarLogging
import Testing

@Suite struct LogRecordTests {
    @Test func filenameAndModuleFollowFromThePathUntilSet() {
        var record = goldenRecord()
        #expect(record.filename == "über.tar.gz")
        #expect(record.module == "über.tar")
        record.pathname = ".hidden"
        #expect(record.module == ".hidden")
        record.filename = "other.lua"
        #expect(record.filename == "other.lua")
        #expect(record.module == "other")
    }

    @Test func copiesDoNotShareChanges() {
        var record = goldenRecord()
        record.excText = "one"
        var copy = record
        copy.excText = "two"
        copy.fields["order"] = nil
        #expect(record.excText == "one")
        #expect(record.fields["order"] == 7)
        #expect(copy.fields["order"] == nil)
    }

    @Test func timesSplitIntoSecondsAndMilliseconds() {
        var record = goldenRecord()
        #expect(record.created == 1704164645.678)
        #expect(record.msecs == 678)
        record.created = -0.25
        #expect(record.createdNanoseconds == -250_000_000)
        #expect(record.msecs == 750)
    }

    @Test func attributesWinOverFieldsAndMissingOnesAreNil() {
        var record = goldenRecord()
        record.fields["name"] = "field"
        #expect(record.value(of: RecordAttribute("name")) == "a.b")
        #expect(record.value(of: RecordAttribute("taskName")) == .null)
        #expect(record.value(of: RecordAttribute("nope")) == nil)
        #expect(RecordAttribute.isReserved("lineno"))
        #expect(!RecordAttribute.isReserved("order"))
    }
}
