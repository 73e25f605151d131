/// When something is to run, in the notation of cron: `*/5 9-17 * * MON-FRI`.
///
/// Five fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC), day of week (0-7 or
/// SUN-SAT; 0 and 7 are Sunday). In each a value, a range (`9-17`), a list (`1,15`), `*`, and steps (`*/5`, `9-17/2`,
/// `5/15`). Where day of month and day of week are both restricted, a day that fits either fits; a field that begins
/// with `*` is not restricted. `@hourly`, `@daily` (`@midnight`), `@weekly`, `@monthly` and `@yearly` (`@annually`) stand
/// for the usual expressions. Source: crontab(5).
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// As it was given.
    public let source: String
    private let minutes, hours, daysOfMonth, months, daysOfWeek: CronSet
    /// A day has to fit both day fields, since one of them is not restricted.
    private let needsBothDays: Bool
    /// Neither minute nor hour is `*`: it means times of the day, not a rhythm. The difference shows when clocks are changed.
    let isFixedTime: Bool

    public var description: String { source }

    /// - Throws: ``CronError`` for what is no expression, and for dates that never come (`0 0 31 2 *`).
    public init(_ text: String) throws(CronError) {
        let parser = CronParser(text), fields = try parser.parse()
        source = text
        minutes = fields[0].values
        hours = fields[1].values
        daysOfMonth = fields[2].values
        months = fields[3].values
        daysOfWeek = fields[4].values
        needsBothDays = fields[2].isWildcard || fields[4].isWildcard
        isFixedTime = !fields[0].isWildcard && !fields[1].isWildcard
        if firstDay(from: 0) == nil { throw parser.error("there is no such date in any year") }
    }

    // MARK: The calendar, without time zones

    private static let minutesInDay = 24 * 60
    /// After so many days dates and days of the week come again in the same order.
    private static let daysInCycle = 146_097

    /// The first day number that fits, from `first` on.
    private func firstDay(from first: Int) -> Int? {
        var number = first
        let end = first + Self.daysInCycle
        while number <= end {
            var date = CivilDate(dayNumber: number)
            guard months.contains(date.month) else {
                date = CivilDate(year: date.year, month: date.month, day: 1)
                date.month = months.first(from: date.month + 1) ?? 13
                if date.month > 12 { date = CivilDate(year: date.year + 1, month: months.first(from: 1) ?? 1, day: 1) }
                number = date.dayNumber
                continue
            }
            if fits(day: date.day, weekday: CivilDate.weekday(ofDayNumber: number)) { return number }
            number += 1
        }
        return nil
    }

    private func fits(day: Int, weekday: Int) -> Bool {
        let fitsMonth = daysOfMonth.contains(day), fitsWeek = daysOfWeek.contains(weekday)
        return needsBothDays ? fitsMonth && fitsWeek : fitsMonth || fitsWeek
    }

    /// The first minute of the day that fits, from `first` on.
    private func firstMinute(from first: Int) -> Int? {
        guard first < Self.minutesInDay, var hour = hours.first(from: first / 60) else { return nil }
        var minute = hour > first / 60 ? minutes.first(from: 0) : minutes.first(from: first % 60)
        if minute == nil {
            guard let next = hours.first(from: hour + 1) else { return nil }
            hour = next
            minute = minutes.first(from: 0)
        }
        return minute.map { hour * 60 + $0 }
    }

    /// The first fitting minute at or after a time of the local clock.
    /// - Parameter wall: seconds from 1 January 1970, 0:00, on the local clock, as if it had always gone evenly.
    func firstWall(from wall: Int) -> Int? {
        let minute = CivilDate.floorDivide(wall + 59, 60)
        let day = CivilDate.floorDivide(minute, Self.minutesInDay)
        guard let match = firstDay(from: day) else { return nil }
        if match == day, let time = firstMinute(from: minute - day * Self.minutesInDay) {
            return (day * Self.minutesInDay + time) * 60
        }
        guard let later = match > day ? match : firstDay(from: day + 1), let time = firstMinute(from: 0) else {
            return nil
        }
        return (later * Self.minutesInDay + time) * 60
    }
}
