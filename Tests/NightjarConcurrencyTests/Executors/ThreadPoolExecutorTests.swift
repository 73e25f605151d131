import NightjarConcurrency
import Testing

private struct Failure: Error {}

/// Belongs to one worker; counts itself.
private final class Desk {
    let home = ThreadIdentity.current
    var jobs = 0
}

@Suite struct ThreadPoolExecutorTests {
    /// A job that waits until it is let go, and says when it has begun.
    private struct Gate: Sendable {
        let begun = FIFOQueue<Bool>(), open = Event()

        func pass() throws {
            try begun.put(true)
            _ = try open.wait(until: Deadline(after: patience))
        }

        func waitUntilBegun(_ count: Int = 1) throws {
            for _ in 0..<count { _ = try begun.get(until: Deadline(after: patience)) }
        }
    }

    private func end<Context>(_ executor: ThreadPoolExecutor<Context>) throws {
        executor.shutdown()
        #expect(try executor.wait(until: Deadline(after: patience)))
        #expect(executor.workerCount == 0)
    }

    /// Workers with a context each.
    private func desks(
        maxWorkers: Int = 2, initialize: (@Sendable (Desk) throws -> Void)? = nil
    ) -> ThreadPoolExecutor<Desk> {
        var options = ThreadPoolOptions<Desk>(maxWorkers: maxWorkers, namePrefix: "desk")
        options.initialize = initialize
        return ThreadPoolExecutor(options) { worker in
            _ = try NativeThread.start(name: worker.name) {
                worker.run(Desk())
                worker.retire()
            }
        }
    }

