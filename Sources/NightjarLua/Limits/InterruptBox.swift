import CLuaSupport
import Synchronization

/// Where the thread of an interpreter waits on the script's behalf, so that an interruption can reach it there.
public protocol LuaSleeper: Sendable {
    /// Ends the present or next wait of the thread. Called on the interrupting thread while the interpreter's thread is inside Lua;
    /// it must not use the interpreter or its handle.
    /// - Parameter isFinal: the grace is over: waits that an interruption leaves alone end too.
    func wake(isFinal: Bool)
    /// Takes back what `wake` did, unless a wait has ended by it. Called on the interpreter's thread.
    func calm()
}

// The context outlives the interpreter and is freed only after `detach`; under the mutex, and through functions that are
// made for any thread, it may be used from anywhere.
private struct ContextPointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<nj_context>
}

/// The part of an interpreter that other threads may touch.
///
/// An interruption is delivered again and again until the script has met it, because a signal that comes just before a blocking
/// call is lost. All deliveries are made under the mutex, which the script's thread takes when it has met the interruption and when
/// it leaves the interpreter: afterwards neither its waits nor its system calls are disturbed any more.
final class InterruptBox: Sendable {
    private struct Guarded {
        var context: ContextPointer?
        var isEnabled = true
        var reason: LuaInterruption?
        var sleeper: (any LuaSleeper)?
        var makeSleeper: (@Sendable () -> any LuaSleeper)?
        /// What somebody has asked for, until it has come out of the interpreter.
        var request: Request?
        /// Deadlines that run; their numbers never return.
        var deadlines: Set<UInt64> = []
        var nextNumber: UInt64 = 0
    }

    private struct Request {
        /// What is scheduled for one request must not hit the next.
        let number: UInt64
        /// The deadline that it comes from, if it is one.
        let deadline: UInt64?
        var grace: UInt64
        /// When the grace is over; it begins when the request meets a thread inside.
        var graceEnd: UInt64?
        /// When it is delivered again.
        var next: UInt64?
        var deliveries = 0
    }

    /// Nanoseconds between two deliveries.
    private static let interval: UInt64 = 10_000_000
    /// How often the signal alone is tried.
    private static let patience = 4

    private let guarded: Mutex<Guarded>

    init(_ context: UnsafeMutablePointer<nj_context>) {
        guarded = Mutex(Guarded(context: ContextPointer(pointer: context)))
    }

    var reason: LuaInterruption? { guarded.withLock { $0.reason } }
    func noteReason(_ reason: LuaInterruption) { guarded.withLock { $0.reason = reason } }

    // MARK: Any thread

    /// - Parameters:
    ///   - grace: seconds after which every instruction raises.
    ///   - deadline: asks only if this deadline still runs.
    ///   - mayWait: whether to ask the next script if none runs now.
    /// - Returns: whether it has asked.
    @discardableResult
    func interrupt(_ reason: LuaInterruption, grace: Double, deadline: UInt64? = nil, mayWait: Bool = true) -> Bool {
        guarded.withLock { state in
            guard state.isEnabled, let context = state.context?.pointer else { return false }
            if let deadline, !state.deadlines.contains(deadline) { return false }
            if !mayWait, !nj_is_inside(context) { return false }
            let grace = Watchdog.nanoseconds(grace), isFirst = nj_interrupt_pending(context) == 0
            // The first reason is the one that is told, and its grace gets no longer, whatever follows while the script is on its way out.
            if isFirst || state.reason == nil { state.reason = reason }
            if isFirst || state.request == nil {
                state.nextNumber += 1
                state.request = Request(number: state.nextNumber, deadline: deadline, grace: grace)
            } else {
                shorten(&state, to: grace)
            }
            nj_interrupt(context, Int32(grace == 0 ? NJ_INSIST : NJ_ASK))
            deliver(&state, context)
            return true
        }
    }

