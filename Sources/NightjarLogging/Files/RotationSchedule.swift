internal import Glibc

/// When a file is rotated by the clock: Python's `when`, `interval`, `utc` and `atTime`.
///
/// Pure arithmetic on seconds since 1970. Days are counted on the calendar, so that midnight stays midnight when the clocks change.
/// Source: <https://docs.python.org/3.14/library/logging.handlers.html#timedrotatingfilehandler>
public struct RotationSchedule: Sendable, Hashable {
    enum Unit: Sendable, Hashable {
        case seconds, minutes, hours, days
        case midnight
        /// 0 is Monday.
        case weekday(Int)
    }

    /// A time of day.
    public struct TimeOfDay: Sendable, Hashable {
        public var hour: Int
        public var minute: Int
        public var second: Int

        public init(hour: Int, minute: Int = 0, second: Int = 0) {
            self.hour = hour
            self.minute = minute
            self.second = second
        }

        var seconds: Int { (hour * 60 + minute) * 60 + second }
    }

    /// `S`, `M`, `H`, `D`, `MIDNIGHT` or `W0` to `W6`.
    public let when: String
    /// Seconds between rotations, as far as they are equally long.
    public var interval: Int { didSet { count = max(interval / unitSeconds, 1) } }
    public let utc: Bool
    public let atTime: TimeOfDay?
    let unit: Unit
    private var count: Int

    private static let day = 86_400

    /// - Throws: `LoggingError` of kind `.value`, with Python's text.
    public init(
        when: String = "h", interval: Int = 1, utc: Bool = false, atTime: TimeOfDay? = nil
    ) throws(LoggingError) {
        self.when = when.uppercased()
        unit = try Self.unit(self.when)
        guard interval > 0 else { throw LoggingError(.value, "interval must be positive: \(interval)") }
        if let atTime, !(0..<24 ~= atTime.hour && 0..<60 ~= atTime.minute && 0..<60 ~= atTime.second) {
            throw LoggingError(.value, "atTime is no time of day: \(atTime.hour):\(atTime.minute):\(atTime.second)")
        }
        count = interval
        self.utc = utc
        self.atTime = atTime
        self.interval = interval
        self.interval = unitSeconds * interval
    }

    private var unitSeconds: Int {
        switch unit {
        case .seconds: 1
        case .minutes: 60
        case .hours: 3_600
        case .days, .midnight: Self.day
        case .weekday: 7 * Self.day
        }
    }

    /// 0 is Monday; nil where it is not rotated weekly.
    public var dayOfWeek: Int? { if case .weekday(let day) = unit { day } else { nil } }

    private static func unit(_ when: String) throws(LoggingError) -> Unit {
        switch when {
        case "S": return .seconds
        case "M": return .minutes
        case "H": return .hours
        case "D": return .days
        case "MIDNIGHT": return .midnight
        default: break
        }
        guard when.hasPrefix("W") else {
            throw LoggingError(.value, "Invalid rollover interval specified: \(when)")
        }
        guard when.utf8.count == 2 else {
            throw LoggingError(
                .value, "You must specify a day for weekly rollover from 0 to 6 (0 is Monday): \(when)")
        }
        guard let day = Int(when.dropFirst()), 0...6 ~= day else {
            throw LoggingError(.value, "Invalid day specified for weekly rollover: \(when)")
        }
        return .weekday(day)
    }

    /// The time of the first rotation after `time`.
    public func rollover(after time: Int) -> Int {
        let weekday: Int?
        switch unit {
        case .seconds, .minutes, .hours, .days: return time + interval
        case .midnight: weekday = nil
        case .weekday(let day): weekday = day
        }
        let now = CalendarTime(time, utc: utc)
        let target = atTime?.seconds ?? Self.day
        var days = target <= now.secondOfDay ? 1 : 0
        if let weekday {
            days += (weekday - (now.weekday + days) + 14) % 7 + (count - 1) * 7
        } else {
            days += count - 1
        }
        return now.time(daysLater: days, secondOfDay: target)
    }

    /// When the interval began that ends with a rotation at `rollover`; rotated files are named for it.
    public func start(before rollover: Int) -> Int {
        switch unit {
        case .seconds, .minutes, .hours, .days: return rollover - interval
        case .midnight, .weekday:
            let end = CalendarTime(rollover, utc: utc)
            return end.time(daysLater: -interval / Self.day, secondOfDay: end.secondOfDay)
        }
    }

    /// What follows the name of a rotated file, as a format of `strftime`.
    public var suffixFormat: String {
        switch unit {
        case .seconds: "%Y-%m-%d_%H-%M-%S"
        case .minutes: "%Y-%m-%d_%H-%M"
        case .hours: "%Y-%m-%d_%H"
        case .days, .midnight, .weekday: "%Y-%m-%d"
        }
    }

    /// The suffix for a time.
    func suffix(for time: Int, format: String) -> String { CalendarTime(time, utc: utc).text(format) }
}

/// A time on the calendar, local or Greenwich.
struct CalendarTime {
    private let parts: tm
    private let utc: Bool

    init(_ time: Int, utc: Bool) {
        var seconds = time_t(time)
        var parts = tm()
        if utc { gmtime_r(&seconds, &parts) } else { localtime_r(&seconds, &parts) }
        self.parts = parts
        self.utc = utc
    }

    var secondOfDay: Int { (Int(parts.tm_hour) * 60 + Int(parts.tm_min)) * 60 + Int(parts.tm_sec) }
    /// 0 is Monday.
    var weekday: Int { (Int(parts.tm_wday) + 6) % 7 }

    /// The time at `secondOfDay`, some days later on the calendar.
    func time(daysLater days: Int, secondOfDay: Int) -> Int {
        var changed = parts
        changed.tm_mday += Int32(clamping: days)
        changed.tm_hour = Int32(clamping: secondOfDay / 3_600)
        changed.tm_min = Int32(clamping: secondOfDay / 60 % 60)
        changed.tm_sec = Int32(clamping: secondOfDay % 60)
        // The calendar knows whether the clocks have changed by then.
        changed.tm_isdst = -1
        return utc ? timegm(&changed) : mktime(&changed)
    }

    func text(_ format: String) -> String {
        var parts = parts
        var bytes = [CChar](repeating: 0, count: 256)
        let count = strftime(&bytes, bytes.count, format, &parts)
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
