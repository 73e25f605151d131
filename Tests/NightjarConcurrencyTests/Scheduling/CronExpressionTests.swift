import NightjarConcurrency
import Testing

@Suite struct CronExpressionTests {
    /// 13 September 2020, 12:26:40 UTC, a Sunday.
    private let start = 1_600_000_000

    private func next(_ text: String, after instant: Int? = nil) throws -> Int? {
        try CronExpression(text).next(after: instant ?? start, in: UTCZone())
    }

    @Test(arguments: [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@Daily", "0 0 * * *"),
    ])
    func wordsStandForTheirExpressions(_ word: String, _ expression: String) throws {
        for instant in [start, start + 1_000_000, start + 100_000_000] {
            #expect(try next(word, after: instant) == next(expression, after: instant))
        }
    }

    @Test(arguments: [
        ("0 0 * * 7", "0 0 * * 0"), ("0 0 * * sun", "0 0 * * 0"), ("0 0 * * Fri-Sun", "0 0 * * 5,6,0"),
        ("0 0 * * 5-7", "0 0 * * 5,6,0"), ("0 0 1 jan,DEC *", "0 0 1 1,12 *"), ("5/20 * * * *", "5,25,45 * * * *"),
        ("  */30\t*   * * *  ", "0,30 * * * *"), ("0 0 * * */2", "0 0 * * 0,2,4,6"), ("*/60 * * * *", "0 * * * *"),
        ("00 05 01 01 *", "0 5 1 1 *"), ("1-5/2,7 * * * *", "1,3,5,7 * * * *"), ("0 0 * * 0-7", "0 0 * * *"),
    ])
    func differentNotationsMeanTheSame(_ one: String, _ other: String) throws {
        var instant = start
        for _ in 0..<10 {
            let found = try #require(try next(one, after: instant))
            #expect(try next(other, after: instant) == found)
            instant = found
        }
    }

    @Test func theNextRunIsLaterThanTheInstantItself() throws {
        let noon = start - 1_600
        #expect(try next("0 12 * * *", after: noon) == noon + 86_400)
        #expect(try next("0 12 * * *", after: noon - 1) == noon)
    }

    @Test(arguments: [
        ("61 * * * *", "minute: '61' is out of range (allowed: 0-59)"),
        ("* 24 * * *", "hour: '24' is out of range (allowed: 0-23)"),
        ("* * 0 * *", "day of month: '0' is out of range (allowed: 1-31)"),
        ("* * * 13 *", "month: '13' is out of range (allowed: 1-12 or JAN-DEC)"),
        ("* * * FOO *", "month: 'FOO' is neither a number nor a name that is known (allowed: 1-12 or JAN-DEC)"),
        ("* * * * 8", "day of week: '8' is out of range (allowed: 0-7 or SUN-SAT)"),
        ("* * * * MON-FOO", "day of week: 'MON-FOO' is neither"),
        ("* * * * JAN", "day of week: 'JAN' is neither"),
        ("*/0 * * * *", "minute: '0' is no step (1-60)"),
        ("*/61 * * * *", "minute: '61' is no step (1-60)"),
        ("*/x * * * *", "minute: 'x' is no step"),
        ("1- * * * *", "minute: '1-' is neither"),
        ("-1 * * * *", "minute: '-1' is neither"),
        ("+1 * * * *", "minute: '+1' is neither"),
        ("1.5 * * * *", "minute: '1.5' is neither"),
        ("1,,2 * * * *", "minute: '1,,2' lacks a value"),
        (", * * * *", "minute: ',' lacks a value"),
        ("5-1 * * * *", "minute: '5-1' runs backwards"),
        ("* * * * 5-0", "day of week: '5-0' runs backwards"),
        ("99999999999999999999 * * * *", "minute: '99999999999999999999' is out of range"),
        ("* * L * *", "day of month: 'L' is neither"),
        ("* * * * 5#2", "day of week: '5#2' is neither"),
        ("٣ * * * *", "minute: '٣' is neither"),
        ("* * * *", "5 fields expected"), ("* * * * * *", "5 fields expected"), ("", "got 0"), ("@daily *", "got 2"),
        ("@reboot", "'@reboot' is not one of @hourly"), ("@", "'@' is not one of"),
        ("0 0 31 2 *", "there is no such date in any year"), ("0 0 30 2 *", "there is no such date"),
        ("0 0 31 4,6,9,11 *", "there is no such date"), ("0 0 31 2 */2", "there is no such date"),
    ])
    func aBadExpressionNamesTheFieldTheValueAndWhatIsAllowed(_ text: String, _ problem: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.description.hasPrefix("bad cron expression '\(text)': ") == true)
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func aDayOfTheWeekMakesUpForADateThatDoesNotExist() throws {
        #expect(try next("0 0 31 2 1") != nil)
    }

    @Test func instantsBeyondTheCalendarHaveNoNextRun() throws {
        #expect(try next("* * * * *", after: .max) == nil)
        #expect(try next("* * * * *", after: .min) == nil)
    }

    @Test func timesBefore1970AreFoundToo() throws {
        #expect(try next("0 0 29 2 *", after: -3_000_000_000) == -2_961_273_600)
        #expect(try next("*/5 * * * *", after: -1) == 0)
        #expect(try next("*/5 * * * *", after: -301) == -300)
    }

    @Test func localTimeIsThatOfTheSystem() throws {
        let found = try #require(try CronExpression("30 4 * * *").next(after: start))
        let offset = LocalZone().offset(at: found)
        #expect((found + offset) % 86_400 == 4 * 3_600 + 1_800 && found > start && found <= start + 90_000)
    }

    @Test func theDescriptionIsTheSource() throws {
        #expect(try CronExpression("@Daily").description == "@Daily")
    }
}
