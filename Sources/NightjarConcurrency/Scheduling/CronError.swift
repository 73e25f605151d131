/// What is wrong with a cron expression.
public struct CronError: Error, Hashable, CustomStringConvertible {
    /// The expression as it was given.
    public let expression: String
    /// The field, the value and what is allowed instead.
    public let problem: String

    public var description: String { "bad cron expression '\(expression)': \(problem)" }
}
