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
        case mustWait(entrance: Bool, index: Int)
        case last(round: UInt64)
    }

    /// - Parameter action: run by one of the threads when all have arrived, before they go on.
    /// - Throws: `.tooFewParties` for less than 1.
    public init(parties: Int, action: (@Sendable () throws -> Void)? = nil) throws(LockError) {
        guard parties >= 1 else { throw .tooFewParties }
        self.parties = parties
        self.action = action
    }

    public var isBroken: Bool { state.withLock { $0.isBroken } }
    /// Threads that wait for the others now.
    public var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits until all parties have called this.
    ///
    /// A time-out, an interrupt or an error of the action breaks the barrier for all.
    /// - Returns: a number from 0 to `parties - 1`, different for each thread.
    /// - Throws: `BrokenBarrier`, `WaitInterrupted`, the error of the action.
    public func wait(until deadline: Deadline? = nil) throws -> Int {
        let waiter = Waiter.current
        while true {
            switch state.withLock({ arrive(waiter, until: deadline, in: &$0) }) {
            case .broken:
                throw BrokenBarrier()
            case .last(let round):
                try finish(round)
                return parties - 1
            case .mustWait(let entrance, let index):
                switch try sleep(waiter, entrance: entrance, until: deadline) {
                case Grant.passed: return index
                case Grant.comeIn: continue
                default: throw BrokenBarrier()
                }
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
        let index = state.waiting.count
        if !state.isActing, index == parties - 1 {
            state.isActing = true
            return .last(round: state.round)
        }
        waiter.begin(WaitReason("Barrier.wait", on: self, until: deadline))
        if state.isActing { state.entrance.append(waiter) } else { state.waiting.append(waiter) }
        return .mustWait(entrance: state.isActing, index: index)
    }

    private func sleep(_ waiter: Waiter, entrance: Bool, until deadline: Deadline?) throws -> Int {
        do {
            let granted = try waiter.wait(until: deadline) {
                state.withLock { entrance ? $0.entrance.remove(waiter) : $0.waiting.remove(waiter) }
            }
            if granted { return waiter.grantCode }
        } catch {
            abort()
            throw error
        }
        abort()
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
