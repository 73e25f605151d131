internal import Glibc

/// How far the next run is put off after failures in a row: `initial`, then `factor` times as far with each further one.
///
/// Runs stay on their schedule: the first one that is not too early is taken.
public struct Backoff: Sendable, Hashable {
    /// Seconds after the first failure; nil is `factor` times the time between two runs, or a second for a task that runs once.
    public var initial: Double?
    /// At least 1.
    public var factor: Double
    /// Seconds; nil is an hour, or the time between two runs if that is longer.
    public var longest: Double?

    public init(initial: Double? = nil, factor: Double = 2, longest: Double? = nil) {
        self.initial = initial
        self.factor = factor
        self.longest = longest
    }

    /// Seconds from the time of the last run to the earliest next one.
    /// - Parameters:
    ///   - failures: in a row, at least 1.
    ///   - gap: seconds between runs; nil where there is only one.
    func delay(after failures: Int, gap: Double?) -> Double {
        let first = initial ?? gap.map { $0 * factor } ?? 1
        return min(first * pow(factor, Double(failures - 1)), longest ?? max(gap ?? 0, 3_600))
    }
}
