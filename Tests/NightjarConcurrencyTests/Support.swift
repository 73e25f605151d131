import Glibc
import NightjarConcurrency
import Synchronization

/// Gives up on a test that hangs, long after any machine would have got there.
let patience = 60.0

/// Waits until a condition holds, without a fixed delay.
func eventually(_ condition: () -> Bool) -> Bool {
    let end = Deadline(after: patience)
    while !condition() {
        if end.hasPassed { return false }
        sched_yield()
    }
    return true
}

/// A value shared by the threads of a test.
final class Shared<Value: Sendable>: Sendable {
    private let lock = Lock()
    // Touched only while the lock is held.
    nonisolated(unsafe) private var stored: Value

    init(_ value: Value) { stored = value }

    var value: Value { update { $0 } }

    @discardableResult
    func update<Result>(_ body: (inout Value) -> Result) -> Result {
        while !lock.tryAcquire() { sched_yield() }
        defer { try? lock.release() }
        return body(&stored)
    }
}

/// A thread that runs a body and keeps what it returned or threw.
struct Running<Value: Sendable>: Sendable {
    let thread: NativeThread
    private let outcome: Completion<Result<Value, any Error>>

    init(monitor: DeadlockMonitor? = nil, _ body: @escaping @Sendable () throws -> Value) throws {
        let outcome = Completion<Result<Value, any Error>>()
        self.outcome = outcome
        thread = try NativeThread.start(name: "test", monitor: monitor) { outcome.complete(Result { try body() }) }
    }

    /// True once the thread sleeps, or is about to, in a wait of the library.
    func blocks() -> Bool { eventually { thread.waiter.pendingWait != nil } }

    func value() throws -> Value {
        guard let result = try outcome.wait(until: Deadline(after: patience)) else { throw Hangs() }
        return try result.get()
    }

    var isDone: Bool { outcome.isComplete }
}

struct Hangs: Error {}
