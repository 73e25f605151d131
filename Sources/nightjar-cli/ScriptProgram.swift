import Glibc
import Nightjar
import NightjarConcurrency
import NightjarLua
import Synchronization

/// One script as a whole program: from its first line to the end of its last thread.
struct ScriptProgram {
    /// Seconds that daemon threads get to stop in at the end.
    private static let patience = 2.0

    /// Kept until the process is gone.
    private static let runtime = Mutex<Runtime?>(nil)

    let policy: Policy

    /// Runs the script and everything that it started; gives the exit code.
    func run(file: String, arguments: [String], before: [String]) -> Int32 {
        KeyboardInterruption.claimSignal()
        let runtime = Runtime(policy: policy)
        // When this returns the process ends, for which the runtime need not be taken apart: that would be a tenth of a short program's work.
        ScriptProgram.runtime.withLock { $0 = runtime }
        do {
            return try runtime.asProgram {
                let state = try runtime.makeState()
                let interruption = KeyboardInterruption(state.interruptHandle)
                let code = execute(state, file, arguments, before)
                interruption.mainHasEnded()
                return finish(runtime, state, code)
            }
        } catch {
            return report(LuaError.wrapping(error))
        }
    }

    private func execute(_ state: LuaState, _ file: String, _ arguments: [String], _ before: [String]) -> Int32 {
        do {
            try ScriptArguments.set(script: file, arguments, before: before, in: state)
            let chunk =
                file == "-"
                ? try state.load(bytes: SourceFile.read("-"), chunkName: "=stdin") : try state.load(file: file)
            try state.run(chunk, arguments: arguments)
            return 0
        } catch {
            return report(LuaError.wrapping(error))
        }
    }

    /// Threads that are no daemons end by themselves, unless the script was interrupted; then the rest is stopped.
    private func finish(_ runtime: Runtime, _ state: LuaState, _ code: Int32) -> Int32 {
        var code = code
        if !KeyboardInterruption.hasHappened, !joinThreads(runtime), code == 0 { code = 1 }
        Waiter.current.clearInterrupt()
        // It may have come while the script ran, which has said so, or afterwards.
        if KeyboardInterruption.hasHappened, code == 0 { code = report(LuaError(.interrupted, "interrupted!")) }
        do { try runtime.finish(state) } catch { code = report(error) }
        if code != 0 { runtime.discardUnfinishedWork(of: state) }
        state.close()
        if !runtime.shutdown(seconds: ScriptProgram.patience) { tellOfThreadsLeft(in: runtime) }
        return code
    }

    /// What keeps a thread from stopping is one call of C that takes long, such as a search with a pattern that tries everything.
    private func tellOfThreadsLeft(in runtime: Runtime) {
        let names = runtime.threads.map { "'\($0.threadName)'" }
        guard !names.isEmpty else { return }
        Terminal.report(
            "nightjar: \(names.count == 1 ? "thread" : "threads") \(names.joined(separator: ", ")) did not stop within "
                + "\(Int(ScriptProgram.patience)) s: inside one call that cannot be interrupted, such as a pattern of string.find; "
                + "the program ends without waiting longer")
    }

    /// - Returns: false if threads were in a deadlock, of which they or this have told.
    private func joinThreads(_ runtime: Runtime) -> Bool {
        do {
            return try runtime.waitForThreads()
        } catch {
            guard WaitInterrupted(error)?.isDeadlock == true, let report = Waiter.current.takeDeadlock() else {
                return true
            }
            Terminal.report("nightjar: \(report)")
            return false
        }
    }

    private func report(_ error: LuaError) -> Int32 {
        if error.isSystemExit { return exitCode(error) }
        Terminal.report("nightjar: " + error.report + (error.traceback.isEmpty ? "" : "\n" + error.traceback))
        return 1
    }

    /// `SystemExit(3)`; without a number 0, with a text that text and 1.
    private func exitCode(_ error: LuaError) -> Int32 {
        if error.message.isEmpty { return 0 }
        if let code = Int32(error.message) { return code }
        Terminal.report(error.message)
        return 1
    }
}
