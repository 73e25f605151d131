import NightjarConcurrency
import Testing

/// Each primitive in the hands of a Swift developer, as short as it gets.
@Suite struct UsageTests {
    /// What threads of these examples share: guarded by whatever the example shows.
    private final class Account: @unchecked Sendable {
        var balance = 0
        func deposit(_ amount: Int) { balance += amount }
    }

    private static func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let threads = try (0..<count).map { number in
            try NativeThread.start(name: "worker \(number)") {
                do { try body(number) } catch { Issue.record(error) }
            }
        }
        for thread in threads { try thread.join() }
    }

    @Test func aLockGuardsWhatThreadsShare() throws {
        let lock = Lock(), account = Account()
        try Self.inParallel(4) { _ in
            for _ in 0..<1_000 { try lock.withLock { account.deposit(1) } }
        }
        #expect(account.balance == 4_000)
    }

    @Test func aRecursiveLockIsTakenAgainByItsHolder() throws {
        let lock = RecursiveLock(), account = Account()
        try lock.withLock {
            try lock.withLock { account.deposit(1) }
            #expect(lock.isOwned && lock.depth == 1)
        }
        #expect(!lock.isLocked)
    }

    @Test func anErrorInsideComesOutWithTheLockReleased() throws {
        struct Overdrawn: Error {}
        let lock = Lock(), semaphore = try CountingSemaphore(value: 1)
        #expect(throws: Overdrawn.self) { try lock.withLock { throw Overdrawn() } }
        #expect(throws: Overdrawn.self) { try semaphore.withPermit { throw Overdrawn() } }
        #expect(throws: LockError.releaseUnlocked) { try lock.withLock { try lock.release() } }
        #expect(!lock.isLocked && semaphore.value == 1)
    }

    @Test func aConditionWaitsForAState() throws {
        let condition = Condition(), account = Account()
        let saver = try NativeThread.start(name: "saver") {
            for _ in 0..<10 {
                try? condition.withLock {
                    account.deposit(1)
                    try condition.notifyAll()
                }
            }
        }
        try condition.withLock { try condition.waitFor { account.balance == 10 } }
        #expect(account.balance == 10)
        try saver.join()
    }

    @Test func aSemaphoreLimitsHowManyAreInside() throws {
        let permits = try CountingSemaphore(value: 2), lock = Lock(), inside = Account(), most = Account()
        try Self.inParallel(6) { _ in
            try permits.withPermit {
                try lock.withLock {
                    inside.balance += 1
                    most.balance = max(most.balance, inside.balance)
                }
                try lock.withLock { inside.balance -= 1 }
            }
        }
        #expect((1...2).contains(most.balance) && permits.value == 2)
        let bounded = try BoundedSemaphore(value: 1)
        #expect(throws: LockError.semaphoreReleasedTooOften) { try bounded.release() }
    }

    @Test func anEventLetsThreadsGo() throws {
        let start = Event(), lock = Lock(), started = Account()
        let thread = try NativeThread.start(name: "runner") {
            _ = try? start.wait()
            try? lock.withLock { started.deposit(1) }
        }
        #expect(try !start.wait(until: Deadline(after: .milliseconds(1))))
        start.set()
        try thread.join()
        #expect(started.balance == 1)
    }

    @Test func aBarrierLetsThreadsMeetInRounds() throws {
        let rounds = Account()
        let barrier = try Barrier(parties: 3) { rounds.deposit(1) }
        try Self.inParallel(3) { _ in
            for _ in 0..<5 { try barrier.wait() }
        }
        #expect(rounds.balance == 5)
    }

    @Test func aQueueFeedsWorkers() throws {
        let jobs = FIFOQueue<Int>(maxsize: 2), results = FIFOQueue<Int>()
        let workers = try (0..<2).map { number in
            try NativeThread.start(name: "worker \(number)") {
                // Until the queue is shut down and empty.
                while let job = try? jobs.get() {
                    try? results.put(job * job)
                    try? jobs.taskDone()
                }
            }
        }
        for job in 1...10 { try jobs.put(job) }
        try jobs.join()
        jobs.shutdown()
        for worker in workers { try worker.join() }
        #expect(try results.getMany(100).sorted() == (1...10).map { $0 * $0 })
        #expect(results.tryGet() == nil)
        #expect(throws: QueueError.shutDown) { try jobs.put(1) }
    }

    @Test func queuesHaveTheirOrders() throws {
        let last = LIFOQueue<Int>()
        #expect(last.putMany([1, 2, 3]).count == 3)
        #expect(try last.getMany(3) == [3, 2, 1])
        let shortest = PriorityQueue<String>(PriorityDiscipline { $0.count < $1.count })
        #expect(shortest.putMany(["three", "a", "four", "b"]).count == 4)
        #expect(try shortest.getMany(4) == ["a", "b", "four", "three"])
    }

    @Test func aTimerRunsUnlessItIsCancelled() throws {
        let timers = TimerQueue(), fired = Event(), lock = Lock(), late = Account()
        let never = try timers.schedule(at: Deadline(after: .seconds(3600))) { try? lock.withLock { late.deposit(1) } }
        try timers.schedule(at: Deadline(after: .milliseconds(1))) { fired.set() }
        try fired.wait()
        #expect(never.cancel() && timers.count == 0 && late.balance == 0)
    }

    @Test func aPoolKeepsResourcesReady() async throws {
        let pool = WorkerPool { Account() }
        let job = try pool.run(name: "deposit") { account in account.deposit(1) }
        if case .failure(let error) = await job.outcome() { Issue.record(error) }
        #expect(try pool.shutdown())
    }

    @Test func anExecutorGivesFutures() async throws {
        let executor = ThreadPoolExecutor(maxWorkers: 2)
        let futures = try (1...4).map { number in try executor.submit { number * 10 } }
        var sum = 0
        for future in futures { sum += try await future.value }
        #expect(sum == 100)
        executor.shutdown()
        #expect(try executor.wait())
    }

    @Test func aCompletionIsFilledOnceAndAwaited() async throws {
        let completion = Completion<String>()
        let thread = try NativeThread.start(name: "writer") { completion.complete("done") }
        #expect(await completion.result() == "done")
        #expect(!completion.complete("again"))
        await thread.ended()
        #expect(thread.isFinished)
    }

    @Test func aWaitIsInterrupted() throws {
        let never = Event(), outcome = Completion<Bool>()
        let thread = try NativeThread.start(name: "waiting") {
            do { outcome.complete(try never.wait()) } catch { outcome.complete(error is WaitInterrupted) }
        }
        thread.waiter.interrupt()
        #expect(try outcome.wait() == true)
    }

    @Test func aDeadlockIsReported() throws {
        let monitor = DeadlockMonitor(), lock = Lock(), report = Completion<String>()
        _ = try NativeThread.start(name: "A") {
            monitor.enter(.ordinary) { "A" }
            defer { monitor.leave() }
            do {
                try lock.withLock { try lock.acquire() }
            } catch {
                report.complete(Waiter.current.takeDeadlock()?.summary ?? "\(error)")
            }
        }
        #expect(try report.wait() == "deadlock: A waits for itself")
        #expect(!lock.isLocked)
    }
}
