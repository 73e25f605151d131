internal import Glibc

/// A bounded busy wait: `while spin.next() { look again }`.
///
/// Going to sleep and being woken costs both sides several microseconds; what is about to happen
/// on another processor is cheaper to wait out. On a single processor it never spins.
@usableFromInline
struct Spin {
    /// How long to look, in nanoseconds.
    @usableFromInline
    struct Budget: Sendable {
        let nanoseconds: UInt64
        /// Where looking out would take the processor from those who prepare what is waited for.
        static let none = Budget(nanoseconds: 0)
        /// For a worker of an executor that has nothing to do, where the next job often follows at once.
        static let idle = Budget(nanoseconds: 30_000)
        /// For a `ShortLock`, held for less than 100 ns unless its holder lost the processor.
        static let short = Budget(nanoseconds: 5_000)
        /// For a hand-off from a thread that is at work on another processor.
        static let handOff = Budget(nanoseconds: 5_000)
    }

    private let budget: UInt64
    private var end: UInt64 = 0
    private var pause = 16

    @usableFromInline
    init(_ budget: Budget) {
        self.budget = Self.severalProcessors ? budget.nanoseconds : 0
    }

    /// True until the budget is used up. Reading the clock is the pause between two looks.
    ///
    /// Looks are rare and become rarer: each takes the cache line from the thread at work on it, which then has to fetch it back.
    /// Measured with integers between two processors: a look at every reading of the clock halves what goes through.
    @usableFromInline
    mutating func next() -> Bool {
        if budget == 0 { return false }
        for _ in 1..<pause { _ = Deadline.now.nanoseconds }
        pause = min(pause * 2, 64)
        let now = Deadline.now.nanoseconds
        if end == 0 {
            end = now &+ budget
            return true
        }
        return now < end
    }

    private static let severalProcessors = sysconf(CInt(_SC_NPROCESSORS_ONLN)) > 1
}
