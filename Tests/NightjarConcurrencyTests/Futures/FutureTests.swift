import NightjarConcurrency
import Testing

private struct Failure: Error, Equatable {}

@Suite struct FutureTests {
    @Test func aNewFutureIsPending() {
        let future = Future<Int>()
        #expect(future.status == .pending)
        #expect(!future.isDone && !future.isRunning && !future.isCancelled)
        #expect(future.outcome == nil)
    }

    @Test func workTakesItFromPendingOverRunningToFinished() throws {
        let future = Future<Int>()
        #expect(try future.begin())
        #expect(future.isRunning && !future.isDone)
        #expect(future.holder == .current)
        try future.finish(.success(7))
        #expect(future.status == .finished && future.holder == nil)
        #expect(try future.result() == 7)
        #expect(!future.cancel())
    }

    @Test func anErrorComesOutOfResult() throws {
        let future = Future<Int>()
        try future.finish(.failure(Failure()))
        #expect(throws: Failure.self) { try future.result() }
    }

    @Test func aPendingFutureCanBeCancelledAndARunningOneCannot() throws {
        let pending = Future<Int>(), running = Future<Int>()
        _ = try running.begin()
        #expect(pending.cancel() && pending.cancel())
        #expect(pending.status == .cancelled)
        #expect(throws: FutureError.cancelled) { try pending.result() }
        #expect(!running.cancel())
        #expect(running.status == .running)
    }

    @Test func whoWouldDoTheWorkNoticesTheCancellation() throws {
        let future = Future<Int>()
        future.cancel()
        #expect(try !future.begin())
        #expect(future.status == .cancelledAndNotified)
        #expect(future.cancel())
        #expect(throws: FutureError.unexpectedState(.cancelledAndNotified)) { try future.begin() }
    }

    @Test func aSecondResultIsRefused() throws {
        let future = Future<Int>()
        try future.finish(.success(1))
        #expect(throws: FutureError.invalidState(.finished)) { try future.finish(.success(2)) }
        #expect(throws: FutureError.invalidState(.finished)) { try future.finish(.failure(Failure())) }
        #expect(try future.result() == 1)
        let cancelled = Future<Int>()
        cancelled.cancel()
        #expect(throws: FutureError.invalidState(.cancelled)) { try cancelled.finish(.success(2)) }
    }

    @Test func workCannotBeginTwice() throws {
        let future = Future<Int>()
        _ = try future.begin()
        #expect(throws: FutureError.unexpectedState(.running)) { try future.begin() }
    }

