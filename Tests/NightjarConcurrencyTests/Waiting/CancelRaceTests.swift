import Glibc
import NightjarConcurrency
import Synchronization
import Testing

/// One thread waits, one gives it what it waits for, and one interrupts it, all at random moments, over a hundred thousand times.
///
/// Either the waiting thread has got it, or it was interrupted and it is still there: nothing is lost, nothing comes twice, and no
/// lock is left held by nobody. `NIGHTJAR_SEED` repeats a failed run's times.
@Suite(.serialized) struct CancelRaceTests {
    static let batches = 110, size = 64

    @Test(arguments: Contest.all) func itIsGotOrStillThere(contest: Contest) throws {
        let seed = getenv("NIGHTJAR_SEED").flatMap { UInt64(String(cString: $0)) } ?? 20_240_517
        let arena = Arena(contest, seed: seed)
        for batch in 0..<Self.batches {
            let failures = try arena.run(Self.size)
            try #require(failures == 0, "batch \(batch), seed \(seed)")
        }
        #expect(arena.got + arena.interrupted == Self.batches * Self.size)
        // Else it was no race.
        #expect(arena.got > 0)
        #expect(arena.interrupted > 0)
    }

    @Test func thereAreEnoughOfThem() { #expect(Contest.all.count * Self.batches * Self.size >= 100_000) }
}

/// What is contended for, once.
struct Match: Sendable {
    /// On the waiting thread; throws when it is interrupted. Gives back what is to be given back.
    let wait: @Sendable () throws -> Void
    /// On another thread. Told whether the wait is over.
    let give: @Sendable (_ isOver: () -> Bool) throws -> Void
    /// When all is still: whether what was given has gone where it should.
    let settle: @Sendable (_ got: Bool) throws -> Bool
}

struct Contest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable () throws -> Match

    init(_ name: String, make: @escaping @Sendable () throws -> Match) {
        testDescription = name
        self.make = make
    }

    static let all: [Contest] = [
        Contest("Lock") { lock(Lock()) },
        Contest("RecursiveLock") { lock(RecursiveLock()) },
        Contest("Condition of a Lock") { condition(Lock()) },
        Contest("Condition of a RecursiveLock") { condition(RecursiveLock()) },
        Contest("CountingSemaphore") { semaphore(try CountingSemaphore(value: 0)) },
        Contest("BoundedSemaphore") {
            let bounded = try BoundedSemaphore(value: 1)
            _ = bounded.tryAcquire()
            return semaphore(bounded)
        },
        Contest("Event", make: event),
        Contest("Barrier", make: barrier),
        Contest("FIFOQueue.get") {
            let queue = FIFOQueue<Int>()
            return get({ try queue.get(until: $0) }, { try queue.put($0) }, { queue.qsize })
        },
        Contest("LIFOQueue.get") {
            let queue = LIFOQueue<Int>()
            return get({ try queue.get(until: $0) }, { try queue.put($0) }, { queue.qsize })
        },
        Contest("FIFOQueue.getMany", make: getMany),
        Contest("FIFOQueue.put") {
            let queue = FIFOQueue<Int>(maxsize: 1)
            return try Contest.put({ try queue.get(until: $0) }, { try queue.put($0) }, { queue.qsize })
        },
        Contest("LIFOQueue.put") {
            let queue = LIFOQueue<Int>(maxsize: 1)
            return try Contest.put({ try queue.get(until: $0) }, { try queue.put($0) }, { queue.qsize })
        },
        Contest("FIFOQueue.join", make: join),
        Contest("Completion", make: completion),
        Contest("Future", make: future),
    ]

    private static func lock(_ lock: some ConditionLock) -> Match {
        _ = lock.tryAcquire()
        return Match {
            try lock.acquire(until: nil)
            try lock.release()
        } give: { _ in
            try lock.release()
        } settle: { _ in
            lock.tryAcquire()
        }
    }

    private static func condition(_ lock: some ConditionLock) -> Match {
        let condition = Condition(lock: lock)
        return Match {
            try condition.acquire()
            defer { try? condition.release() }
            _ = try condition.wait()
        } give: { isOver in
            // A notification before the wait would be for nobody.
            while !isOver() {
                guard lock.tryAcquire() else { continue }
                defer { try? lock.release() }
                if condition.waitingCount == 1 { return try condition.notify() }
                sched_yield()
            }
        } settle: { _ in
            !lock.isLocked && condition.waitingCount == 0
        }
    }

    private static func semaphore(_ semaphore: CountingSemaphore) -> Match {
        Match {
            try semaphore.acquire()
        } give: { _ in
            try semaphore.release()
        } settle: { got in
            semaphore.value == (got ? 0 : 1)
        }
    }

    private static func event() -> Match {
        let event = Event()
        return Match {
            _ = try event.wait()
        } give: { _ in
            event.set()
        } settle: { _ in
            event.isSet
        }
    }

    /// Both pass, or neither does.
    private static func barrier() throws -> Match {
        let barrier = try Barrier(parties: 2), hasPassed = Shared(false)
        return Match {
            _ = try barrier.wait()
        } give: { _ in
            let passes = (try? barrier.wait()) != nil
            hasPassed.update { $0 = passes }
        } settle: { got in
            hasPassed.value == got && barrier.isBroken == !got && barrier.waitingCount == 0
        }
    }

