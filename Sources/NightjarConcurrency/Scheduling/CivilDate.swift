/// A day of the Gregorian calendar, which it carries on before its introduction, too.
struct CivilDate: Equatable {
    var year: Int
    /// 1 to 12
    var month: Int
    /// 1 to 31
    var day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    private static let daysInEra = 146_097, yearsInEra = 400

    /// Days since 1 January 1970. The year is taken to begin in March, so that a leap day is its last.
    var dayNumber: Int {
        let shifted = month > 2 ? year : year - 1
        let era = Self.floorDivide(shifted, Self.yearsInEra)
        let yearOfEra = shifted - era * Self.yearsInEra
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInEra + dayOfEra - 719_468
    }

    init(dayNumber: Int) {
        let shifted = dayNumber + 719_468
        let era = Self.floorDivide(shifted, Self.daysInEra)
        let dayOfEra = shifted - era * Self.daysInEra
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * Self.yearsInEra + (month <= 2 ? 1 : 0)
    }

    /// 0 is Sunday.
    static func weekday(ofDayNumber number: Int) -> Int {
        // 1 January 1970 was a Thursday.
        let remainder = (number + 4) % 7
        return remainder < 0 ? remainder + 7 : remainder
    }

    static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
        let quotient = dividend / divisor
        return dividend % divisor < 0 ? quotient - 1 : quotient
    }
}