    @Test func everyWaitingThreadGetsTheResult() throws {
        let future = Future<Int>()
        let threads = try (0..<5).map { _ in try Running { try future.result() } }
        for thread in threads { #expect(thread.blocks()) }
        try future.finish(.success(3))
        for thread in threads { #expect(try thread.value() == 3) }
    }

    @Test func cancellingWakesThoseWhoWait() throws {
        let future = Future<Int>()
        let thread = try Running { try future.result() }
        #expect(thread.blocks())
        future.cancel()
        #expect(throws: FutureError.cancelled) { try thread.value() }
    }

    @Test func aWaitEndsAtItsDeadline() throws {
        let future = Future<Int>()
        #expect(throws: FutureError.timeout) { try future.result(until: .passed) }
        #expect(throws: FutureError.timeout) { try future.result(until: Deadline(after: 0.001)) }
        try future.finish(.success(1))
        #expect(try future.result(until: .passed) == 1)
    }

    @Test func aWaitCanBeInterrupted() throws {
        let future = Future<Int>()
        let thread = try Running { try future.result() }
        #expect(thread.blocks())
        thread.thread.waiter.interrupt()
        #expect(throws: WaitInterrupted.self) { try thread.value() }
    }

    @Test func aReportKnowsWhoDoesTheWork() throws {
        let future = Future<Int>()
        _ = try future.begin()
        let thread = try Running { try future.result() }
        #expect(thread.blocks())
        let reason = thread.thread.waiter.pendingWait?.reason
        #expect(reason?.operation == "Future.result")
        #expect(reason?.target?.holder == .current)
        try future.finish(.success(1))
        _ = try thread.value()
    }

    // MARK: Callbacks

    @Test func callbacksRunInTheirOrderOnTheThreadThatEndsTheFuture() throws {
        let future = Future<Int>(), seen = Shared<[Int]>([]), home = Shared<Set<ThreadIdentity>>([])
        for number in 0..<5 {
            future.onDone { future in
                seen.update { $0.append(number + ((try? future.result()) ?? 0)) }
                home.update { _ = $0.insert(.current) }
            }
        }
        let thread = try Running {
            try future.finish(.success(10))
            return ThreadIdentity.current
        }
        let ending = try thread.value()
        #expect(home.value == [ending])
        #expect(seen.value == [10, 11, 12, 13, 14])
    }

    @Test func aCallbackOfADoneFutureRunsAtOnce() throws {
        let future = Future<Int>(), seen = Shared(0)
        try future.finish(.success(4))
        future.onDone { future in seen.update { $0 += (try? future.result()) ?? 0 } }
        #expect(seen.value == 4)
    }

    @Test func aCallbackMayUseItsFuture() throws {
        let future = Future<Int>(), seen = Shared(0)
        future.onDone { future in
            future.onDone { _ in seen.update { $0 += 1 } }
            #expect(future.isDone && !future.cancel())
        }
        try future.finish(.success(4))
        #expect(seen.value == 1)
    }

    @Test func callbacksOfACancelledFutureRunWhenItIsCancelled() throws {
        let future = Future<Int>(), seen = Shared(0)
        future.onDone { future in seen.update { $0 += future.isCancelled ? 1 : 100 } }
        future.cancel()
        future.cancel()
        _ = try future.begin()
        #expect(seen.value == 1)
    }

    @Test func aDoneFutureLetsGoOfItsCallbacks() throws {
        let future = Future<Int>()
        weak var held: Shared<Int>?
        do {
            let value = Shared(0)
            held = value
            future.onDone { _ in value.update { $0 += 1 } }
        }
        #expect(held != nil)
        try future.finish(.success(1))
        #expect(held == nil)
    }

    // MARK: Swift's tasks

    @Test func tasksAwaitTheValue() async throws {
        let future = Future<Int>()
        async let first = future.value
        async let second = future.value
        let thread = try Running { try future.finish(.success(5)) }
        #expect(try await first + second == 10)
        _ = try thread.value()
        #expect(try await future.value == 5)
    }

    @Test func awaitingGivesTheErrorOrTheCancellation() async throws {
        let failed = Future<Int>(), cancelled = Future<Int>()
        try failed.finish(.failure(Failure()))
        await #expect(throws: Failure.self) { try await failed.value }
        let task = Task { try await cancelled.value }
        cancelled.cancel()
        await #expect(throws: FutureError.cancelled) { try await task.value }
    }

    @Test func cancellingATaskLeavesTheFutureAlone() async throws {
        let future = Future<Int>()
        let task = Task { try await future.value }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(future.status == .pending)
        try future.finish(.success(1))
        #expect(try await future.value == 1)
    }

    @Test func aTaskThatWasCancelledBeforeDoesNotWait() async throws {
        let future = Future<Int>()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await future.value
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    // MARK: Races

    @Test func ofAllWhoEndAFutureOneSucceeds() throws {
        for _ in 0..<300 {
            let future = Future<Int>()
            let threads = try (0..<4).map { number in
                try Running { () -> Bool in
                    if number == 3 { return future.cancel() }
                    return (try? future.finish(.success(number))) != nil
                }
            }
            let winners = try threads.map { try $0.value() }
            #expect(winners.filter { $0 }.count == 1)
            if case .success(let value) = future.outcome { #expect(winners[value]) } else { #expect(winners[3]) }
        }
    }
}
