import NightjarConcurrency
import Testing

/// What holds of a condition's lock and of a barrier when a wait is ended.
@Suite struct DeadlockConditionTests {
    private let world = World()

    @Test(arguments: [true, false]) func theLockIsHeldAgainAsDeeplyAsBefore(_ isRecursive: Bool) throws {
        let lock: any ConditionLock = isRecursive ? RecursiveLock() : Lock()
        let condition = Condition(lock: lock)
        let threads = try world.start {
            try (0..<3).map { number in
                try world.run("T\(number)") {
                    try lock.acquire(until: nil)
                    if isRecursive { try lock.acquire(until: nil) }
                    let outcome = World.Outcome { try condition.wait() }
                    #expect(outcome.report?.waits.count == 3)
                    #expect(lock.isOwned)
                    if isRecursive { try lock.release() }
                    try lock.release()
                    return true
                }
            }
        }
        for thread in threads { #expect(try thread.value() == .passed) }
        #expect(!lock.isLocked && condition.waitingCount == 0)
    }

    @Test func whoTakesALockBackIsNotToldIfAnotherInItsCircleCanBe() throws {
        let condition = Condition(lock: Lock()), other = Lock(), taken = Event()
        let (notified, holder) = try world.start {
            let notified = try world.run("notified") {
                try other.acquire()
                defer { try? other.release() }
                try condition.acquire()
                defer { try? condition.release() }
                taken.set()
                return try condition.wait()
            }
            let holder = try world.run("holder") {
                _ = try taken.wait()
                try condition.acquire()
                defer { try? condition.release() }
                try condition.notify()
                return try other.acquire()
            }
            return (notified, holder)
        }
        #expect(try holder.value().report?.summary == "deadlock: notified and holder wait for each other")
        #expect(try notified.value() == .passed)
    }

    @Test func whoTakesALockBackThatNobodyWillReleaseIsTold() throws {
        let condition = Condition(lock: Lock()), waits = Event()
        let (waiting, _) = try world.start {
            let waiting = try world.run("A") {
                try condition.acquire()
                // It does not have the lock then, and what it owes is forgiven.
                defer { #expect(throws: Never.self) { try condition.release() } }
                waits.set()
                return try condition.wait()
            }
            let holder = try world.run("B") {
                _ = try waits.wait()
                try condition.acquire()
                try condition.notify()
                return true
            }
            return (waiting, holder)
        }
        let wait = try #require(try waiting.value().report?.waits.first)
        #expect(wait.description == "A waits in Condition.wait at here:1 for Lock, held by a thread that has ended")
        #expect(condition.isLocked)
    }

    @Test func aBarrierIsBrokenAndUsableAgain() throws {
        let barrier = try Barrier(parties: 3)
        func meet(_ count: Int) throws -> [World.Outcome] {
            let threads = try world.start {
                try (0..<count).map { number in try world.run("T\(number)") { try barrier.wait() >= 0 } }
            }
            return try threads.map { try $0.value() }
        }
        for outcome in try meet(2) {
            #expect(outcome.report?.waits[0].remark == "where 2 of 3 parties have come")
        }
        #expect(barrier.isBroken)
        #expect(
            try meet(3) == [
                .other("the barrier is broken"), .other("the barrier is broken"), .other("the barrier is broken"),
            ])
        barrier.reset()
        #expect(try meet(3) == [.passed, .passed, .passed])
    }
}
