import Glibc

/// The wall clock in nanoseconds.
enum Clock {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// Whole seconds, rounded down, and the nanoseconds that remain (0 ..< 1e9, also before 1970).
    @inline(__always)
    static func split(_ nanoseconds: Int64) -> (seconds: Int64, nanoseconds: Int64) {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest < 0 ? (seconds - 1, rest + 1_000_000_000) : (seconds, rest)
    }
}

/// Read once: `getpid` is a system call, and a Swift program does not go on in a forked child.
enum ProcessIdentity {
    static let identifier: Int32 = getpid()
}
