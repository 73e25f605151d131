public import Glibc

/// Tells living threads apart. Cheap to obtain; the value may be reused after a thread has ended.
public struct ThreadIdentity: Sendable, Hashable {
    /// The value of `pthread_self()`; never 0.
    public let rawValue: UInt

    @inlinable
    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    @inlinable
    public static var current: ThreadIdentity {
        ThreadIdentity(rawValue: UInt(pthread_self()))
    }
}
