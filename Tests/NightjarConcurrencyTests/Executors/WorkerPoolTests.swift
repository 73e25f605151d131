import Glibc
import NightjarConcurrency
import Testing

/// Bound to the thread that made it; counts itself.
private final class Tool {
    private let maker = NativeThread.currentNativeID
    private let living: Shared<Int>
    let number: Int

    init(_ living: Shared<Int>, number: Int) {
        self.living = living
        self.number = number
        living.update { $0 += 1 }
    }

    var isAtHome: Bool { maker == NativeThread.currentNativeID }

    deinit {
        #expect(isAtHome)
        living.update { $0 -= 1 }
    }
}

@Suite struct WorkerPoolTests {
    private let living = Shared(0)
    private let made = Shared(0)

    private func pool(_ options: WorkerPoolOptions = WorkerPoolOptions()) -> WorkerPool<Tool> {
        WorkerPool(options: options) { [living, made] in
            Tool(
                living,
                number: made.update {
                    $0 += 1; return $0
                })
        }
    }

    @Test func aJobGetsTheStackThatItAsksFor() throws {
        /// Uses 64 KiB of stack for each level.
        @Sendable func deepen(_ levels: Int) -> Int {
            withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { memory in
                memory[0] = UInt8(truncatingIfNeeded: levels)
                return levels == 0 ? 0 : 1 + deepen(levels - 1) + Int(memory[0]) - levels % 256
            }
        }
        let pool = WorkerPool<Void>(options: WorkerPoolOptions(stackSize: 1 << 20)) {}
        let depth = Shared(0)
        for size in [0, 64, 32 << 20] {
            let job = try pool.run(name: "deep", stackSize: size) { _ in
                depth.update { $0 = deepen(size > 1 << 20 ? 400 : 4) }
            }
            _ = try job.wait()
            #expect(depth.value == (size > 1 << 20 ? 400 : 4))
        }
        #expect(try pool.shutdown())
    }

    @Test func eachJobGetsAResourceOfItsOwnOnItsThread() throws {
        let pool = pool()
        let numbers = Shared<[Int]>([])
        for _ in 0..<50 {
            let job = try pool.run(name: "job") { tool in
                #expect(tool.isAtHome)
                numbers.update { $0.append(tool.number) }
            }
            #expect(try job.wait(until: Deadline(after: patience)) != nil)
        }
        #expect(Set(numbers.value).count == 50)
        #expect(try pool.shutdown(until: Deadline(after: patience)))
        #expect(living.value == 0)
        #expect(pool.threadCount == 0)
    }

    @Test func theResourceIsGoneWhenTheJobIsFinished() throws {
        let pool = pool(WorkerPoolOptions(idleLimit: 0))
        let job = try pool.run(name: "job") { _ in }
        _ = try job.wait()
        #expect(living.value == 0)
    }

