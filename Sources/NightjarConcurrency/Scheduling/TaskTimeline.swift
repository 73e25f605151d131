/// Where a task is on its schedule, and what comes next. No locks, no threads, no clocks: whoever asks says what time it is.
struct TaskTimeline {
    enum Step: Equatable {
        /// Nothing is due; ask again then, or when something has changed. Nil is only then.
        case wait(until: Deadline?)
        /// A run has begun; say when it has ended.
        case run
        /// There are no more.
        case end
    }

    /// When a run is due.
    private struct Due {
        /// Where the schedule has it, in seconds since 1970. For a cron expression this is what counts.
        var wall: Double
        /// By the clock that nobody sets; nil for a cron expression.
        var monotonic: UInt64?

        init(wall: Double) { self.wall = wall }

        init(at instant: UInt64, _ now: Moment) {
            wall = now.wall + Self.seconds(from: now.monotonic.nanoseconds, to: instant)
            monotonic = instant
        }

        /// Negative when it has passed.
        func secondsLeft(_ now: Moment) -> Double {
            guard let monotonic else { return wall - now.wall }
            return Self.seconds(from: now.monotonic.nanoseconds, to: monotonic)
        }

        func delayed(by seconds: Double) -> Due {
            var later = self
            later.wall += seconds
            later.monotonic = monotonic.map { Deadline.saturating(now: $0, seconds: seconds) }
            return later
        }

        private static func seconds(from start: UInt64, to end: UInt64) -> Double {
            end >= start ? Double(end - start) / 1e9 : -Double(start - end) / 1e9
        }
    }

    let schedule: TaskSchedule
    let options: TaskOptions
    private let random: @Sendable () -> Double
    private let start: Moment
    private var due: Due?
    /// When the last run was due, or was asked for. Backing off counts from there.
    private var lastDue: Due
    private var latestSeen: Double
    private var isRequested = false

    private(set) var isCancelled = false
    /// Runs under way.
    private(set) var running = 0
    private(set) var runs = 0
    private(set) var failures = 0
    private(set) var failuresInARow = 0
    private(set) var lastRun: Double?

    /// - Parameter random: gives numbers from 0 up to 1.
    init(
        _ schedule: TaskSchedule, _ options: TaskOptions, now: Moment,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.schedule = schedule
        self.options = options
        self.random = random
        start = now
        latestSeen = now.wall
        lastDue = Due(at: now.monotonic.nanoseconds, now)
        if options.isImmediate {
            put(lastDue)
        } else if case .once(let delay) = schedule.kind {
            put(Due(at: saturatingSum(now.monotonic.nanoseconds, delay), now))
        } else {
            put(next(notBefore: nil, now))
        }
    }

    // MARK: What to show

    /// Seconds since 1970; nil if there will be none.
    var nextRun: Double? { isCancelled ? nil : due?.wall }
    /// Whether runs are under way or still to come.
    var isActive: Bool { !isCancelled && (due != nil || isRequested || running > 0) }

    // MARK: What happens

    /// What to do now. A run that this begins has to be ended with `ended(failed:now:)`.
    mutating func step(now: Moment) -> Step {
        noticeClock(now)
        if isCancelled || (due == nil && !isRequested) {
            return running > 0 ? .wait(until: nil) : .end
        }
        let isDue = due.map { hasCome($0, now) } ?? false
        guard isDue || isRequested else { return .wait(until: due.flatMap { wakeUp(for: $0, now) }) }
        if running >= options.mostRuns {
            if isDue { leaveOut(now) }
            return .wait(until: isRequested ? nil : due.flatMap { wakeUp(for: $0, now) })
        }
        begin(isDue, now)
        return .run
    }

    private mutating func begin(_ isDue: Bool, _ now: Moment) {
        isRequested = false
        running += 1
        runs += 1
        lastRun = now.wall
        lastDue = isDue ? due ?? lastDue : Due(at: now.monotonic.nanoseconds, now)
        // A run on request takes the place of the only one, and of none of many.
        if isDue || isOnce { put(next(notBefore: now, now)) }
    }

    private mutating func leaveOut(_ now: Moment) {
        lastDue = due ?? lastDue
        put(next(notBefore: now, now))
    }

    /// A run has ended.
    mutating func ended(failed: Bool, now: Moment) {
        running -= 1
        if failed { failures += 1 }
        failuresInARow = failed ? failuresInARow + 1 : 0
        if failed, let backoff = options.backoff {
            backOff(backoff, now)
        } else if let due, hasCome(due, now), options.mostRuns == 1 {
            // What was missed is left out.
            put(next(notBefore: now, now))
        }
    }

