internal import Glibc

/// How far the clocks of a place are ahead of UTC, at each instant.
public protocol ZoneOffsets: Sendable {
    /// - Parameter instant: seconds since 1 January 1970, UTC.
    /// - Returns: seconds to add to UTC.
    func offset(at instant: Int) -> Int
}

/// The time zone of the process: `TZ`, or the system's.
public struct LocalZone: ZoneOffsets {
    public init() {}

    public func offset(at instant: Int) -> Int {
        var time = time_t(instant), fields = tm()
        return localtime_r(&time, &fields) == nil ? 0 : fields.tm_gmtoff
    }
}

/// Universal time, which knows no daylight saving.
public struct UTCZone: ZoneOffsets {
    public init() {}
    public func offset(at instant: Int) -> Int { 0 }
}
