/// The wait ended because somebody called `Waiter.interrupt()` for this thread.
///
/// The flag stays set until `Waiter.clearInterrupt()`: every later wait throws too.
public struct WaitInterrupted: Error, Hashable, CustomStringConvertible {
    public init() {}
    public var description: String { "the wait was interrupted" }
}

/// Something a thread can wait for, as a report about stuck threads sees it.
public protocol WaitTarget: AnyObject, Sendable {
    /// The thread that has to act before a waiter can go on, if the target knows one.
    var holder: ThreadIdentity? { get }
}

extension WaitTarget {
    public var holder: ThreadIdentity? { nil }
}

/// What a blocked thread waits for. Reports about deadlocks are built from these.
public struct WaitReason: Sendable {
    /// The call that blocks, as Python users know it: `Lock.acquire`, `Queue.get`.
    public let operation: String
    /// The object waited on; `nil` for a plain sleep.
    public let target: (any WaitTarget)?
    /// When the wait gives up by itself; `nil` is never.
    public let deadline: Deadline?

    public init(_ operation: String, on target: (any WaitTarget)?, until deadline: Deadline?) {
        self.operation = operation
        self.target = target
        self.deadline = deadline
    }
}

/// A wait in progress: its reason, and a number that no other wait of the same thread has, so that
/// two looks at a thread can tell whether it moved in between.
public struct PendingWait: Sendable {
    public let serial: UInt64
    public let reason: WaitReason
}
