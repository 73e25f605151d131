/// The wait ended because somebody called `Waiter.interrupt()` for this thread, or because it would never have ended.
///
/// After an interruption the flag stays set until `Waiter.clearInterrupt()`: every later wait throws too.
public struct WaitInterrupted: Error, Hashable, CustomStringConvertible {
    /// Whether the wait would never have ended, as a `DeadlockMonitor` has found; `Waiter.takeDeadlock()` says more.
    public let isDeadlock: Bool

    public init() { isDeadlock = false }

    /// Reads what any of the library's calls throws when its wait is ended in this way; `nil` for other errors.
    public init?(_ error: any Error) {
        switch error {
        case let error as WaitInterrupted: self = error
        case QueueError.interrupted: self.init()
        case QueueError.deadlock: self = .deadlock
        default: return nil
        }
    }

    private init(isDeadlock: Bool) { self.isDeadlock = isDeadlock }

    static let deadlock = WaitInterrupted(isDeadlock: true)

    public var description: String {
        isDeadlock ? "the wait would never have ended: all threads wait" : "the wait was interrupted"
    }
}

/// Something a thread can wait for, as a report about stuck threads sees it.
public protocol WaitTarget: AnyObject, Sendable {
    /// The thread that has to act before a waiter can go on, if the target knows one.
    var holder: ThreadIdentity? { get }
    /// What to call the target, if its maker has given it a label.
    var label: ObjectLabel? { get }
    /// What to call a target without a label; nil if it is better not mentioned.
    var kind: String? { get }
    /// What is to be said about a wait for it: who holds it, or what it lacks.
    /// - Parameters:
    ///   - operation: the call that waits.
    ///   - holder: the name of the thread that is the `holder`.
    func remark(on operation: String, holder: String?) -> String?
}

extension WaitTarget {
    public var holder: ThreadIdentity? { nil }
    public var label: ObjectLabel? { nil }
    public var kind: String? { "\(type(of: self))" }
    public func remark(on operation: String, holder: String?) -> String? { holder.map { "held by \($0)" } }
}

/// What a blocked thread waits for. Reports about deadlocks are built from these.
public struct WaitReason: Sendable {
    /// The call that blocks, as Python users know it: `Lock.acquire`, `Queue.get`.
    public let operation: String
    /// The object waited on; `nil` for a plain sleep.
    public let target: (any WaitTarget)?
    /// When the wait gives up by itself; `nil` is never.
    public let deadline: Deadline?

    /// Whether the thread has nothing to do and waits for work, as a server does: it may wait for ever, and is told of no deadlock.
    public let isIdle: Bool

    public init(
        _ operation: String, on target: (any WaitTarget)?, until deadline: Deadline?, isIdle: Bool = false
    ) {
        self.operation = operation
        self.target = target
        self.deadline = deadline
        self.isIdle = isIdle
    }
}

/// A wait in progress: its reason, and a number that no other wait of the same thread has, so that
/// two looks at a thread can tell whether it moved in between.
public struct PendingWait: Sendable {
    public let serial: UInt64
    public let reason: WaitReason
    /// What ends it before its time.
    let patience: Waiter.Patience
}
