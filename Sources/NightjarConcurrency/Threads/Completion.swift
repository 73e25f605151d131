internal import Synchronization

/// A cell that is filled once and that any thread can wait for.
///
/// Thread-safe. Callbacks run outside the lock: on the thread that completes, in the order they
/// were added, or at once on the caller's when it is complete already.
public final class Completion<Value: Sendable>: WaitTarget {
    private struct State {
        var value: Value?
        var waiters = WaitQueue()
        var callbacks: [@Sendable (Value) -> Void] = []
    }

    private let state = Guarded(State())
    private let operation: String
    private let worker = Atomic<UInt>(0)

    /// - Parameter operation: what reports call a wait for this.
    public init(operation: String = "Completion.wait") {
        self.operation = operation
    }

    /// The thread that will fill the cell, where that is known.
    public var holder: ThreadIdentity? {
        let worker = worker.load(ordering: .relaxed)
        return worker == 0 ? nil : ThreadIdentity(rawValue: worker)
    }

    /// Says that the calling thread will fill the cell.
    public func isTakenOn() { worker.store(ThreadIdentity.current.rawValue, ordering: .relaxed) }

    // What is waited for is the thread.
    public var kind: String? { nil }
    public func remark(on operation: String, holder: String?) -> String? { holder.map { "for \($0)" } }

    /// The value, once there is one.
    public var value: Value? { state.withLock { $0.value } }
    public var isComplete: Bool { state.withLock { $0.value != nil } }

    /// Fills the cell.
    /// - Returns: false if it was full; then nothing changes.
    @discardableResult
    public func complete(_ value: Value) -> Bool {
        let release = state.withLock { state -> (WakeList, [@Sendable (Value) -> Void])? in
            guard state.value == nil else { return nil }
            state.value = value
            let callbacks = state.callbacks
            state.callbacks = []
            return (state.waiters.grantAll(), callbacks)
        }
        guard let (list, callbacks) = release else { return false }
        list.wakeAll()
        for callback in callbacks { callback(value) }
        return true
    }

    /// Puts what `change` makes of the value in its place. Who has got the value already keeps it.
    /// - Parameter change: called under the lock.
    package func replace(_ change: (Value) -> Value) {
        let old = state.withLock { state -> Value? in
            guard let value = state.value else { return nil }
            state.value = change(value)
            return value
        }
        // It ends outside the lock.
        withExtendedLifetime(old) {}
    }

    /// Waits for the value.
    /// - Returns: `nil` when the time was up first.
    public func wait(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Value? {
        if let value { return value }
        if deadline == .passed { return nil }
        let waiter = Waiter.current
        try waiter.checkInterrupt()
        let early = state.withLock { state -> Value? in
            if let value = state.value { return value }
            waiter.begin(WaitReason(operation, on: self, until: deadline))
            state.waiters.append(waiter)
            return nil
        }
        if let early { return early }
        let granted = try waiter.wait(until: deadline) { state.withLock { $0.waiters.remove(waiter) } }
        return granted ? value : nil
    }

    /// Waits for the value without blocking a thread, for Swift's tasks. Cancelling the task does not end the wait.
    public func result() async -> Value {
        await withCheckedContinuation { continuation in onComplete { continuation.resume(returning: $0) } }
    }

    /// Calls back once there is a value.
    public func onComplete(_ callback: @escaping @Sendable (Value) -> Void) {
        let value = state.withLock { state in
            if state.value == nil { state.callbacks.append(callback) }
            return state.value
        }
        if let value { callback(value) }
    }
}
