import NightjarConcurrency
import Testing

@Suite struct BlockingQueueTests {
    @Test func itemsComeOutInTheOrderOfTheDiscipline() throws {
        let items = [3, 1, 2, 1]
        let fifo = FIFOQueue<Int>()
        let lifo = LIFOQueue<Int>()
        let priority = PriorityQueue<Int> { $0 < $1 }
        for item in items {
            try fifo.put(item)
            try lifo.put(item)
            try priority.put(item)
        }
        #expect(try fifo.getMany(10) == [3, 1, 2, 1])
        #expect(try lifo.getMany(10) == [1, 2, 1, 3])
        #expect(try priority.getMany(10) == [1, 1, 2, 3])
    }

    @Test func equalPrioritiesKeepTheOrderOfArrival() throws {
        let queue = PriorityQueue<(Int, Int)> { $0.0 < $1.0 }
        for number in 0..<200 { try queue.put((number % 3, number)) }
        let order = try queue.getMany(200)
        let expected = (0..<3).flatMap { rank in (0..<200).filter { $0 % 3 == rank } }
        #expect(order.map(\.1) == expected)
    }

    @Test func withoutWaitingAFullOrEmptyQueueThrows() throws {
        let queue = FIFOQueue<Int>(maxsize: 1)
        #expect(throws: QueueError.empty) { try queue.getNowait() }
        try queue.putNowait(1)
        #expect(queue.isFull)
        #expect(throws: QueueError.full) { try queue.putNowait(2) }
        #expect(throws: QueueError.full) { try queue.put(2, until: Deadline(after: 0.01)) }
        #expect(try queue.getNowait() == 1)
        #expect(queue.isEmpty)
        #expect(throws: QueueError.empty) { try queue.get(until: Deadline(after: 0.01)) }
    }

    @Test func aBoundOfZeroOrLessIsNoBound() throws {
        let queue = FIFOQueue<Int>(maxsize: -1)
        for item in 0..<1_000 { try queue.putNowait(item) }
        #expect(queue.qsize == 1_000)
        #expect(!queue.isFull)
    }

    @Test func waitingGettersAreServedInTheirOrder() throws {
        let queue = FIFOQueue<Int>()
        let getters = try (0..<5).map { _ in
            let running = try Running { try queue.get() }
            #expect(running.blocks())
            return running
        }
        for item in 0..<5 {
            try queue.put(item)
            #expect(try getters[item].value() == item)
            #expect(getters[(item + 1)...].allSatisfy { !$0.isDone })
        }
    }

    @Test func waitingPuttersAreServedInTheirOrder() throws {
        let queue = FIFOQueue<Int>(maxsize: 1)
        try queue.put(-1)
        let putters = try (0..<4).map { item in
            let running = try Running { try queue.put(item) }
            #expect(running.blocks())
            return running
        }
        for item in -1..<4 {
            #expect(try queue.get() == item)
            if item >= 0 { try putters[item].value() }
            // The next one's item is in before we take another.
            if item < 3 { try putters[item + 1].value() }
        }
    }

    @Test func anInterruptedGetterLeavesTheLineToTheOthers() throws {
        let queue = FIFOQueue<Int>()
        let first = try Running { try queue.get() }
        #expect(first.blocks())
        let second = try Running { try queue.get() }
        #expect(second.blocks())
        first.thread.waiter.interrupt()
        #expect(throws: QueueError.interrupted) { try first.value() }
        try queue.put(7)
        #expect(try second.value() == 7)
    }

    @Test func taskDoneTooOftenThrowsPythonsMessage() throws {
        let queue = FIFOQueue<Int>()
        #expect(throws: QueueError.taskDoneTooOften) { try queue.taskDone() }
        #expect("\(QueueError.taskDoneTooOften)" == "task_done() called too many times")
        try queue.put(1)
        try queue.taskDone()
        #expect(throws: QueueError.taskDoneTooOften) { try queue.taskDone() }
    }

    @Test func joinReturnsWhenTheLastTaskIsDone() throws {
        let queue = FIFOQueue<Int>()
        #expect(try queue.join())
        try queue.put(1)
        try queue.put(2)
        let joiner = try Running { try queue.join() }
        #expect(joiner.blocks())
        try queue.taskDone()
        #expect(joiner.blocks())
        try queue.taskDone()
        #expect(try joiner.value())
    }

    @Test func aManyThreadedTransferDeliversEachItemOnce() throws {
        let queue = FIFOQueue<Int>(maxsize: 7)
        let producers = try (0..<3).map { base in
            try Running { for item in 0..<5_000 { try queue.put(base * 5_000 + item) } }
        }
        let consumers = try (0..<3).map { _ in
            try Running { () -> [Int] in
                var items: [Int] = []
                while let item = try? queue.get() { items.append(item) }
                return items
            }
        }
        for producer in producers { try producer.value() }
        queue.shutdown()
        let items = try consumers.map { try $0.value() }
        #expect(items.flatMap { $0 }.sorted() == Array(0..<15_000))
        for list in items {
            for base in 0..<3 {
                let mine = list.filter { $0 / 5_000 == base }
                #expect(mine == mine.sorted())
            }
        }
    }

    @Test func getManyWaitsForTheFirstAndTakesWhatIsThere() throws {
        let queue = FIFOQueue<Int>()
        let getter = try Running { try queue.getMany(3) }
        #expect(getter.blocks())
        #expect(queue.putMany([1]).count == 1)
        #expect(try getter.value() == [1])
        #expect(queue.putMany(2...6).count == 5)
        #expect(try queue.getMany(3) == [2, 3, 4])
        #expect(try queue.getMany(3) == [5, 6])
        #expect(throws: QueueError.empty) { try queue.getMany(3, until: .passed) }
    }

    @Test func putManyWaitsForEachPlaceAndSaysHowFarItCame() throws {
        let queue = FIFOQueue<Int>(maxsize: 2)
        let (count, failure) = queue.putMany(0..<5, until: .passed)
        #expect(count == 2)
        #expect(failure == .full)
        let putter = try Running { queue.putMany(2..<6).count }
        #expect(putter.blocks())
        #expect(try (0..<6).map { _ in try queue.get() } == [0, 1, 2, 3, 4, 5])
        #expect(try putter.value() == 4)
    }

    @Test func aPendingGetNamesTheQueue() throws {
        let queue = FIFOQueue<Int>()
        let getter = try Running { try queue.get() }
        #expect(getter.blocks())
        let reason = getter.thread.waiter.pendingWait?.reason
        #expect(reason?.operation == "Queue.get")
        #expect(reason?.target === queue)
        queue.shutdown()
    }
}
