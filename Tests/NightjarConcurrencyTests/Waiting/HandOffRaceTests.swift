import NightjarConcurrency
import Testing

/// Interrupts and time-outs that race with a hand-off: what is handed over is either taken or
/// stays for the next, never lost and never doubled.
@Suite struct HandOffRaceTests {
    static let rounds = 100_000

    @Test func noItemIsLostWhenGettersAreInterrupted() throws {
        let queue = FIFOQueue<Int>()
        let getters = try (0..<2).map { _ in try Running { try Self.collect(queue) } }
        let interrupts = try Self.putting(into: queue, interrupting: getters.map(\.thread.waiter))
        let outcomes = try getters.map { try $0.value() }
        #expect(outcomes.flatMap(\.items).sorted() == Array(0..<Self.rounds))
        #expect(interrupts == Self.rounds)
        #expect(outcomes.map(\.interrupted).reduce(0, +) > 0)
    }

    private static func collect(_ queue: FIFOQueue<Int>) throws -> (items: [Int], interrupted: Int) {
        var items: [Int] = []
        var interrupted = 0
        while true {
            do {
                items.append(try queue.get())
            } catch QueueError.interrupted {
                interrupted += 1
                Waiter.current.clearInterrupt()
            } catch QueueError.shutDown {
                return (items, interrupted)
            }
        }
    }

    private static func putting(into queue: FIFOQueue<Int>, interrupting waiters: [Waiter]) throws -> Int {
        for item in 0..<rounds {
            // Alternately before and after, so that both orders meet the getter's sleep.
            if item.isMultiple(of: 2) { waiters[item / 2 % waiters.count].interrupt() }
            try queue.put(item)
            if !item.isMultiple(of: 2) { waiters[item / 2 % waiters.count].interrupt() }
        }
        queue.shutdown()
        return rounds
    }

    @Test func noPermitIsLostWhenWaitersAreInterrupted() throws {
        let semaphore = try CountingSemaphore(value: 0)
        let taken = Shared(0)
        let stop = Event()
        let threads = try (0..<2).map { _ in
            try Running {
                while !stop.isSet {
                    do {
                        try semaphore.acquire()
                        taken.update { $0 += 1 }
                    } catch {
                        Waiter.current.clearInterrupt()
                    }
                }
            }
        }
        for round in 0..<Self.rounds {
            threads[round % 2].thread.waiter.interrupt()
            try semaphore.release()
            threads[(round + 1) % 2].thread.waiter.interrupt()
        }
        #expect(eventually { taken.value == Self.rounds })
        stop.set()
        threads.forEach { $0.thread.waiter.interrupt() }
        for thread in threads { try thread.value() }
        #expect(taken.value == Self.rounds)
        #expect(semaphore.value == 0)
    }

    @Test func aLockIsNeverLostBetweenTimeOutsAndReleases() throws {
        let lock = Lock()
        let counter = UnsafeCounter()
        let threads = try (0..<3).map { _ in
            try Running { () -> Int in
                var taken = 0
                for _ in 0..<Self.rounds / 3 {
                    // Times around that of a hand-off.
                    let soon = Deadline(nanoseconds: Deadline.now.nanoseconds + UInt64(taken % 16) * 1_000)
                    guard try lock.acquire(until: soon) else { continue }
                    counter.value += 1
                    taken += 1
                    try lock.release()
                }
                return taken
            }
        }
        let taken = try threads.map { try $0.value() }.reduce(0, +)
        #expect(taken == counter.value)
        #expect(!lock.isLocked)
        #expect(lock.tryAcquire())
    }

    @Test func noPlaceIsLostWhenPuttersTimeOut() throws {
        let queue = FIFOQueue<Int>(maxsize: 2)
        let putters = try (0..<2).map { _ in
            try Running { () -> Int in
                var done = 0
                for round in 0..<Self.rounds / 4 {
                    let soon = Deadline(nanoseconds: Deadline.now.nanoseconds + UInt64(round % 16) * 1_000)
                    do {
                        try queue.put(round, until: soon)
                        done += 1
                    } catch QueueError.full {}
                }
                return done
            }
        }
        let getter = try Running { try Self.collect(queue).items.count }
        let put = try putters.map { try $0.value() }.reduce(0, +)
        queue.shutdown()
        #expect(try getter.value() == put)
        #expect(queue.isEmpty)
    }

    @Test func aNotificationMissedByAnInterruptedWaiterReachesTheNext() throws {
        let condition = Condition(lock: Lock())
        let notified = Shared(0)
        let end = Shared(false)
        let threads = try (0..<2).map { _ in
            try Running {
                while !end.value {
                    while !condition.lock.tryAcquire() {}
                    do {
                        if try condition.wait() { notified.update { $0 += 1 } }
                    } catch {
                        Waiter.current.clearInterrupt()
                    }
                    try condition.lock.release()
                }
            }
        }
        for round in 1...Self.rounds / 20 {
            #expect(threads[0].blocks() && threads[1].blocks())
            threads[round % 2].thread.waiter.interrupt()
            try Self.locked(condition) { try condition.notify() }
            // Either the interrupted one had it before, or it went to the other.
            try #require(eventually { notified.value == round })
        }
        end.update { $0 = true }
        for thread in threads { thread.thread.waiter.interrupt() }
        for thread in threads { try thread.value() }
    }

    private static func locked(_ condition: Condition, _ body: () throws -> Void) throws {
        while !condition.lock.tryAcquire() {}
        defer { try? condition.lock.release() }
        try body()
    }
}

/// Deliberately without protection: the lock under test is what protects it.
private final class UnsafeCounter: Sendable {
    nonisolated(unsafe) var value = 0
}