    private func shorten(_ state: inout Guarded, to grace: UInt64) {
        guard var request = state.request else { return }
        request.grace = min(request.grace, grace)
        request.graceEnd = request.graceEnd.map { min($0, Watchdog.now() &+ grace) }
        // What is scheduled may come too late for that.
        request.next = nil
        state.request = request
    }

    /// Lets the thread inside know, and sees to it that this is done again until it does.
    private func deliver(_ state: inout Guarded, _ context: UnsafeMutablePointer<nj_context>) {
        guard var request = state.request else { return }
        let standing = nj_stand(context)
        // The next thread that enters delivers.
        guard standing != NJ_CALM, standing != NJ_OUTSIDE else { return }
        let now = Watchdog.now(), end = request.graceEnd ?? now &+ request.grace
        request.graceEnd = end
        if now >= end { nj_interrupt(context, Int32(NJ_INSIST)) }
        if now >= end || standing == NJ_UNMET {
            // First the wake-up, so that a call that the signal ends finds it.
            state.sleeper?.wake(isFinal: now >= end)
            nj_signal(context)
            // Whoever is at work in one call in C notices when it asks for memory.
            request.deliveries += 1
            if request.deliveries > InterruptBox.patience { nj_starve(context) }
        }
        if request.next == nil {
            let soon = now &+ InterruptBox.interval
            // Met, nothing is to be done before the grace is over.
            let next = now >= end ? soon : standing == NJ_MET ? end : min(soon, end)
            request.next = next
            Watchdog.shared.schedule(at: next) { [self, number = request.number] in deliverAgain(number, next) }
        }
        state.request = request
    }

    private func deliverAgain(_ number: UInt64, _ time: UInt64) {
        guarded.withLock { state in
            guard state.isEnabled, let request = state.request, request.number == number, request.next == time,
                let context = state.context?.pointer
            else { return }
            state.request?.next = nil
            deliver(&state, context)
        }
    }

    // MARK: The thread of the interpreter

    /// The interpreter runs again, with an interruption that came while nobody was inside.
    func entered() {
        guarded.withLock { state in
            guard let request = state.request, request.next == nil, let context = state.context?.pointer else { return }
            deliver(&state, context)
        }
    }

    /// The script knows of the interruption: its waits from here on are not to be ended by it.
    func met() { guarded.withLock { $0.sleeper?.calm() } }

    /// The outermost call has ended: a wake-up that came too late for the script must not hit what its thread does next.
    func left(isOver: Bool) {
        guarded.withLock { state in
            if isOver { end(&state) }
            state.sleeper?.calm()
        }
    }

    func clear() {
        guarded.withLock { state in
            state.reason = nil
            end(&state)
        }
    }

    private func end(_ state: inout Guarded) {
        state.request = nil
        if let context = state.context?.pointer { nj_clear_interrupt(context) }
    }

    func beginDeadline() -> UInt64 {
        guarded.withLock { state in
            state.nextNumber += 1
            state.deadlines.insert(state.nextNumber)
            return state.nextNumber
        }
    }

    /// - Returns: whether an interruption by this deadline is under way.
    func endDeadline(_ number: UInt64) -> Bool {
        guarded.withLock { state in
            state.deadlines.remove(number)
            return state.request?.deadline == number
        }
    }

    func setSleeper(_ make: (@Sendable () -> any LuaSleeper)?) {
        let sleeper = make?()
        guarded.withLock {
            $0.makeSleeper = make
            $0.sleeper = sleeper
        }
    }

    /// The interpreter is being entered on another thread.
    func moved() {
        guard let make = guarded.withLock({ $0.makeSleeper }) else { return }
        let sleeper = make()
        guarded.withLock { $0.sleeper = sleeper }
    }

    // MARK: The end

    func disable() { guarded.withLock { $0.isEnabled = false } }

    func detach() {
        guarded.withLock {
            $0.context = nil
            $0.isEnabled = false
        }
    }
}
