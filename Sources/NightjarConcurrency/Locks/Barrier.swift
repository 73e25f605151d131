/// The barrier was broken or reset while the thread waited, or is broken. Python's
/// `BrokenBarrierError`.
public struct BrokenBarrier: Error, Hashable, CustomStringConvertible {
    public init() {}
    public var description: String { "the barrier is broken" }
}

/// Python's `threading.Barrier`: a fixed number of threads wait for each other, again and again.
///
/// Thread-safe. Source: https://docs.python.org/3.14/library/threading.html#barrier-objects
public final class Barrier: WaitTarget {
    /// How many threads it takes to pass.
    public let parties: Int
    private let action: (@Sendable () throws -> Void)?
    private let state = Guarded(State())

    private struct State {
        var isBroken = false
        /// The last of the round runs the action; who comes now waits at the entrance.
        var isActing = false
        /// Changes when the waiting threads are sent away, so that the acting one notices.
        var round: UInt64 = 0
        var waiting = WaitQueue()
        var entrance = WaitQueue()

        /// Takes a waiting thread out, which the caller breaks the barrier for. If the last of the round has come, that happens here:
        /// it could let the round pass without the one that left. Else all who are told of a deadlock leave before any breaks it.
        /// - Returns: false if it was sent away before.
        mutating func leave(_ waiter: Waiter, breaking others: inout WakeList?) -> Bool {
            guard waiting.remove(waiter) else { return false }
            if isActing {
                isBroken = true
                others = dismiss(Grant.broken)
            }
            return true
        }

        /// Ends the round for everybody in it.
        mutating func dismiss(_ code: Int) -> WakeList {
            round &+= 1
            isActing = false
            var list = waiting.grantAll(code)
            list.add(entrance.grantAll(Grant.comeIn))
            return list
        }
    }

    private enum Grant {
        static let passed = 0
        static let broken = 1
        static let comeIn = 2
    }

    private enum Arrival {
        case broken
        case tooEarly
        case inside(index: Int)
        case last(round: UInt64)
    }

    public let label: ObjectLabel?

    /// - Parameters:
    ///   - action: run by one of the threads when all have arrived, before they go on.
    ///   - label: for reports about deadlocks.
    /// - Throws: `.tooFewParties` for less than 1.
    public init(
        parties: Int, label: ObjectLabel? = nil, action: (@Sendable () throws -> Void)? = nil
    ) throws(LockError) {
        guard parties >= 1 else { throw .tooFewParties }
        self.label = label
        self.parties = parties
        self.action = action
    }

    public func remark(on operation: String, holder: String?) -> String? {
        "where \(waitingCount) of \(parties) parties have come"
    }

    public var isBroken: Bool { state.withLock { $0.isBroken } }
    /// Threads inside: those that wait for the others, and the one that runs the action.
    public var waitingCount: Int { state.withLock { $0.waiting.count + ($0.isActing ? 1 : 0) } }

    /// Waits until all parties have called this.
    ///
    /// A time-out, an interrupt or an error of the action breaks the barrier for all. Once all parties are there no time-out
    /// does, however long the action takes.
    /// - Returns: a number from 0 to `parties - 1`, different for each thread.
    /// - Throws: `BrokenBarrier`, `WaitInterrupted`, the error of the action.
    @discardableResult
    public func wait(until deadline: Deadline? = nil) throws -> Int {
        try wait { deadline }
    }

    /// As `wait(until:)`, with Python's timeout: seconds that begin when the thread is inside, after threads of the round
    /// before have left.
    @discardableResult
    public func wait(timeout: Double) throws -> Int {
        try wait { Deadline(after: timeout) }
    }

    private func wait(_ deadline: () -> Deadline?) throws -> Int {
        let waiter = Waiter.current
        while true {
            let deadline = deadline()
            switch state.withLock({ arrive(waiter, until: deadline, in: &$0) }) {
            case .broken: throw BrokenBarrier()
            case .tooEarly: try waitOutside(waiter)
            case .inside(let index):
                guard try waitInside(waiter, until: deadline) == Grant.passed else { throw BrokenBarrier() }
                return index
            case .last(let round):
                try finish(round)
                return parties - 1
            }
        }
    }

    /// Breaks the barrier: all waits, present and future, throw `BrokenBarrier`.
    public func abort() {
        let list = state.withLock { state in
            state.isBroken = true
            return state.dismiss(Grant.broken)
        }
        list.wakeAll()
    }

    /// Empties the barrier and makes it usable again. Threads that wait throw `BrokenBarrier`.
    public func reset() {
        let list = state.withLock { state in
            state.isBroken = false
            return state.dismiss(Grant.broken)
        }
        list.wakeAll()
    }

    private func arrive(_ waiter: Waiter, until deadline: Deadline?, in state: inout State) -> Arrival {
        if state.isBroken { return .broken }
        if state.isActing {
            waiter.begin(WaitReason("Barrier.wait", on: self, until: nil))
            state.entrance.append(waiter)
            return .tooEarly
        }
        let index = state.waiting.count
        if index == parties - 1 {
            state.isActing = true
            return .last(round: state.round)
        }
        waiter.begin(WaitReason("Barrier.wait", on: self, until: deadline))
        state.waiting.append(waiter)
        return .inside(index: index)
    }

    /// Waits for the round before to leave. Who gives up here is no part of any round.
    private func waitOutside(_ waiter: Waiter) throws {
        _ = try waiter.wait(until: nil) { state.withLock { $0.entrance.remove(waiter) } }
    }

    /// Waits for the others.
    /// - Returns: what was granted.
    private func waitInside(_ waiter: Waiter, until deadline: Deadline?) throws -> Int {
        var isComplete = false, others: WakeList?
        do {
            var isGranted = try waiter.wait(until: deadline) {
                state.withLock { state in
                    isComplete = state.isActing && !waiter.isInterrupted
                    return isComplete || state.leave(waiter, breaking: &others)
                }
            }
            if !isGranted, isComplete {
                // All have arrived: from here on the action's time counts, not this thread's. Its place was kept.
                waiter.goOn(WaitReason("Barrier.wait", on: self, until: nil))
                isGranted = try waiter.wait(until: nil) { state.withLock { $0.leave(waiter, breaking: &others) } }
            }
            if isGranted { return waiter.grantCode }
        } catch {
            if let others { others.wakeAll() } else { abort() }
            throw error
        }
        if let others { others.wakeAll() } else { abort() }
        throw BrokenBarrier()
    }

    /// Runs the action without the lock, then lets the round pass, unless it was sent away.
    private func finish(_ round: UInt64) throws {
        do {
            try action?()
        } catch {
            abort()
            throw error
        }
        let list: WakeList? = state.withLock { $0.round == round ? $0.dismiss(Grant.passed) : nil }
        guard let list else { throw BrokenBarrier() }
        list.wakeAll()
    }
}
