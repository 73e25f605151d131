import NightjarConcurrency
import Testing

/// All that can be done to a queue, by several threads at once: what was put is got, dropped or left, once.
@Suite struct QueueStressTests {
    private struct Tally: Sendable {
        var put: [Int] = []
        var got: [Int] = []
    }

    @Test(arguments: 1...6) func nothingIsLostOrDoubledWhateverIsDone(seed: Int) throws {
        let queue = FIFOQueue<Int>(maxsize: 3)
        try Self.run(
            queue, seed: seed, putting: { try queue.put($0, until: $1) }, getting: { try queue.get(until: $0) })
    }

    @Test(arguments: 1...3) func theSameForAPriorityQueue(seed: Int) throws {
        let queue = PriorityQueue<Int>(maxsize: 5) { $0 % 10 < $1 % 10 }
        try Self.run(
            queue, seed: seed, putting: { try queue.put($0, until: $1) }, getting: { try queue.get(until: $0) })
    }

    private static func run(
        _ queue: some QueueControl, seed: Int,
        putting: @escaping @Sendable (Int, Deadline?) throws -> Void,
        getting: @escaping @Sendable (Deadline?) throws -> Int
    ) throws {
        let rounds = 4_000, putters = 3, getters = 3
        let putting = try (0..<putters).map { number in
            try Running { () -> [Int] in
                var random = SeededGenerator(seed: UInt64(seed * 100 + number)), done: [Int] = []
                for round in 0..<rounds {
                    let item = number * rounds + round
                    if (try? retrying { try putting(item, deadline(&random)) }) != nil { done.append(item) }
                    if round % 97 == 0 { queue.maxsize = Int.random(in: 1...6, using: &random) }
                }
                return done
            }
        }
        let getting = try (0..<getters).map { number in
            try Running { () -> [Int] in
                var random = SeededGenerator(seed: UInt64(seed * 100 + 50 + number)), done: [Int] = []
                while true {
                    do {
                        done.append(try retrying { try getting(deadline(&random)) })
                        try queue.taskDone()
                    } catch QueueError.empty {
                        continue
                    } catch QueueError.shutDown {
                        return done
                    }
                }
            }
        }
        let all = putting.map(\.thread.waiter) + getting.map(\.thread.waiter)
        var random = SeededGenerator(seed: UInt64(seed))
        while !putting.allSatisfy(\.isDone) { all.randomElement(using: &random)!.interrupt() }
        let put = try putting.flatMap { try $0.value() }
        queue.shutdown()
        let got = try getting.flatMap { try $0.value() }
        #expect(got.sorted() == put.sorted())
        #expect(put.count > rounds)
        #expect(queue.qsize == 0)
        #expect(queue.unfinishedTasks == 0)
        #expect(try queue.join(until: .passed))
    }

    /// None, at once, or around the time that a hand-off takes.
    private static func deadline(_ random: inout SeededGenerator) -> Deadline? {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .passed
        case 1: Deadline(nanoseconds: Deadline.now.nanoseconds + UInt64.random(in: 0..<20_000, using: &random))
        default: nil
        }
    }

    private static func retrying<Result>(_ body: () throws -> Result) throws -> Result {
        while true {
            do { return try body() } catch QueueError.interrupted { Waiter.current.clearInterrupt() }
        }
    }

    @Test func aWaitingGetterIsNotOvertakenByOneThatComesLater() throws {
        let queue = FIFOQueue<Int>()
        let waiting = try (0..<3).map { _ in
            let getter = try Running { try queue.get() }
            #expect(getter.blocks())
            return getter
        }
        #expect(queue.putMany(0..<3).count == 3)
        // Whether or not those who waited have woken yet: what there is, is theirs.
        #expect(throws: QueueError.empty) { try queue.getNowait() }
        #expect(queue.tryGet() == nil)
        #expect(try waiting.map { try $0.value() }.sorted() == [0, 1, 2])
    }

    @Test func aWaitingPutterIsNotOvertakenByOneThatComesLater() throws {
        let queue = FIFOQueue<Int>(maxsize: 1)
        try queue.put(0)
        let waiting = try Running { try queue.put(1) }
        #expect(waiting.blocks())
        #expect(try queue.get() == 0)
        #expect(throws: QueueError.full) { try queue.putNowait(2) }
        try waiting.value()
        #expect(try queue.get() == 1)
        try queue.putNowait(3)
    }
}