    private mutating func backOff(_ backoff: Backoff, _ now: Moment) {
        let delay = backoff.delay(after: failuresInARow, gap: gap(now))
        if isOnce {
            put(Due(at: Deadline.saturating(now: now.monotonic.nanoseconds, seconds: delay), now))
        } else {
            let last = lastDue.monotonic ?? now.monotonic.nanoseconds
            let instant = Deadline.saturating(now: last, seconds: delay - Self.precision)
            let earliest = Moment(
                monotonic: max(now.monotonic, Deadline(nanoseconds: instant)),
                wall: max(now.wall, lastDue.wall + delay - Self.precision))
            put(next(notBefore: earliest, now))
        }
    }

    /// Seconds to the run after the last one; nil where there is none.
    private func gap(_ now: Moment) -> Double? {
        switch schedule.kind {
        case .once: nil
        case .every(let period): Double(period) / 1e9
        case .cron: next(notBefore: nil, now).map { $0.wall - lastDue.wall }
        }
    }

    /// What sums of seconds may be off by: a run that is exactly at the end of a delay must not be missed.
    private static let precision = 1e-6

    /// Prevents further runs; those under way go on.
    /// - Returns: false if there were none to prevent.
    mutating func cancel() -> Bool {
        guard isActive else { return false }
        isCancelled = true
        return true
    }

    /// Asks for a run at once, or right after the one that is under way.
    /// - Returns: false if the task runs no more.
    mutating func request() -> Bool {
        guard isActive else { return false }
        isRequested = true
        return true
    }

    // MARK: The schedule

    private var isOnce: Bool {
        if case .once = schedule.kind { return true }
        return false
    }

    private mutating func put(_ next: Due?) {
        due = options.jitter > 0 ? next?.delayed(by: options.jitter * random()) : next
    }

    /// The run after the last one that is not earlier than a moment; nil for a task that runs once.
    private func next(notBefore earliest: Moment?, _ now: Moment) -> Due? {
        switch schedule.kind {
        case .once: return nil
        case .every(let period): return Due(at: tick(period, notBefore: earliest), now)
        case .cron(let expression, let isUTC):
            let instant = max(Self.second(lastDue.wall), earliest.map { Self.second($0.wall.rounded(.up)) - 1 } ?? .min)
            let next = isUTC ? expression.next(after: instant, in: UTCZone()) : expression.next(after: instant)
            return next.map { Due(wall: Double($0)) }
        }
    }

    private func tick(_ period: UInt64, notBefore earliest: Moment?) -> UInt64 {
        let begin = start.monotonic.nanoseconds, last = lastDue.monotonic ?? begin
        var tick = (last - begin) / period + 1
        if let earliest {
            let passed = max(earliest.monotonic.nanoseconds, begin) - begin
            tick = max(tick, passed / period + (passed % period == 0 ? 0 : 1))
        }
        let (offset, overflow) = tick.multipliedReportingOverflow(by: period)
        return overflow ? .max : saturatingSum(begin, offset)
    }

    private func saturatingSum(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }

    private static func second(_ wall: Double) -> Int { Int(exactly: wall.rounded(.down)) ?? .max }

    // MARK: The clocks

    /// The longest wait for a time that people's clock tells: they may set it meanwhile.
    private static let patience = 30.0

    private func hasCome(_ due: Due, _ now: Moment) -> Bool { due.secondsLeft(now) <= 0 }

    private func wakeUp(for due: Due, _ now: Moment) -> Deadline {
        if let instant = due.monotonic { return Deadline(nanoseconds: instant) }
        let seconds = min(due.secondsLeft(now), Self.patience)
        return Deadline(nanoseconds: Deadline.saturating(now: now.monotonic.nanoseconds, seconds: seconds))
    }

    /// A cron task whose clock was set back looks for its next run anew. The hours that Vixie's cron takes for a correction do not
    /// come twice.
    private mutating func noticeClock(_ now: Moment) {
        defer { latestSeen = now.wall }
        guard case .cron = schedule.kind, due != nil, now.wall < latestSeen - 1 else { return }
        if now.wall < lastDue.wall - 3 * 3_600 { lastDue.wall = now.wall }
        put(next(notBefore: nil, now))
    }
}
