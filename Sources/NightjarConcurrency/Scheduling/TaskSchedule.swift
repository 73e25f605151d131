/// When a task runs.
public struct TaskSchedule: Sendable, Hashable, CustomStringConvertible {
    enum Kind: Hashable {
        /// Nanoseconds from the start.
        case once(UInt64)
        /// Nanoseconds from run to run.
        case every(UInt64)
        case cron(CronExpression, isUTC: Bool)
    }
    let kind: Kind
    /// `every 5 s`, `after 0.5 s`, `cron '*/5 * * * *'`
    public let description: String

    /// Once.
    /// - Parameter seconds: from the start of the task; zero is at once.
    public static func after(_ seconds: Double) throws(TaskScheduleError) -> TaskSchedule {
        guard seconds >= 0 else { throw seconds.isNaN ? .notANumber : .negative }
        return TaskSchedule(kind: .once(try nanoseconds(seconds)), description: "after \(text(seconds)) s")
    }

    /// At the start plus one, two, three times `seconds`, whatever the runs take: the rhythm does not drift. What a run that takes
    /// longer misses is left out.
    public static func every(_ seconds: Double) throws(TaskScheduleError) -> TaskSchedule {
        guard seconds > 0 else { throw seconds.isNaN ? .notANumber : .notPositive }
        return TaskSchedule(kind: .every(max(1, try nanoseconds(seconds))), description: "every \(text(seconds)) s")
    }

    /// At the times of a cron expression, by the local clock or by UTC.
    public static func cron(_ expression: CronExpression, utc: Bool = false) -> TaskSchedule {
        TaskSchedule(
            kind: .cron(expression, isUTC: utc), description: "cron '\(expression.source)'" + (utc ? " (UTC)" : ""))
    }

    private static func text(_ seconds: Double) -> String {
        Int(exactly: seconds).map(String.init) ?? "\(seconds)"
    }

    private static func nanoseconds(_ seconds: Double) throws(TaskScheduleError) -> UInt64 {
        guard seconds <= Deadline.timeoutMax else { throw .tooLarge }
        return UInt64((seconds * 1e9).rounded())
    }
}

/// Why a number of seconds is no schedule.
public enum TaskScheduleError: Error, Hashable, CustomStringConvertible {
    case notANumber, negative, notPositive, tooLarge

    public var description: String {
        switch self {
        case .notANumber: "seconds must be a number, not NaN"
        case .negative: "seconds must be non-negative"
        case .notPositive: "seconds must be greater than 0"
        case .tooLarge: "seconds value is too large"
        }
    }
}
