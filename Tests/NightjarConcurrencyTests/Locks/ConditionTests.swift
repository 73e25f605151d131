import Glibc
import NightjarConcurrency
import Testing

@Suite struct ConditionTests {
    /// Threads that wait on a condition in a known order, and report when they have been woken.
    private func line(_ count: Int, on condition: Condition, order: Shared<[Int]>) throws -> [Running<Void>] {
        try (0..<count).map { number in
            let running = try Running {
                try condition.lock.acquire(until: nil)
                _ = try condition.wait()
                order.update { $0.append(number) }
                try condition.lock.release()
            }
            #expect(running.blocks())
            return running
        }
    }

    @Test func notifyWakesInTheOrderOfWaiting() throws {
        let condition = Condition()
        let order = Shared<[Int]>([])
        let threads = try line(4, on: condition, order: order)
        try condition.lock.acquire(until: nil)
        try condition.notify(2)
        try condition.lock.release()
        try threads[0].value()
        try threads[1].value()
        #expect(Set(order.value) == [0, 1])
        try condition.lock.acquire(until: nil)
        try condition.notifyAll()
        try condition.lock.release()
        for thread in threads { try thread.value() }
        #expect(order.value.count == 4)
    }

    @Test func withoutTheLockWaitAndNotifyThrow() throws {
        for condition in [Condition(), Condition(lock: Lock())] {
            #expect(throws: LockError.waitNotOwned) { try condition.wait() }
            #expect(throws: LockError.notifyNotOwned) { try condition.notify() }
            #expect(throws: LockError.notifyNotOwned) { try condition.notifyAll() }
        }
        #expect("\(LockError.notifyNotOwned)" == "cannot notify on un-acquired lock")
        #expect("\(LockError.waitNotOwned)" == "cannot wait on un-acquired lock")
    }

    @Test func waitingReleasesARecursiveLockFullyAndRestoresItsDepth() throws {
        let lock = RecursiveLock()
        let condition = Condition(lock: lock)
        let waiting = try Running {
            try lock.acquire()
            try lock.acquire()
            try lock.acquire()
            #expect(try condition.wait())
            for _ in 0..<3 { try lock.release() }
            #expect(throws: LockError.releaseNotOwned) { try lock.release() }
        }
        #expect(waiting.blocks())
        #expect(lock.tryAcquire())
        try condition.notify()
        try lock.release()
        try waiting.value()
    }

    @Test func aTimedOutWaitHoldsTheLockAgain() throws {
        let lock = Lock()
        let condition = Condition(lock: lock)
        try lock.acquire()
        #expect(try !condition.wait(until: Deadline(after: 0.01)))
        #expect(lock.isLocked)
        try condition.notify()
        try lock.release()
    }

    @Test func waitForReturnsTheLastValueOfThePredicate() throws {
        let condition = Condition()
        let ready = Shared(false)
        try condition.lock.acquire(until: nil)
        #expect(try !condition.waitFor(until: Deadline(after: 0.01)) { ready.value })
        try condition.lock.release()
        let waiting = try Running {
            try condition.lock.acquire(until: nil)
            defer { try? condition.lock.release() }
            return try condition.waitFor { ready.value }
        }
        #expect(waiting.blocks())
        try condition.lock.acquire(until: nil)
        try condition.notify()
        try condition.lock.release()
        #expect(waiting.blocks())
        try condition.lock.acquire(until: nil)
        ready.update { $0 = true }
        try condition.notify()
        try condition.lock.release()
        #expect(try waiting.value())
    }

    @Test func anInterruptedWaitTakesTheLockBackFirst() throws {
        for lock: any ConditionLock in [Lock(), RecursiveLock()] {
            let condition = Condition(lock: lock)
            let waiting = try Running {
                try condition.acquire()
                defer { try? condition.release() }
                return try condition.wait()
            }
            #expect(waiting.blocks())
            try condition.acquire()
            waiting.thread.waiter.interrupt()
            // It waits for the lock now, interrupted or not.
            #expect(eventually { condition.waitingCount == 0 })
            #expect(waiting.blocks())
            #expect(!waiting.isDone)
            try condition.release()
            #expect(throws: WaitInterrupted.self) { try waiting.value() }
            #expect(!condition.isLocked)
            #expect(waiting.thread.waiter.isInterrupted)
        }
    }

    @Test func interruptedForGoodItGivesTheLockUpAndItsReleasesDoNothing() throws {
        for lock: any ConditionLock in [Lock(), RecursiveLock()] {
            let condition = Condition(lock: lock)
            let depth = lock is RecursiveLock ? 2 : 1
            let goOn = Event()
            let waiting = try Running {
                for _ in 0..<depth { try condition.acquire() }
                #expect(throws: WaitInterrupted.self) { try condition.wait() }
                for _ in 0..<depth { try condition.release() }
                Waiter.current.clearInterrupt()
                _ = try goOn.wait()
                // What it owed is paid: the next release is one too many, or that of another thread's lock.
                if lock is RecursiveLock { #expect(throws: LockError.releaseNotOwned) { try condition.release() } }
                try condition.acquire()
                try condition.release()
            }
            #expect(waiting.blocks())
            try condition.acquire()
            waiting.thread.waiter.interrupt()
            #expect(eventually { condition.waitingCount == 0 })
            #expect(waiting.blocks())
            waiting.thread.waiter.interrupt()
            #expect(waiting.blocks())
            waiting.thread.waiter.interrupt(isFinal: true)
            #expect(eventually { !waiting.thread.waiter.isInterrupted })
            #expect(condition.isLocked)
            try condition.release()
            #expect(!condition.isLocked)
            goOn.set()
            try waiting.value()
            #expect(!condition.isLocked)
        }
    }

    /// Those that give the lock up release all the same. If that let go of what another thread holds, the counter would miss turns,
    /// or the lock would be free too early or never.
    @Test func locksThatAreGivenUpStayWholeForTheOthers() throws {
        for lock: any ConditionLock in [Lock(), RecursiveLock()] {
            let condition = Condition(lock: lock), turns = 2_000, stop = Event()
            let counter = Counter()
            let busy = try (0..<2).map { _ in
                try Running {
                    for _ in 0..<turns {
                        try condition.acquire()
                        counter.value += 1
                        if counter.value % 3 == 0 { sched_yield() }
                        try condition.release()
                    }
                }
            }
            let waiting = try (0..<2).map { _ in
                try Running {
                    var rounds = 0
                    while !stop.isSet {
                        rounds += 1
                        Waiter.current.clearInterrupt()
                        do { try condition.acquire() } catch { continue }
                        #expect(throws: WaitInterrupted.self) { try condition.wait() }
                        try condition.release()
                    }
                    return rounds
                }
            }
            while !busy.allSatisfy(\.isDone) {
                for thread in waiting { thread.thread.waiter.interrupt(isFinal: true) }
                sched_yield()
            }
            stop.set()
            for thread in busy { try thread.value() }
            #expect(
                eventually {
                    for thread in waiting { thread.thread.waiter.interrupt(isFinal: true) }
                    return waiting.allSatisfy(\.isDone)
                })
            for thread in waiting { #expect(try thread.value() > 0) }
            #expect(counter.value == 2 * turns)
            #expect(!condition.isLocked && condition.waitingCount == 0)
            #expect(lock.tryAcquire())
            try lock.release()
        }
    }
}
