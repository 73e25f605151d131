extension CronExpression {
    /// The first run after an instant.
    ///
    /// When clocks are changed, the rules of Vixie's cron hold. Expressions with `*` in minute or hour are a rhythm: they follow
    /// the clock as it shows, which leaves out a skipped hour and goes through a repeated one twice. All others mean times of
    /// the day: those in a skipped hour run at the moment of the change, those in a repeated hour run once, the first time.
    /// Changes of more than three hours, such as a move across the date line, are not made up for.
    /// - Parameter instant: seconds since 1 January 1970, UTC.
    /// - Returns: seconds since 1 January 1970, UTC; nil when there is none that the calendar can express.
    public func next(after instant: Int, in zone: some ZoneOffsets = LocalZone()) -> Int? {
        guard instant.magnitude < Self.farthest else { return nil }
        // What is found is later than this; `offset` holds from the next second on.
        var cursor = instant, offset = zone.offset(at: instant)
        while true {
            var wall = cursor + 1 + offset
            if isFixedTime, let change = ClockChange.latest(at: cursor + 1, in: zone) {
                wall = max(wall, change.endOfRepetition ?? wall)
            }
            guard let match = firstWall(from: wall) else { return nil }
            let candidate = match - offset
            if candidate - cursor > Self.leap {
                // No offset can bring a match into the days between.
                cursor = candidate - Self.leap
                offset = zone.offset(at: cursor)
            } else if let change = ClockChange.first(after: cursor, offset, through: candidate, in: zone) {
                if isFixedTime, change.skips(match) { return change.instant }
                cursor = change.instant - 1
                offset = change.after
            } else {
                return candidate
            }
        }
    }

    /// The year 100,000: beyond what clocks are set to, far within what integers hold.
    private static let farthest = 98_030 * 366 * 86_400
    /// More than two places' clocks can differ.
    private static let leap = 2 * 86_400
}

/// An instant at which the clocks of a place are changed.
private struct ClockChange {
    /// Vixie's limit: what is longer is no daylight saving.
    private static let longest = 3 * 3_600

    /// The first second with the new offset.
    let instant: Int
    let before: Int
    let after: Int

    /// Whether a time of the local clock never comes because of this change.
    func skips(_ wall: Int) -> Bool {
        after > before && after - before <= Self.longest && wall >= instant + before && wall < instant + after
    }

    /// Until when the local clock shows times again that it has shown before.
    var endOfRepetition: Int? { before > after && before - after <= Self.longest ? instant + before : nil }

    /// The first change in `start + 1 ... end`, if `offset` holds until then.
    static func first(after start: Int, _ offset: Int, through end: Int, in zone: some ZoneOffsets) -> ClockChange? {
        var unchanged = start
        while unchanged < end {
            let probe = min(unchanged + 3_600, end)
            if zone.offset(at: probe) != offset { return ClockChange(between: unchanged, and: probe, offset, zone) }
            unchanged = probe
        }
        return nil
    }

    /// The change in the hours up to `instant` that can still matter then, if there is one.
    static func latest(at instant: Int, in zone: some ZoneOffsets) -> ClockChange? {
        let start = instant - longest
        return first(after: start, zone.offset(at: start), through: instant, in: zone)
    }

    /// Finds the change by halving.
    private init(between unchanged: Int, and changed: Int, _ offset: Int, _ zone: some ZoneOffsets) {
        var low = unchanged, high = changed
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if zone.offset(at: middle) == offset { low = middle } else { high = middle }
        }
        instant = high
        before = offset
        after = zone.offset(at: high)
    }
}