    private static func get(
        _ get: @escaping @Sendable (Deadline?) throws -> Int, _ put: @escaping @Sendable (Int) throws -> Void,
        _ count: @escaping @Sendable () -> Int
    ) -> Match {
        let item = Shared(0)
        return Match {
            let found = try get(nil)
            item.update { $0 = found }
        } give: { _ in
            try put(7)
        } settle: { got in
            let isThere = try got || get(.passed) == 7
            return isThere && count() == 0 && item.value == (got ? 7 : 0)
        }
    }

    private static func getMany() -> Match {
        let queue = FIFOQueue<Int>(), items = Shared<[Int]>([])
        return Match {
            let found = try queue.getMany(5)
            items.update { $0 = found }
        } give: { _ in
            #expect(queue.putMany([1, 2]).failure == nil)
        } settle: { got in
            // The first may have come alone.
            let rest = queue.isEmpty ? [] : try queue.getMany(5, until: .passed)
            return items.value + rest == [1, 2] && items.value.isEmpty == !got
        }
    }

    private static func put(
        _ get: @escaping @Sendable (Deadline?) throws -> Int, _ put: @escaping @Sendable (Int) throws -> Void,
        _ count: @escaping @Sendable () -> Int
    ) throws -> Match {
        let taken = Shared(0)
        try put(1)
        return Match {
            try put(2)
        } give: { _ in
            let item = try get(.passed)
            taken.update { $0 = item }
        } settle: { got in
            try taken.value == 1 && count() == (got ? 1 : 0) && (!got || get(.passed) == 2)
        }
    }

    private static func join() throws -> Match {
        let queue = FIFOQueue<Int>()
        try queue.put(0)
        return Match {
            _ = try queue.join()
        } give: { _ in
            try queue.taskDone()
        } settle: { _ in
            queue.unfinishedTasks == 0
        }
    }

    private static func completion() -> Match {
        let completion = Completion<Int>(), value = Shared<Int?>(nil)
        return Match {
            let found = try completion.wait()
            value.update { $0 = found }
        } give: { _ in
            completion.complete(7)
        } settle: { got in
            completion.value == 7 && value.value == (got ? 7 : nil)
        }
    }

    private static func future() -> Match {
        let future = Future<Int>(), value = Shared<Int?>(nil)
        return Match {
            let found = try future.result()
            value.update { $0 = found }
        } give: { _ in
            try future.finish(.success(7))
        } settle: { got in
            try future.result(until: .passed) == 7 && value.value == (got ? 7 : nil)
        }
    }
}

/// The three threads. They go through many matches before they wait for each other, so that most of their time is spent in races.
private final class Arena: Sendable {
    private let contest: Contest
    private let seeds: Mutex<SplitMix>
    private let totals = Shared((got: 0, interrupted: 0))

    init(_ contest: Contest, seed: UInt64) {
        self.contest = contest
        seeds = Mutex(SplitMix(seed: seed))
    }

    var got: Int { totals.value.got }
    var interrupted: Int { totals.value.interrupted }

    private final class Progress: Sendable {
        /// How many waits are over.
        let over = Atomic(0)
        let isGiven = Atomic(false)
    }

    private func random() -> SplitMix { seeds.withLock { SplitMix(seed: $0.next()) } }

    /// A number of matches; the calling thread is the one that gives.
    /// - Returns: how many ended wrongly.
    func run(_ count: Int) throws -> Int {
        let matches = try (0..<count).map { _ in try contest.make() }
        let progress = Progress()
        let (forWaiter, forInterrupter, forGiver) = (random(), random(), random())
        let waiting = try Running { try Arena.wait(matches, progress, forWaiter) }
        let waiter = waiting.thread.waiter
        let interrupting = try Running {
            var random = forInterrupter
            // Once all is given, every wait ends by itself.
            while !progress.isGiven.load(ordering: .relaxed) {
                random.pause(1_000)
                waiter.interrupt()
                sched_yield()
            }
        }
        var random = forGiver
        for (index, match) in matches.enumerated() {
            random.pause(1_000)
            try match.give { progress.over.load(ordering: .relaxed) > index }
        }
        progress.isGiven.store(true, ordering: .relaxed)
        let got = try waiting.value()
        try interrupting.value()
        totals.update {
            $0.got += got.count { $0 }
            $0.interrupted += got.count { !$0 }
        }
        return try zip(matches, got).count { try !$0.settle($1) }
    }

    /// - Returns: for each match, whether it was got.
    private static func wait(_ matches: [Match], _ progress: Progress, _ generator: SplitMix) throws -> [Bool] {
        var random = generator
        return try matches.map { match in
            random.pause(200)
            let isGot: Bool
            do {
                try match.wait()
                isGot = true
            } catch is WaitInterrupted {
                isGot = false
            } catch QueueError.interrupted {
                isGot = false
            }
            Waiter.current.clearInterrupt()
            progress.over.add(1, ordering: .relaxed)
            return isGot
        }
    }
}

/// A small generator of random numbers that gives the same ones for the same seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Some microseconds at most.
    mutating func pause(_ most: UInt64) {
        let turns = next() % most
        for _ in 0..<turns { _ = next() }
    }
}
