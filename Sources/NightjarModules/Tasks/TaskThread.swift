import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// The thread that follows the schedule of a task.
///
/// It runs the function itself, in one interpreter for the life of the task: what a run leaves in upvalues and globals, the
/// next one finds. Where runs may overlap, each gets a thread and a fresh copy of the function, and this one only starts them.
struct TaskThread: Sendable {
    private let task: ScheduledTask
    private let work: TaskWork
    private let thread: LuaThread
    /// The threads of runs under way, where they have their own.
    private let runs: OverlappingRuns?

    init(_ task: ScheduledTask, _ work: TaskWork, _ thread: LuaThread, overlaps: Bool) {
        self.task = task
        self.work = work
        self.thread = thread
        runs = overlaps ? OverlappingRuns() : nil
        thread.name = task.name
    }

    func start(in environment: ScriptEnvironment) throws {
        let tasks = environment.tasks
        tasks.add(task)
        task.onInterrupt { [thread, runs] in if let runs { runs.cancel() } else { thread.cancel() } }
        do {
            try thread.launch(in: environment) { state in drive(state) }
        } catch {
            tasks.remove(task)
            task.finish()
            throw error
        }
        // Not at the end of `drive`: a thread that is cancelled before it begins does not get there.
        thread.end.onComplete { [task] _ in
            tasks.remove(task)
            task.finish()
        }
    }

    // MARK: On the thread

    private func drive(_ state: LuaState) -> LuaThread.Outcome {
        state.setAttachment(CurrentTask(task: task))
        LoggingThread.taskName = task.name
        defer { LoggingThread.taskName = nil }
        var outcome = LuaThread.Outcome()
        do {
            try follow(state)
        } catch {
            runs?.cancel()
            let isInterrupted = LuaError.wrapping(error).kind == .interrupted
            outcome.phase = isInterrupted ? .cancelled : .failed
            if !isInterrupted {
                outcome.error = CrossedError(error, on: state.stack)
                report(error, state, thread)
            }
        }
        thread.settle(state, outcome)
        return outcome
    }

    private func follow(_ state: LuaState) throws {
        let stack = state.stack
        // A wait is inside Lua, where interruptions come.
        try state.function("wait") { [task] call in
            try call.results(call.waiting { try task.waitForRun() })
        }.push(to: stack)
        let wait = stack.top
        if runs == nil { try work.unpack(to: stack) }
        while try isDue(wait, stack) {
            if let runs { startRun(state, runs) } else { try runHere(state, at: wait + 1) }
        }
    }

    private func runHere(_ state: LuaState, at index: Int32) throws {
        do {
            try task.endRun(run(state, at: index, on: thread))
        } catch {
            task.endRun()
            throw error
        }
    }

    private func isDue(_ wait: Int32, _ stack: LuaStack) throws -> Bool {
        stack.pushCopy(of: wait)
        try stack.call(arguments: 0, results: 1)
        defer { stack.pop() }
        return stack.boolean(at: -1)
    }

    /// One run. An error is reported; an interruption goes on.
    /// - Returns: the error.
    private func run(_ state: LuaState, at index: Int32, on thread: LuaThread) throws -> CrossedError? {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try work.call(task, at: index, stack)
            return nil
        } catch {
            let luaError = LuaError.wrapping(error)
            if luaError.kind == .interrupted { throw error }
            // As in a thread, it ends what raised it without a word.
            if luaError.isSystemExit {
                task.cancel()
                return nil
            }
            let crossed = CrossedError(error, on: stack)
            report(error, state, thread)
            return crossed
        }
    }

    private func report(_ error: any Error, _ state: LuaState, _ thread: LuaThread) {
        ExceptHook.report(error, LuaError.wrapping(error), thread, state)
    }

    // MARK: Runs that overlap

    private func startRun(_ state: LuaState, _ runs: OverlappingRuns) {
        let environment = ScriptEnvironment.of(state)
        let thread = LuaThread(environment, isDaemon: self.thread.isDaemon)
        thread.name = "\(task.name) #\(task.runs)"
        runs.add(thread)
        do {
            try thread.launch(in: environment) { state in runOnce(state, thread) }
        } catch {
            runs.remove(thread)
            report(error, state, self.thread)
            return task.endRun(CrossedError(error, on: state.stack))
        }
        thread.end.onComplete { [task] outcome in
            runs.remove(thread)
            task.endRun(outcome.error)
        }
    }

    private func runOnce(_ state: LuaState, _ thread: LuaThread) -> LuaThread.Outcome {
        state.setAttachment(CurrentTask(task: task))
        LoggingThread.taskName = task.name
        defer { LoggingThread.taskName = nil }
        var outcome = LuaThread.Outcome()
        let index = state.stack.top + 1
        do {
            try work.unpack(to: state.stack)
            outcome.error = try run(state, at: index, on: thread)
            if outcome.error != nil { outcome.phase = .failed }
        } catch {
            outcome.phase = .cancelled
        }
        thread.settle(state, outcome)
        return outcome
    }
}

/// The threads of runs under way.
private final class OverlappingRuns: Sendable {
    private let threads = Mutex<[LuaThread]>([])

    func add(_ thread: LuaThread) { threads.withLock { $0.append(thread) } }
    func remove(_ thread: LuaThread) { threads.withLock { $0.removeAll { $0 === thread } } }
    func cancel() { for thread in threads.withLock({ $0 }) { thread.cancel() } }
}
