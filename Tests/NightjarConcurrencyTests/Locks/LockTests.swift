import Glibc
import NightjarConcurrency
import Testing

@Suite struct LockTests {
    @Test func anyThreadMayRelease() throws {
        let lock = Lock()
        try lock.acquire()
        try Running { try lock.release() }.value()
        #expect(!lock.isLocked)
        #expect(throws: LockError.releaseUnlocked) { try lock.release() }
        #expect("\(LockError.releaseUnlocked)" == "release unlocked lock")
    }

    @Test func aHeldLockCannotBeTakenAgainByItsHolder() throws {
        let lock = Lock()
        #expect(lock.tryAcquire())
        #expect(!lock.tryAcquire())
        #expect(try !lock.acquire(until: Deadline(after: 0.01)))
        try lock.release()
        #expect(lock.tryAcquire())
    }

    @Test func waitingThreadsGetItInTheirOrder() throws {
        let lock = Lock()
        let order = Shared<[Int]>([])
        try lock.acquire()
        let threads = try (0..<5).map { number in
            let running = try Running {
                try lock.acquire()
                order.update { $0.append(number) }
                try lock.release()
            }
            #expect(running.blocks())
            return running
        }
        try lock.release()
        for thread in threads { try thread.value() }
        #expect(order.value == [0, 1, 2, 3, 4])
    }

    @Test func onlyOneThreadIsInsideAtATime() throws {
        let lock = Lock()
        let counter = Counter()
        let threads = try (0..<4).map { _ in
            try Running {
                for _ in 0..<20_000 {
                    try lock.acquire()
                    counter.value += 1
                    try lock.release()
                }
            }
        }
        for thread in threads { try thread.value() }
        #expect(counter.value == 80_000)
    }

    @Test func aThreadThatKeepsTakingTheLockCannotStarveAnother() throws {
        let lock = Lock()
        let stop = Event()
        let greedy = try Running {
            while !stop.isSet {
                try lock.acquire()
                try lock.release()
            }
        }
        let modest = try Running { for _ in 0..<100 { try lock.acquire(); try lock.release() } }
        try modest.value()
        stop.set()
        try greedy.value()
    }
}

@Suite struct RecursiveLockTests {
    @Test func theOwnerTakesItAgainAndReleasesAsOften() throws {
        let lock = RecursiveLock()
        try lock.acquire()
        try lock.acquire()
        try lock.release()
        #expect(lock.isOwned)
        #expect(try Running { lock.tryAcquire() }.value() == false)
        try lock.release()
        #expect(!lock.isLocked)
        #expect(throws: LockError.releaseNotOwned) { try lock.release() }
        #expect("\(LockError.releaseNotOwned)" == "cannot release un-acquired lock")
    }

    @Test func anotherThreadCannotRelease() throws {
        let lock = RecursiveLock()
        try lock.acquire()
        let other = try Running { try lock.release() }
        #expect(throws: LockError.releaseNotOwned) { try other.value() }
        #expect(lock.holder == ThreadIdentity.current)
    }

    @Test func onlyOneThreadIsInsideAtATime() throws {
        let lock = RecursiveLock()
        let counter = Counter()
        let threads = try (0..<3).map { _ in
            try Running {
                for _ in 0..<10_000 {
                    try lock.acquire()
                    try lock.acquire()
                    counter.value += 1
                    try lock.release()
                    try lock.release()
                }
            }
        }
        for thread in threads { try thread.value() }
        #expect(counter.value == 30_000)
    }
}

/// Deliberately without protection: the lock under test is what protects it.
final class Counter: Sendable {
    nonisolated(unsafe) var value = 0
}
