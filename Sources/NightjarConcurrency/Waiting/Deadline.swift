internal import Glibc

/// A point on the monotonic clock at which a wait gives up.
///
/// Functions that wait take a `Deadline?`; `nil` means forever. A deadline that has passed makes
/// the call look once and return, as Python's timeouts of zero or less do.
public struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds of `CLOCK_MONOTONIC`.
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant `seconds` from now. Saturates: a negative value or NaN is now, anything too
    /// large for the clock is the end of time.
    public init(after seconds: Double) {
        self.nanoseconds = Self.saturating(now: Self.now.nanoseconds, seconds: seconds)
    }

    /// The instant that is this long from now: `Deadline(after: .milliseconds(20))`. Saturates as `init(after:)` with seconds does.
    public init(after duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(after: Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// The longest timeout in seconds that `threading` accepts, as in CPython on 64-bit systems.
    public static let timeoutMax: Double = 9_223_372_036

    /// The present instant.
    public static var now: Deadline {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// A deadline that has always passed: look once, never wait.
    public static let passed = Deadline(nanoseconds: 0)

    public var hasPassed: Bool { self == .passed || Self.now >= self }

    /// Seconds until the deadline, negative when it has passed.
    public var secondsLeft: Double {
        let now = Self.now.nanoseconds
        return nanoseconds >= now
            ? Double(nanoseconds - now) / 1e9
            : -Double(now - nanoseconds) / 1e9
    }

    public static func < (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    static func saturating(now: UInt64, seconds: Double) -> UInt64 {
        guard seconds > 0 else { return now }
        let delta = UInt64(exactly: (seconds * 1e9).rounded(.up)) ?? .max
        let (sum, overflow) = now.addingReportingOverflow(delta)
        return overflow ? .max : sum
    }

    var systemTime: timespec {
        // `time_t` is signed: the end of time must not turn negative.
        let seconds = min(nanoseconds / 1_000_000_000, UInt64(Int32.max) * 1_000)
        return timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

extension Deadline {
    /// Reads Python's pair `blocking, timeout` of `acquire`.
    /// - Parameter timeout: seconds; -1 means forever.
    /// - Throws: `LockError` for the combinations that Python refuses.
    public static func forAcquire(blocking: Bool, timeout: Double = -1) throws(LockError) -> Deadline? {
        // In Python's order: first what is no time at all.
        if timeout.isNaN { throw .timeoutNotANumber }
        guard timeout <= timeoutMax else { throw .timeoutTooLarge }
        guard blocking else {
            guard timeout == -1 else { throw .timeoutWithoutBlocking }
            return .passed
        }
        if timeout == -1 { return nil }
        guard timeout >= 0 else { throw .negativeTimeout }
        return Deadline(after: timeout)
    }
}
