import NightjarConcurrency
import Testing

@Suite struct QueueBoundTests {
    @Test func aLargerBoundLetsThoseInWhoWait() throws {
        let queue = FIFOQueue<Int>(maxsize: 1)
        try queue.put(0)
        let putters = try (1...3).map { item in
            let putter = try Running { try queue.put(item) }
            #expect(putter.blocks())
            return putter
        }
        queue.maxsize = 3
        try putters[0].value()
        try putters[1].value()
        #expect(queue.qsize == 3)
        #expect(putters[2].blocks())
        queue.maxsize = 0
        try putters[2].value()
        #expect(!queue.isFull)
        // Those who are let in together come in any order.
        #expect(try queue.getMany(10).sorted() == [0, 1, 2, 3])
    }

    @Test func aSmallerBoundKeepsWhatIsThere() throws {
        let queue = LIFOQueue<Int>(maxsize: 3)
        #expect(queue.putMany(0..<3).count == 3)
        queue.maxsize = 1
        #expect(queue.isFull)
        for _ in 0..<2 {
            _ = try queue.get()
            #expect(throws: QueueError.full) { try queue.putNowait(9) }
        }
        _ = try queue.get()
        try queue.putNowait(9)
        #expect(throws: QueueError.full) { try queue.putNowait(10) }
    }

    /// Even and odd numbers are in conflict.
    private struct Number: Prioritized, ExpressibleByIntegerLiteral, Equatable {
        let value: Int
        init(integerLiteral value: Int) { self.value = value }
        // The odd ones after the even ones.
        func precedes(_ other: Self) -> Bool { (value & 1, value) < (other.value & 1, other.value) }
        func conflict(with other: Self) -> QueueError? {
            (value - other.value) & 1 == 0 ? nil : .incomparable(.number, .number)
        }
    }

    @Test func aRefusedItemLeavesItsPlaceToTheNext() throws {
        let queue = BlockingQueue(PrioritizedDiscipline<Number>(), maxsize: 2)
        try queue.put(0)
        try queue.put(2)
        let refused = try Running { try queue.put(3) }
        #expect(refused.blocks())
        let next = try Running { try queue.put(4) }
        #expect(next.blocks())
        #expect(try queue.get() == 0)
        #expect(throws: QueueError.incomparable(.number, .number)) { try refused.value() }
        try next.value()
        #expect(try queue.getMany(5) == [2, 4])
        #expect(queue.unfinishedTasks == 3)
    }

    @Test func ofManyItemsWithARefusalNoneIsPut() throws {
        let queue = BlockingQueue(PrioritizedDiscipline<Number>())
        for items: [Number] in [[2, 4, 5], [3, 4], [5]] {
            try queue.put(0)
            let (count, failure) = queue.putMany(items)
            #expect(count == 0)
            #expect(failure == .incomparable(.number, .number))
            #expect(try queue.getMany(5) == [0])
        }
        #expect(queue.putMany([3, 5]).count == 2)
    }

    @Test func lookingWithoutWaitingTakesWhatIsThereAndNoMore() throws {
        let queue = FIFOQueue<Int>(maxsize: 1)
        #expect(queue.tryGet() == nil)
        #expect(try queue.tryPut(1))
        #expect(try !queue.tryPut(2))
        #expect(queue.tryGet() == 1)
        queue.shutdown()
        #expect(try !queue.tryPut(3))
        #expect(queue.tryGet() == nil)
    }
}
