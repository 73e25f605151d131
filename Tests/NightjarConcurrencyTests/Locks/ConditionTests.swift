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
}
