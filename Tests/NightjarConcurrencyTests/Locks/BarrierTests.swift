import NightjarConcurrency
import Testing

@Suite struct BarrierTests {
    struct Failure: Error {}

    @Test func allPartiesPassWithDifferentNumbersRoundAfterRound() throws {
        let actions = Shared(0)
        let barrier = try Barrier(parties: 3) { actions.update { $0 += 1 } }
        let threads = try (0..<3).map { _ in
            try Running { try (0..<200).map { _ in try barrier.wait() } }
        }
        let numbers = try threads.map { try $0.value() }
        for round in 0..<200 { #expect(Set(numbers.map { $0[round] }) == [0, 1, 2]) }
        #expect(actions.value == 200)
        #expect(barrier.waitingCount == 0)
    }

    @Test func fewerThanOnePartyIsAnError() {
        #expect(throws: LockError.tooFewParties) { try Barrier(parties: 0) }
    }

    @Test func aTimeOutBreaksItForAll() throws {
        let barrier = try Barrier(parties: 3)
        let other = try Running { try barrier.wait() }
        #expect(other.blocks())
        #expect(throws: BrokenBarrier.self) { try barrier.wait(until: Deadline(after: 0.01)) }
        #expect(throws: BrokenBarrier.self) { try other.value() }
        #expect(barrier.isBroken)
        #expect(throws: BrokenBarrier.self) { try barrier.wait() }
        barrier.reset()
        #expect(!barrier.isBroken)
    }

    @Test func anInterruptBreaksItForTheOthers() throws {
        let barrier = try Barrier(parties: 3)
        let threads = try (0..<2).map { _ in try Running { try barrier.wait() } }
        for thread in threads { #expect(thread.blocks()) }
        threads[0].thread.waiter.interrupt()
        #expect(throws: WaitInterrupted.self) { try threads[0].value() }
        #expect(throws: BrokenBarrier.self) { try threads[1].value() }
    }

    @Test func anErrorOfTheActionReachesItsThreadAndBreaksIt() throws {
        let barrier = try Barrier(parties: 2) { throw Failure() }
        let first = try Running { try barrier.wait() }
        #expect(first.blocks())
        #expect(throws: Failure.self) { try barrier.wait() }
        #expect(throws: BrokenBarrier.self) { try first.value() }
        #expect(barrier.isBroken)
    }

    @Test func resetSendsTheWaitingAwayAndStartsAfresh() throws {
        let barrier = try Barrier(parties: 2)
        let first = try Running { try barrier.wait() }
        #expect(first.blocks())
        barrier.reset()
        #expect(throws: BrokenBarrier.self) { try first.value() }
        let pair = try (0..<2).map { _ in try Running { try barrier.wait() } }
        #expect(try Set(pair.map { try $0.value() }) == [0, 1])
    }

    @Test func whoComesDuringTheActionWaitsForTheNextRound() throws {
        let entered = Event(), goOn = Event()
        let barrier = try Barrier(parties: 2) {
            entered.set()
            _ = try goOn.wait()
        }
        let round = try (0..<2).map { _ in try Running { try barrier.wait() } }
        #expect(try entered.wait(until: Deadline(after: patience)))
        let next = try (0..<2).map { _ in try Running { try barrier.wait() } }
        for thread in next { #expect(thread.blocks()) }
        goOn.set()
        #expect(try Set((round + next).map { try $0.value() }) == [0, 1])
    }

    @Test func abortDuringTheActionBreaksTheRound() throws {
        let entered = Event(), goOn = Event()
        let barrier = try Barrier(parties: 1) {
            entered.set()
            _ = try goOn.wait()
        }
        let only = try Running { try barrier.wait() }
        #expect(try entered.wait(until: Deadline(after: patience)))
        barrier.abort()
        goOn.set()
        #expect(throws: BrokenBarrier.self) { try only.value() }
    }

    @Test func onceAllAreThereNoTimeOutBreaksIt() throws {
        let entered = Event(), goOn = Event()
        let barrier = try Barrier(parties: 2) {
            entered.set()
            _ = try goOn.wait()
        }
        let first = try Running { try barrier.wait(timeout: 60) }
        #expect(first.blocks())
        let last = try Running { try barrier.wait() }
        #expect(try entered.wait(until: Deadline(after: patience)))
        #expect(barrier.waitingCount == 2)
        // Not one of the two: its time begins when they have left.
        let late = try Running { try barrier.wait(until: Deadline(after: 0.01)) }
        #expect(late.blocks())
        goOn.set()
        #expect(try Set([first.value(), last.value()]) == [0, 1])
        #expect(throws: BrokenBarrier.self) { try late.value() }
    }

    @Test func aTimeThatIsUpDuringTheActionCountsNoMore() throws {
        let goOn = Event()
        let barrier = try Barrier(parties: 2) { _ = try goOn.wait() }
        let deadline = Deadline(after: 0.2)
        let first = try Running { try barrier.wait(until: deadline) }
        let last = try Running {
            while barrier.waitingCount == 0, !deadline.hasPassed {}
            return try barrier.wait()
        }
        #expect(eventually { deadline.hasPassed })
        if barrier.isBroken { return }  // The second thread was too late, on a machine that had no time for it.
        goOn.set()
        #expect(try Set([first.value(), last.value()]) == [0, 1])
    }

    @Test func whoIsInterruptedDuringTheActionBreaksTheRound() throws {
        let entered = Event(), goOn = Event()
        let barrier = try Barrier(parties: 2) {
            entered.set()
            _ = try goOn.wait()
        }
        let threads = try (0..<2).map { _ in try Running { try barrier.wait() } }
        #expect(try entered.wait(until: Deadline(after: patience)))
        for thread in threads { thread.thread.waiter.interrupt() }
        for thread in threads { #expect(throws: (any Error).self) { try thread.value() } }
        #expect(barrier.isBroken)
    }
}
