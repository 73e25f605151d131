internal import Glibc

/// A local date and time as the format keeps it: two seconds exact, 1980 to 2107. Ordered from the year down.
public struct ZipDateTime: Sendable, Hashable, Comparable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int

    /// A date and time; nothing is checked before it is written.
    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The first moment that the format can express.
    public static let earliest = ZipDateTime(year: 1980, month: 1, day: 1)
    /// The last moment that Python writes.
    public static let latest = ZipDateTime(year: 2107, month: 12, day: 31, hour: 23, minute: 59, second: 59)

    /// Now, or the moment in `SOURCE_DATE_EPOCH` if the environment has it, as Python 3.14 does.
    public static func now() -> ZipDateTime {
        if let text = getenv("SOURCE_DATE_EPOCH"), let epoch = Int(String(cString: text)) {
            return ZipDateTime(secondsSince1970: epoch)
        }
        return ZipDateTime(secondsSince1970: time(nil))
    }

    /// The local time of a moment.
    public init(secondsSince1970: Int) {
        var moment: time_t = secondsSince1970
        var parts = tm()
        localtime_r(&moment, &parts)
        self.init(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
    }

    /// Orders by time.
    public static func < (left: ZipDateTime, right: ZipDateTime) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }

    private var parts: [Int] { [year, month, day, hour, minute, second] }
}

// The format's own fields: APPNOTE.TXT 4.4.6.
extension ZipDateTime {
    init(dosDate: UInt16, dosTime: UInt16) {
        self.init(
            year: Int(dosDate >> 9) + 1980, month: Int(dosDate >> 5 & 0xF), day: Int(dosDate & 0x1F),
            hour: Int(dosTime >> 11), minute: Int(dosTime >> 5 & 0x3F), second: Int(dosTime & 0x1F) * 2)
    }

    /// Throws for what the fields cannot hold.
    func dosFields() throws(ZipError) -> (date: UInt16, time: UInt16) {
        guard year >= 1980 else { throw .value("ZIP does not support timestamps before 1980") }
        guard year <= 2107 else { throw .value("ZIP does not support timestamps after 2107") }
        guard (0...15).contains(month), (0...31).contains(day), (0...31).contains(hour), (0...63).contains(minute),
            (0...63).contains(second)
        else { throw .value("not a date and time: \(year)-\(month)-\(day) \(hour):\(minute):\(second)") }
        return (
            UInt16((year - 1980) << 9 | month << 5 | day), UInt16(hour << 11 | minute << 5 | second / 2)
        )
    }
}