    @Test func jobsNeverWaitForEachOther() throws {
        let pool = pool(WorkerPoolOptions(idleLimit: 2))
        let barrier = try Barrier(parties: 20)
        let jobs = try (0..<20).map { _ in try pool.run(name: "job") { _ in _ = try? barrier.wait() } }
        for job in jobs { #expect(try job.wait(until: Deadline(after: patience)) != nil) }
        #expect(!barrier.isBroken)
        #expect(eventually { pool.threadCount <= 2 })
    }

    @Test func aParkedWorkerTakesTheNextJob() throws {
        let pool = pool(WorkerPoolOptions(idleLimit: 1))
        let ids = Shared<Set<Int32>>([])
        for _ in 0..<20 {
            #expect(eventually { pool.threadCount == 0 || pool.idleCount == 1 })
            let job = try pool.run(name: "job") { _ in ids.update { _ = $0.insert(NativeThread.currentNativeID) } }
            _ = try job.wait()
        }
        #expect(ids.value.count == 1)
    }

    @Test func anErrorOfMakingTheResourceIsTheJobsOutcome() throws {
        struct NoTool: Error {}
        let pool = WorkerPool<Int> { throw NoTool() }
        let job = try pool.run(name: "job") { _ in Issue.record("ran without a resource") }
        let outcome = try #require(try job.wait(until: Deadline(after: patience)))
        #expect(throws: NoTool.self) { try outcome.get() }
        #expect(try pool.shutdown(until: Deadline(after: patience)))
    }

    @Test func idleWorkersEndAfterTheirTime() throws {
        let pool = pool(WorkerPoolOptions(idleLimit: 3, idleTimeout: 0.01))
        try pool.prewarm(3)
        #expect(eventually { made.value == 3 })
        #expect(eventually { pool.threadCount == 0 })
        #expect(living.value == 0)
        let job = try pool.run(name: "job") { _ in }
        #expect(try job.wait(until: Deadline(after: patience)) != nil)
    }

    @Test func afterShutdownThereAreNoJobs() throws {
        let pool = pool()
        try pool.prewarm(2)
        let go = Event()
        let job = try pool.run(name: "job") { _ in _ = try? go.wait() }
        #expect(try !pool.shutdown(until: Deadline(after: 0.01)))
        #expect(throws: WorkerPoolError.self) { try pool.run(name: "late") { _ in } }
        go.set()
        #expect(try pool.shutdown(until: Deadline(after: patience)))
        #expect(job.isFinished)
        #expect(living.value == 0)
    }

    @Test func droppingThePoolEndsItsThreads() throws {
        do {
            let pool = pool()
            try pool.prewarm(2)
            #expect(eventually { living.value == 2 })
        }
        #expect(eventually { living.value == 0 })
    }

    @Test func interruptingAFinishedJobDoesNotHitTheNext() throws {
        let pool = pool(WorkerPoolOptions(idleLimit: 1))
        let first = try pool.run(name: "first") { _ in }
        _ = try first.wait()
        let entered = Event(), go = Event(), interrupted = Shared(false)
        let second = try pool.run(name: "second") { _ in
            entered.set()
            do { _ = try go.wait() } catch { interrupted.update { $0 = true } }
        }
        _ = try entered.wait()
        first.waiter.interrupt()
        #expect(!first.signal(SIGURG))
        #expect(second.signal(SIGURG))
        #expect(eventually { second.waiter.pendingWait != nil })
        go.set()
        _ = try second.wait()
        #expect(!interrupted.value)
    }

    @Test func aLockThatAJobLeftBehindIsNotTheNextJobsOnItsThread() throws {
        let pool = pool()
        let lock = RecursiveLock()
        let places = Shared<[Int32]>([])
        let job = try pool.run(name: "leaves it") { _ in
            places.update { $0.append(NativeThread.currentNativeID) }
            _ = try? lock.acquire()
        }
        _ = try job.wait()
        #expect(eventually { pool.idleCount == 1 })
        let next = try pool.run(name: "comes after") { _ in
            places.update { $0.append(NativeThread.currentNativeID) }
            #expect(!lock.isOwned && !lock.tryAcquire())
        }
        _ = try next.wait()
        #expect(places.value[0] == places.value[1])
    }

    @Test func interruptingAJobEndsItsWait() throws {
        let pool = pool()
        let interrupted = Shared(false)
        let job = try pool.run(name: "job") { _ in
            do { _ = try Event().wait() } catch { interrupted.update { $0 = true } }
        }
        job.waiter.interrupt()
        #expect(try job.wait(until: Deadline(after: patience)) != nil)
        #expect(interrupted.value)
    }

    @Test func manyJobsFromManyThreadsAllRun() throws {
        let pool = pool(WorkerPoolOptions(idleLimit: 2, idleTimeout: 0.001))
        let ran = Shared(0)
        let starters = try (0..<3).map { _ in
            try Running {
                for _ in 0..<300 {
                    let job = try pool.run(name: "job") { _ in ran.update { $0 += 1 } }
                    _ = try job.wait()
                }
            }
        }
        for starter in starters { try starter.value() }
        #expect(ran.value == 900)
        #expect(try pool.shutdown(until: Deadline(after: patience)))
        #expect(living.value == 0)
    }
}
