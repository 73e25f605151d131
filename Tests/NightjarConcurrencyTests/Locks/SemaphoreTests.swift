import NightjarConcurrency
import Testing

@Suite struct SemaphoreTests {
    @Test func permitsAreCounted() throws {
        let semaphore = try CountingSemaphore(value: 2)
        #expect(try semaphore.acquire())
        #expect(semaphore.tryAcquire())
        #expect(!semaphore.tryAcquire())
        #expect(try !semaphore.acquire(until: Deadline(after: 0.01)))
        try semaphore.release(3)
        #expect(semaphore.value == 3)
    }

    @Test func wrongCountsThrowPythonsMessages() throws {
        #expect(throws: LockError.negativeSemaphore) { try CountingSemaphore(value: -1) }
        let semaphore = try CountingSemaphore(value: 0)
        #expect(throws: LockError.releaseCountTooSmall) { try semaphore.release(0) }
        #expect("\(LockError.negativeSemaphore)" == "semaphore initial value must be >= 0")
        #expect("\(LockError.releaseCountTooSmall)" == "n must be one or more")
    }

    @Test func aBoundedSemaphoreRefusesToGrow() throws {
        let semaphore = try BoundedSemaphore(value: 2)
        #expect(throws: LockError.semaphoreReleasedTooOften) { try semaphore.release() }
        try semaphore.acquire()
        #expect(throws: LockError.semaphoreReleasedTooOften) { try semaphore.release(2) }
        #expect(semaphore.value == 1)
        try semaphore.release()
        #expect(semaphore.value == 2)
    }

    @Test func permitsGoToThoseWhoWaitedLongest() throws {
        let semaphore = try CountingSemaphore(value: 0)
        let threads = try (0..<4).map { _ in
            let running = try Running { try semaphore.acquire() }
            #expect(running.blocks())
            return running
        }
        try semaphore.release(2)
        #expect(try threads[0].value() && threads[1].value())
        #expect(!threads[2].isDone && !threads[3].isDone)
        #expect(!semaphore.tryAcquire())
        try semaphore.release(3)
        #expect(try threads[2].value() && threads[3].value())
        #expect(semaphore.value == 1)
    }
}

@Suite struct EventTests {
    @Test func waitReturnsTheFlag() throws {
        let event = Event()
        #expect(!event.isSet)
        #expect(try !event.wait(until: Deadline(after: 0.01)))
        event.set()
        #expect(try event.wait())
        event.clear()
        #expect(try !event.wait(until: .passed))
    }

    @Test func settingWakesAllEvenIfClearedRightAfter() throws {
        let event = Event()
        let threads = try (0..<4).map { _ in try Running { try event.wait() } }
        for thread in threads { #expect(thread.blocks()) }
        event.set()
        event.clear()
        for thread in threads { #expect(try thread.value()) }
    }
}