    @Test func jobsGiveResultsAndErrors() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 2)
        let sum = try executor.submit { 1 + 2 }
        let failed = try executor.submit { () throws -> Int in throw Failure() }
        #expect(try sum.result() == 3)
        #expect(throws: Failure.self) { try failed.result() }
        try end(executor)
    }

    @Test func aTaskAwaitsAJob() async throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1)
        let future = try executor.submit { "done" }
        #expect(try await future.value == "done")
        try end(executor)
    }

    @Test func jobsRunInTheOrderOfTheirSubmission() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1), seen = Shared<[Int]>([])
        for number in 0..<100 { _ = try executor.submit { seen.update { $0.append(number) } } }
        try end(executor)
        #expect(seen.value == Array(0..<100))
    }

    @Test func workersKeepTheirContextOnTheirThread() throws {
        let executor = desks(), total = Shared(0)
        let futures = try (0..<50).map { _ in
            try executor.submit { desk in
                #expect(desk.home == .current)
                desk.jobs += 1
                total.update { $0 += 1 }
                return desk.jobs
            }
        }
        let counts = try futures.map { try $0.result() }
        #expect(total.value == 50)
        // 50 jobs on two desks: one of them did 25 at least.
        #expect(counts.max() ?? 0 >= 25)
        try end(executor)
    }

    @Test func asManyWorkersAsThereIsWorkForUpToTheLimit() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 3), gate = Gate()
        for count in 1...5 {
            _ = try executor.submit { try gate.pass() }
            #expect(executor.workerCount == min(count, 3))
        }
        try gate.waitUntilBegun(3)
        #expect(executor.pendingJobs == 2)
        gate.open.set()
        try end(executor)
    }

    @Test func anIdleWorkerIsReused() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 8)
        for _ in 0..<200 { _ = try executor.submit { 1 }.result() }
        #expect(executor.workerCount == 1)
        try end(executor)
    }

    /// The worker that runs a callback counts as busy: a job that the callback waits for gets another.
    @Test func aCallbackMayWaitForAnotherJob() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 2), gate = Gate(), answer = Future<Int>()
        let future = try executor.submit { try gate.pass() }
        try gate.waitUntilBegun()
        future.onDone { _ in
            let inner = try? executor.submit { 5 }
            try? answer.finish(Result { try inner?.result(until: Deadline(after: patience)) ?? 0 })
        }
        gate.open.set()
        #expect(try answer.result(until: Deadline(after: patience)) == 5)
        try end(executor)
    }

    @Test func workersAreCalledByPrefixAndNumber() throws {
        let names = Shared<[String]>([])
        let executor = ThreadPoolExecutor<Void>(ThreadPoolOptions(maxWorkers: 2, namePrefix: "pool")) { worker in
            names.update { $0.append(worker.name) }
            _ = try NativeThread.start(name: worker.name) {
                worker.run(())
                worker.retire()
            }
        }
        let gate = Gate()
        for _ in 0..<2 { _ = try executor.submit { try gate.pass() } }
        #expect(names.value == ["pool_0", "pool_1"])
        gate.open.set()
        try end(executor)
    }

    @Test func theDefaultIsPythonsNumberOfWorkers() {
        #expect(ThreadPoolDefaults.maxWorkers == min(32, Processors.usable + 4))
        #expect(Processors.usable >= 1)
    }

    // MARK: Cancelling

    @Test func aCancelledJobIsNotDone() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1), gate = Gate(), seen = Shared(0)
        let running = try executor.submit { try gate.pass() }
        try gate.waitUntilBegun()
        let pending = try executor.submit { seen.update { $0 += 1 } }
        #expect(pending.cancel())
        #expect(!running.cancel())
        gate.open.set()
        try end(executor)
        #expect(seen.value == 0)
        #expect(pending.status == .cancelledAndNotified)
        #expect(running.status == .finished)
    }

    @Test func shutdownCanCancelWhatIsPending() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1), gate = Gate()
        let running = try executor.submit { try gate.pass() }
        try gate.waitUntilBegun()
        let pending = try (0..<10).map { _ in try executor.submit { 1 } }
        let waiting = try Running { () -> Int in
            let collector = FutureCollector(pending)
            _ = try collector.wait(for: .allCompleted)
            return collector.ended.count
        }
        #expect(waiting.blocks())
        executor.shutdown(cancelPending: true)
        #expect(pending.allSatisfy { $0.isCancelled })
        #expect(try waiting.value() == 10)
        gate.open.set()
        #expect(try executor.wait(until: Deadline(after: patience)))
        #expect(running.status == .finished)
    }

    // MARK: The end

    @Test func afterShutdownNothingIsTakenAndWhatIsThereIsDone() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 2), gate = Gate()
        let futures = try (0..<20).map { number in
            try executor.submit { () throws -> Int in
                try gate.pass()
                return number
            }
        }
        executor.shutdown()
        #expect(throws: ExecutorError.self) { try executor.submit { 1 } }
        #expect(try !executor.wait(until: .passed))
        gate.open.set()
        try end(executor)
        #expect(try futures.map { try $0.result() } == Array(0..<20))
    }

    @Test func theReasonOfARefusalIsTold() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1)
        executor.finish()
        #expect(try refusal(executor) == "cannot schedule new futures after interpreter shutdown")
        executor.shutdown()
        #expect(try refusal(executor) == "cannot schedule new futures after shutdown")
    }

    private func refusal(_ executor: ThreadPoolExecutor<Void>) throws -> String? {
        do {
            _ = try executor.submit { 1 }
            return nil
        } catch { return "\(error)" }
    }

    @Test func shutdownOfAnExecutorWithoutWorkersEndsAtOnce() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1)
        executor.shutdown()
        executor.shutdown()
        #expect(try executor.wait(until: .passed))
    }

    @Test func lettingGoOfAnExecutorEndsItsWorkersAfterTheirWork() throws {
        let gate = Gate(), ends = FIFOQueue<Bool>()
        var executor: ThreadPoolExecutor<Void>? = ThreadPoolExecutor(ThreadPoolOptions(maxWorkers: 2)) { worker in
            _ = try NativeThread.start(name: worker.name) {
                worker.run(())
                worker.retire()
                try? ends.put(true)
            }
        }
        let futures = try (0..<6).map { _ in try #require(executor).submit { try gate.pass() } }
        executor = nil
        gate.open.set()
        for future in futures { try future.result() }
        for _ in 0..<2 { _ = try ends.get(until: Deadline(after: patience)) }
    }

    @Test func aWorkerKnowsThatItIsOne() throws {
        let executor = ThreadPoolExecutor(maxWorkers: 1)
        #expect(!executor.isOnWorker)
        #expect(try executor.submit { executor.isOnWorker }.result())
        try end(executor)
    }

    // MARK: Preparing

    @Test func eachWorkerIsPreparedOnce() throws {
        let prepared = Shared(0), gate = Gate()
        let executor = desks(maxWorkers: 3) { desk in
            prepared.update { $0 += 1 }
            desk.jobs = 100
        }
        let futures = try (0..<9).map { _ in
            try executor.submit { desk in
                try gate.pass()
                desk.jobs += 1
                return desk.jobs
            }
        }
        gate.open.set()
        for future in futures { #expect(try future.result() > 100) }
        // A worker that has become idle takes the next job before another is started.
        #expect(1...3 ~= prepared.value)
        try end(executor)
    }

    @Test func anExecutorWhoseWorkerCannotBePreparedIsBroken() throws {
        let gate = Gate()
        let executor = desks { _ in
            try gate.pass()
            throw Failure()
        }
        let futures = try (0..<3).map { _ in try executor.submit { $0.jobs } }
        gate.open.set()
        for future in futures {
            #expect { try future.result() } throws: { error in
                if case ExecutorError.broken = error { true } else { false }
            }
        }
        #expect(throws: ExecutorError.self) { try executor.submit { $0.jobs } }
        try end(executor)
    }

    @Test func aJobForWhichThereIsNoThreadIsRefused() throws {
        let executor = ThreadPoolExecutor<Void>(ThreadPoolOptions(maxWorkers: 2)) { _ in throw Failure() }
        #expect(throws: ExecutorError.self) { try executor.submit { 1 } }
        #expect(executor.pendingJobs == 0)
        try end(executor)
    }

    @Test func withoutASecondThreadTheFirstDoesTheWork() throws {
        let isFirst = Shared(true)
        let executor = ThreadPoolExecutor<Void>(ThreadPoolOptions(maxWorkers: 2)) { worker in
            guard
                isFirst.update({ first in
                    defer { first = false }
                    return first
                })
            else { throw Failure() }
            _ = try NativeThread.start(name: worker.name) {
                worker.run(())
                worker.retire()
            }
        }
        let gate = Gate()
        let first = try executor.submit { try gate.pass() }
        let second = try executor.submit { 2 }
        gate.open.set()
        try first.result()
        #expect(try second.result() == 2)
        try end(executor)
    }

    @Test func aThreadWithoutAContextBreaksTheExecutor() throws {
        let executor = ThreadPoolExecutor<Void>(ThreadPoolOptions(maxWorkers: 1)) { worker in
            _ = try NativeThread.start(name: worker.name) { worker.retire(failure: Failure()) }
        }
        let future = try executor.submit { 1 }
        #expect(throws: ExecutorError.self) { try future.result() }
        try end(executor)
    }

    // MARK: Stopping workers

    /// The workers of an executor as they are started.
    private func stoppable(
        _ maxWorkers: Int, _ workers: Shared<[ExecutorWorker<Void>]>
    ) -> ThreadPoolExecutor<Void> {
        ThreadPoolExecutor(ThreadPoolOptions(maxWorkers: maxWorkers)) { worker in
            workers.update { $0.append(worker) }
            _ = try NativeThread.start(name: worker.name) {
                worker.run(())
                worker.retire()
            }
        }
    }

    @Test func aStoppedWorkerIsReplacedWhereThereIsWork() throws {
        let workers = Shared<[ExecutorWorker<Void>]>([]), executor = stoppable(1, workers), gate = Gate()
        let first = try executor.submit { try gate.pass() }
        let second = try executor.submit { 2 }
        try gate.waitUntilBegun()
        workers.value[0].stop()
        #expect(workers.value[0].isStopping)
        gate.open.set()
        try first.result()
        #expect(try second.result() == 2)
        #expect(workers.value.map(\.name) == ["ThreadPoolExecutor_0", "ThreadPoolExecutor_1"])
        try end(executor)
        // Workers know their executor, whose closure has the list.
        workers.update { $0 = [] }
    }

    @Test func anIdleWorkerCanBeStopped() throws {
        let workers = Shared<[ExecutorWorker<Void>]>([]), executor = stoppable(1, workers)
        _ = try executor.submit { 1 }.result()
        workers.value[0].stop()
        #expect(eventually { executor.workerCount == 0 })
        #expect(try executor.submit { 2 }.result() == 2)
        try end(executor)
        // Workers know their executor, whose closure has the list.
        workers.update { $0 = [] }
    }

    @Test func anIdleWorkerTidiesUpOnce() throws {
        let tidied = Shared(0)
        var options = ThreadPoolOptions<Void>(maxWorkers: 1)
        options.onIdle = ThreadPoolOptions.IdleAction(after: 0.001) { tidied.update { $0 += 1 } }
        let executor = ThreadPoolExecutor(options) { worker in
            _ = try NativeThread.start(name: worker.name) {
                worker.run(())
                worker.retire()
            }
        }
        _ = try executor.submit { 1 }.result()
        #expect(eventually { tidied.value == 1 })
        #expect(try executor.submit { 2 }.result() == 2)
        #expect(eventually { tidied.value == 2 })
        try end(executor)
    }

    // MARK: Races

    @Test func nothingIsLostWhenAllComesTogether() throws {
        for round in 0..<60 {
            let executor = ThreadPoolExecutor(maxWorkers: 1 + round % 4), done = Shared(0)
            let submitting = try (0..<3).map { _ in
                try Running { () -> [Future<Void>] in
                    var futures: [Future<Void>] = []
                    for number in 0..<60 {
                        guard let future = try? executor.submit({ done.update { $0 += 1 } }) else { break }
                        futures.append(future)
                        if number % 7 == round % 7 { future.cancel() }
                    }
                    return futures
                }
            }
            if round % 2 == 0 { executor.shutdown(cancelPending: round % 4 == 0) }
            let futures = try submitting.flatMap { try $0.value() }
            try end(executor)
            #expect(futures.allSatisfy { $0.isDone })
            #expect(futures.filter { $0.status == .finished }.count == done.value)
        }
    }
}
