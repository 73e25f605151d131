internal import Glibc

/// One instant on both clocks of the system.
public struct Moment: Sendable {
    /// The clock that nobody sets.
    public let monotonic: Deadline
    /// Seconds since 1 January 1970, UTC, as people have set the clock.
    public let wall: Double

    public init(monotonic: Deadline, wall: Double) {
        self.monotonic = monotonic
        self.wall = wall
    }

    public static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(monotonic: .now, wall: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}
