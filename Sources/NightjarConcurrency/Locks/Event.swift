internal import Synchronization

/// Python's `threading.Event`: a flag that threads can wait for.
///
/// Thread-safe. Source: https://docs.python.org/3.14/library/threading.html#event-objects
public final class Event: WaitTarget {
    private let flag = Atomic<Bool>(false)
    private let waiters = Guarded(WaitQueue())

    public let label: ObjectLabel?
    private let operation: String
    public let kind: String?
    private let remark: String

    /// - Parameter label: for reports about deadlocks.
    public init(label: ObjectLabel? = nil) {
        self.label = label
        operation = "Event.wait"
        kind = "Event"
        remark = "which any thread could set"
    }

    /// An event that stands behind something else, which is what its waiters know.
    /// - Parameters:
    ///   - operation: what reports call a wait for it.
    ///   - remark: what they say of it.
    package init(behind operation: String, remark: String) {
        label = nil
        self.operation = operation
        kind = nil
        self.remark = remark
    }

    public func remark(on operation: String, holder: String?) -> String? { remark }

    public var isSet: Bool { flag.load(ordering: .acquiring) }

    /// Sets the flag and wakes everybody who waits for it.
    public func set() {
        let list = waiters.withLock { waiters in
            flag.store(true, ordering: .releasing)
            return waiters.grantAll()
        }
        list.wakeAll()
    }

    public func clear() {
        waiters.withLock { _ in flag.store(false, ordering: .releasing) }
    }

    /// Waits until the flag is set.
    /// - Returns: true if it was set, also when it has been cleared since; false when the time is up.
    @discardableResult
    public func wait(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        if isSet { return true }
        if deadline == .passed { return false }
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        let wasSet = waiters.withLock { waiters in
            if isSet { return true }
            waiter.begin(WaitReason(operation, on: self, until: deadline))
            waiters.append(waiter)
            return false
        }
        if wasSet { return true }
        return try waiter.wait(until: deadline) { waiters.withLock { $0.remove(waiter) } }
    }
}
