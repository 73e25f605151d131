import CLuaSupport
import Synchronization

/// Why a script was made to stop.
public struct LuaInterruption: Hashable, Sendable, CustomStringConvertible {
    private enum Code: Hashable { case cancelled, keyboard, deadline(seconds: Double), budget(instructions: Int64) }
    private let code: Code

    /// Somebody asked for it.
    public static let cancelled = LuaInterruption(code: .cancelled)
    /// Ctrl-C.
    public static let keyboard = LuaInterruption(code: .keyboard)
    /// The time that it was given, in seconds, is over.
    public static func deadline(seconds: Double) -> LuaInterruption {
        LuaInterruption(code: .deadline(seconds: seconds))
    }
    /// The instructions that it was given are spent.
    public static func budget(instructions: Int64) -> LuaInterruption {
        LuaInterruption(code: .budget(instructions: instructions))
    }

    public var description: String {
        switch code {
        case .cancelled: "cancelled"
        case .keyboard: "interrupted!"
        case .deadline(let seconds): "deadline exceeded (\(seconds) s)"
        case .budget(let instructions): "instruction budget exceeded (\(instructions))"
        }
    }
}

// The context outlives the interpreter and is freed only after `detach`; under the mutex, and through functions that are
// made for any thread, it may be used from anywhere.
private struct ContextPointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<nj_context>
}

/// The part of an interpreter that other threads may touch.
final class InterruptBox: Sendable {
    fileprivate struct Guarded {
        var context: ContextPointer?
        var isEnabled = true
        var reason: LuaInterruption?
        var wake: (@Sendable () -> Void)?
        var calm: (@Sendable () -> Void)?
        /// Counts what was cleared, so that the second step of an old interruption does not hit a new one.
        var generation = 0
    }
    fileprivate let guarded: Mutex<Guarded>

    init(_ context: UnsafeMutablePointer<nj_context>) {
        guarded = Mutex(Guarded(context: ContextPointer(pointer: context)))
    }

    var reason: LuaInterruption? { guarded.withLock { $0.reason } }
    var generation: Int { guarded.withLock { $0.generation } }

    func interrupt(_ reason: LuaInterruption, severity: Int) {
        guarded.withLock { state in
            guard state.isEnabled, let context = state.context?.pointer else { return }
            // The first reason is the one that is told, whatever follows while the script is on its way out.
            if state.reason == nil || nj_interrupt_pending(context) == 0 { state.reason = reason }
            nj_interrupt(context, Int32(severity))
            // Outside Lua nothing waits on the script's behalf; what waits there must not be disturbed.
            if nj_is_inside(context) { state.wake?() }
        }
    }

    /// The outermost call has ended: a wake-up that came too late for the script must not hit what its thread does next.
    func left() {
        guarded.withLock {
            $0.generation += 1
            $0.calm?()
        }
    }

    func noteReason(_ reason: LuaInterruption) { guarded.withLock { $0.reason = reason } }

    func clear() {
        guarded.withLock {
            $0.reason = nil
            $0.generation += 1
            if let context = $0.context?.pointer { nj_clear_interrupt(context) }
        }
    }

    func setWake(_ wake: (@Sendable () -> Void)?, _ calm: (@Sendable () -> Void)?) {
        guarded.withLock {
            $0.wake = wake
            $0.calm = calm
        }
    }

    func disable() { guarded.withLock { $0.isEnabled = false } }

    func detach() {
        guarded.withLock {
            $0.context = nil
            $0.isEnabled = false
        }
    }
}

/// Interrupts one interpreter from any thread. Keeps nothing alive.
public struct LuaInterruptHandle: Sendable {
    let box: InterruptBox

    /// Asks the script to stop: one error that no `pcall` catches, so that to-be-closed variables get their turn. After
    /// `grace` seconds every further instruction raises.
    public func interrupt(_ reason: LuaInterruption = .cancelled, grace: Double = 1) {
        let generation = box.generation
        box.interrupt(reason, severity: Int(NJ_ASK))
        Watchdog.shared.schedule(after: grace) { [box] in box.insist(reason, generation) }
    }

    /// Makes the script stop without any grace.
    public func interruptAtOnce(_ reason: LuaInterruption = .cancelled) {
        box.interrupt(reason, severity: Int(NJ_INSIST))
    }
}

extension InterruptBox {
    /// The second step, unless the first one has done its work meanwhile.
    func insist(_ reason: LuaInterruption, _ generation: Int) {
        let isStillPending = guarded.withLock { state in
            state.context.map {
                state.isEnabled && state.generation == generation && nj_interrupt_pending($0.pointer) != 0
            } ?? false
        }
        if isStillPending { interrupt(reason, severity: Int(NJ_INSIST)) }
    }
}

extension LuaState {
    /// What other threads use to stop the script.
    public var interruptHandle: LuaInterruptHandle { LuaInterruptHandle(box: interrupts) }

    /// Whether somebody asked the script to stop and it is still on its way out.
    public var isInterrupted: Bool { nj_interrupt_pending(context) != 0 }

    /// Whether an interruption has come that the script has not met yet, or its grace is over: then nothing may wait.
    public var mustStopWaiting: Bool { nj_must_stop(context) }

    /// What wakes the Swift code that waits on the script's behalf.
    /// - Parameters:
    ///   - wake: called on the interrupting thread while a thread is inside Lua. It must not use this interpreter or its handle.
    ///   - calm: called on the interpreter's thread when an interrupted script has ended: takes back what `wake` did.
    public func onInterrupt(_ wake: (@Sendable () -> Void)?, calm: (@Sendable () -> Void)? = nil) {
        interrupts.setWake(wake, calm)
    }

    /// Makes the interpreter usable again after an interruption has come out of it.
    public func clearInterruption() { interrupts.clear() }

    /// The error for Swift code that notices an interruption in the middle of a wait.
    public func interruptedError() -> LuaError { interruptionError() }

    /// Runs `body` and interrupts the scripts in it after `seconds`.
    /// - Throws: what `body` throws; `.interrupted` with ``LuaInterruption/deadline(seconds:)`` when the time is over.
    public func withDeadline<Result>(seconds: Double, grace: Double = 1, _ body: () throws -> Result) throws -> Result {
        let handle = interruptHandle, reason = LuaInterruption.deadline(seconds: seconds)
        let timer = Watchdog.shared.schedule(after: seconds) { handle.interrupt(reason, grace: grace) }
        defer {
            timer.cancel()
            // Somebody else's interruption goes on through the callers of this one.
            if interrupts.reason == reason { clearInterruption() }
        }
        return try body()
    }

    /// Runs `body` with at most `instructions` Lua virtual machine instructions, which makes compute-bound scripts two to three
    /// times slower. A coroutine's resume is counted as up to 64 instructions in advance.
    public func withInstructionBudget<Result>(_ instructions: Int64, _ body: () throws -> Result) throws -> Result {
        try checkOpen()
        let reason = LuaInterruption.budget(instructions: instructions)
        let outer = context.pointee.budget
        interrupts.noteReason(reason)
        nj_set_budget(context, instructions)
        defer {
            // `body` may have closed the interpreter.
            if !isClosed { nj_set_budget(context, outer) }
            if interrupts.reason == reason { clearInterruption() }
        }
        return try body()
    }
}
