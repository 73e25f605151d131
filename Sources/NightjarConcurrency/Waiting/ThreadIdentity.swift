/// Tells threads apart, those that have ended too: no two ever have the same number.
///
/// A thread that does unrelated jobs one after the other, such as a pool's, is another one in each. So a lock that a job left behind
/// is not taken for one of the next job's, as it would be by what the system calls its threads.
public struct ThreadIdentity: Sendable, Hashable {
    /// Counts from 1.
    public let rawValue: UInt

    @inlinable
    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    @inlinable
    public static var current: ThreadIdentity {
        ThreadIdentity(rawValue: ThreadWaiter.currentNumber)
    }
}
