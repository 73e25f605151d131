import NightjarConcurrency
import Testing

private struct Failure: Error {}

@Suite struct FutureCollectorTests {
    private func futures(_ count: Int) -> [Future<Int>] { (0..<count).map { _ in Future<Int>() } }

    private func wait(
        _ futures: [AnyFuture], _ condition: FutureCondition, until deadline: Deadline? = nil
    ) throws -> [Int] {
        let collector = FutureCollector(futures)
        defer { collector.stop() }
        _ = try collector.wait(for: condition, until: deadline)
        return collector.ended
    }

    @Test func whatHasEndedCountsAtOnce() throws {
        let futures = futures(3)
        try futures[1].finish(.success(1))
        #expect(try wait(futures, .firstCompleted) == [1])
        #expect(try wait(futures, .allCompleted, until: .passed) == [1])
        #expect(try wait([], .allCompleted).isEmpty)
    }

    @Test func futuresOfDifferentTypesAreCollectedTogether() throws {
        let number = Future<Int>(), text = Future<String>()
        try text.finish(.success("a"))
        #expect(try wait([number, text], .firstCompleted) == [1])
    }

    @Test func theFirstToEndWakesWhoWaitsForOne() throws {
        let futures = futures(3)
        let thread = try Running { try wait(futures, .firstCompleted) }
        #expect(thread.blocks())
        try futures[2].finish(.success(1))
        #expect(try thread.value() == [2])
    }

    @Test func aFailureEndsTheWaitForAnException() throws {
        let futures = futures(3)
        let thread = try Running { try wait(futures, .firstException) }
        #expect(thread.blocks())
        try futures[0].finish(.success(1))
        try futures[2].finish(.failure(Failure()))
        #expect(try thread.value() == [0, 2])
        #expect(try wait([futures[2]], .firstException) == [0])
    }

    @Test func withoutAFailureTheWaitForAnExceptionIsForAll() throws {
        let futures = futures(2)
        let thread = try Running { try wait(futures, .firstException) }
        #expect(thread.blocks())
        for future in futures { try future.finish(.success(1)) }
        #expect(try thread.value().count == 2)
    }

    @Test func aCancelledFutureCountsOnceItIsNoticed() throws {
        let futures = futures(1)
        futures[0].cancel()
        #expect(try wait(futures, .allCompleted, until: .passed).isEmpty)
        let thread = try Running { try wait(futures, .allCompleted) }
        #expect(thread.blocks())
        _ = try futures[0].begin()
        #expect(try thread.value() == [0])
    }

    @Test func aCancellationIsNoFailure() throws {
        let futures = futures(2)
        let thread = try Running { try wait(futures, .firstException) }
        #expect(thread.blocks())
        futures[0].cancel()
        _ = try futures[0].begin()
        #expect(!thread.isDone)
        try futures[1].finish(.failure(Failure()))
        #expect(try thread.value() == [0, 1])
    }

    @Test func futuresComeInTheOrderOfTheirEnds() throws {
        let futures = futures(4), collector = FutureCollector(futures)
        for position in [2, 0, 3, 1] { try futures[position].finish(.success(position)) }
        var order: [Int] = []
        while let future = try collector.next() as? Future<Int> { order.append(try future.result()) }
        #expect(order == [2, 0, 3, 1])
    }

    @Test func takingEndsAtTheDeadlineWithWhatHasEnded() throws {
        let futures = futures(2), collector = FutureCollector(futures)
        try futures[1].finish(.success(1))
        #expect(try collector.next(until: .passed) === futures[1])
        #expect(try collector.next(until: Deadline(after: 0.001)) == nil)
        #expect(collector.remaining == 1)
        collector.stop()
    }

    @Test func aTakenFutureIsLetGo() throws {
        var futures: [Future<Int>?] = [Future(), Future()]
        weak let first = futures[0]
        let collector = FutureCollector(futures.compactMap { $0 })
        try first?.finish(.success(1))
        futures[0] = nil
        _ = try collector.next()
        #expect(first == nil)
        collector.stop()
    }

    @Test func aStoppedCollectorIsLetGo() {
        let future = Future<Int>()
        weak var held: FutureCollector?
        do {
            let collector = FutureCollector([future])
            held = collector
            collector.stop()
        }
        #expect(held == nil)
    }

    @Test func aWaitCanBeInterrupted() throws {
        let futures = futures(1)
        let thread = try Running { try wait(futures, .allCompleted) }
        #expect(thread.blocks())
        thread.thread.waiter.interrupt()
        #expect(throws: WaitInterrupted.self) { try thread.value() }
        try futures[0].finish(.success(1))
    }

    /// Observers are added while the futures end.
    @Test func noEndIsMissed() throws {
        for _ in 0..<200 {
            let futures = futures(20)
            let finishing = try Running { for future in futures { try future.finish(.success(1)) } }
            let collecting = try (0..<2).map { _ in try Running { try wait(futures, .allCompleted).count } }
            for thread in collecting { #expect(try thread.value() == 20) }
            _ = try finishing.value()
        }
    }
}
