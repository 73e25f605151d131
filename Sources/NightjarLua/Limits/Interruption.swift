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

/// Interrupts one interpreter from any thread. Keeps nothing alive.
public struct LuaInterruptHandle: Sendable {
    let box: InterruptBox

    /// Asks the script to stop: one error that no `pcall` catches, so that to-be-closed variables get their turn. After
    /// `grace` seconds every further instruction raises.
    ///
    /// Asking again shortens the grace and never lengthens it. While nobody is inside the interpreter, the request waits for the next
    /// who enters.
    public func interrupt(_ reason: LuaInterruption = .cancelled, grace: Double = 1) {
        box.interrupt(reason, grace: grace)
    }

    /// The same for a script that runs now. If none does, nothing happens.
    /// - Returns: whether one runs.
    public func interruptIfRunning(_ reason: LuaInterruption = .cancelled, grace: Double = 1) -> Bool {
        box.interrupt(reason, grace: grace, mayWait: false)
    }

    /// Makes the script stop without any grace.
    public func interruptAtOnce(_ reason: LuaInterruption = .cancelled) { box.interrupt(reason, grace: 0) }
}

extension LuaState {
    /// What other threads use to stop the script.
    public var interruptHandle: LuaInterruptHandle { LuaInterruptHandle(box: interrupts) }

    /// Whether somebody asked the script to stop and it is still on its way out.
    public var isInterrupted: Bool { nj_interrupt_pending(context) != 0 }

    /// Whether an interruption has come that the script has not met yet, or its grace is over: then nothing may wait.
    public var mustStopWaiting: Bool { nj_must_stop(context) }

    /// Says where Swift code waits on the script's behalf: an interruption ends that wait.
    /// - Parameter make: called on the thread that uses the interpreter: now, and whenever another one does.
    public func onInterrupt(_ make: (@Sendable () -> any LuaSleeper)?) { interrupts.setSleeper(make) }

    /// Makes the interpreter usable again after an interruption has come out of it.
    public func clearInterruption() { interrupts.clear() }

    /// The error for Swift code that notices an interruption in the middle of a wait.
    public func interruptedError() -> LuaError { interruptionError() }

    /// Runs `body` and interrupts the scripts in it after `seconds`.
    /// - Throws: what `body` throws; `.interrupted` with ``LuaInterruption/deadline(seconds:)`` when the time is over.
    public func withDeadline<Result>(seconds: Double, grace: Double = 1, _ body: () throws -> Result) throws -> Result {
        let interrupts = self.interrupts, number = interrupts.beginDeadline()
        let timer = Watchdog.shared.schedule(after: seconds) {
            interrupts.interrupt(.deadline(seconds: seconds), grace: grace, deadline: number)
        }
        defer {
            timer.cancel()
            // Somebody else's interruption goes on through the callers of this one.
            if interrupts.endDeadline(number) { clearInterruption() }
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
