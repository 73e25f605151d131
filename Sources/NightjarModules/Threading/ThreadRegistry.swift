import NightjarConcurrency
import NightjarLua
import Synchronization

/// The threads of one program, and the pool that they run on.
final class ThreadRegistry: Sendable {
    private struct Alive {
        var threads: [LuaThread] = []
        var isClosed = false
        var number = 0
        var main: LuaThread?
        var deadlocks = 0
        /// Threads of the program's own that have asked who they are.
        var foreign: [LuaThread] = []
    }
    private let alive = Mutex(Alive())
    /// Set while the end of the program waits for its threads: who joins the main thread then must not wait in turn.
    let mainScriptEnded = Event(behind: "Thread.join", remark: "for \(LuaThread.mainName)")

    func nextNumber() -> Int {
        alive.withLock {
            $0.number += 1
            return $0.number
        }
    }

    /// - Throws: when all threads have been told to stop.
    func add(_ thread: LuaThread) throws {
        let isOpen = alive.withLock {
            if !$0.isClosed { $0.threads.append(thread) }
            return !$0.isClosed
        }
        if !isOpen { throw LuaException(.runtimeError, "can't create new thread at interpreter shutdown") }
    }

    func remove(_ thread: LuaThread) { alive.withLock { $0.threads.removeAll { $0 === thread } } }

    /// The running threads in the order of their start, without the main one.
    var running: [LuaThread] { alive.withLock { $0.threads } }

    /// All threads that are alive: the main one, those that were started, those of the program.
    func all(_ main: LuaThread) -> [LuaThread] {
        alive.withLock { alive in
            alive.foreign.removeAll { !$0.isAlive }
            return [main] + alive.threads + alive.foreign
        }
    }

    /// The thread that runs this code; `make` describes one that nobody knows.
    func current(_ make: () -> LuaThread) -> LuaThread {
        let number = ThreadNumbers.currentIdentifier
        let known = alive.withLock { alive in
            alive.main?.identifier == number
                ? alive.main : (alive.threads + alive.foreign).first { $0.identifier == number }
        }
        if let known { return known }
        let made = make()
        alive.withLock { alive in
            alive.foreign.removeAll { !$0.isAlive }
            alive.foreign.append(made)
        }
        return made
    }

    /// The main thread's object, which stands for whoever runs the first script.
    func main(_ make: () -> LuaThread) -> LuaThread {
        if let main = alive.withLock({ $0.main }) { return main }
        let made = make()
        return alive.withLock {
            if $0.main == nil { $0.main = made }
            return $0.main ?? made
        }
    }

    /// What the main thread is called at the time of the call.
    var mainName: @Sendable () -> String {
        { [weak self] in self?.alive.withLock { $0.main }?.name ?? LuaThread.mainName }
    }

    /// How many threads have ended with a `DeadlockError`.
    var deadlockCount: Int { alive.withLock { $0.deadlocks } }
    func noteDeadlock() { alive.withLock { $0.deadlocks += 1 } }

    /// Waits for the threads that are no daemons, as the end of a program does.
    func joinAll(until deadline: Deadline? = nil) throws(WaitInterrupted) -> Bool {
        mainScriptEnded.set()
        defer { mainScriptEnded.clear() }
        while let thread = running.first(where: { !$0.isDaemon }) {
            if try thread.end.wait(until: deadline) == nil { return false }
        }
        return true
    }

    /// Cancels every thread; no new ones start.
    func cancelAll(grace: Double) {
        let threads = alive.withLock {
            $0.isClosed = true
            return $0.threads
        }
        for thread in threads { thread.cancel(grace: grace) }
    }

    /// Cancels every thread and waits for their ends.
    /// - Returns: the threads that have not ended in time.
    func cancelAll(until deadline: Deadline) -> [LuaThread] {
        cancelAll(grace: 0.2)
        for thread in running {
            // Interrupted itself, the caller still has to know who is left.
            guard (try? thread.end.wait(until: deadline)) != nil else { continue }
        }
        return running
    }
}
