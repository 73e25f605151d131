import NightjarConcurrency
import Testing

@Suite struct QueueShutdownTests {
    @Test func afterShutdownPutsFailAndGetsDrain() throws {
        let queue = FIFOQueue<Int>()
        try queue.put(1)
        queue.shutdown()
        #expect(throws: QueueError.shutDown) { try queue.put(2) }
        #expect(throws: QueueError.shutDown) { try queue.putNowait(2) }
        #expect(try queue.get() == 1)
        #expect(throws: QueueError.shutDown) { try queue.get() }
        #expect(throws: QueueError.shutDown) { try queue.getNowait() }
    }

    @Test func immediateShutdownDropsItemsAndCountsThemDone() throws {
        let queue = FIFOQueue<Int>()
        for item in 0..<3 { try queue.put(item) }
        _ = try queue.get()
        queue.shutdown(immediate: true)
        #expect(queue.isEmpty)
        #expect(queue.unfinishedTasks == 1)
        #expect(throws: QueueError.shutDown) { try queue.get() }
        #expect(try !queue.join(until: .passed))
        try queue.taskDone()
        #expect(try queue.join())
    }

    @Test func shutdownWakesEveryWaitingGetter() throws {
        let queue = FIFOQueue<Int>()
        let getters = try (0..<3).map { _ in try Running { try queue.get() } }
        for getter in getters { #expect(getter.blocks()) }
        queue.shutdown()
        for getter in getters { #expect(throws: QueueError.shutDown) { try getter.value() } }
    }

    @Test(arguments: [false, true])
    func shutdownWakesEveryWaitingPutter(immediate: Bool) throws {
        let queue = FIFOQueue<Int>(maxsize: 1)
        try queue.put(0)
        let putters = try (0..<3).map { item in try Running { try queue.put(item) } }
        for putter in putters { #expect(putter.blocks()) }
        queue.shutdown(immediate: immediate)
        for putter in putters { #expect(throws: QueueError.shutDown) { try putter.value() } }
        #expect(queue.qsize == (immediate ? 0 : 1))
    }

    @Test func immediateShutdownLetsJoinersGo() throws {
        let queue = FIFOQueue<Int>()
        try queue.put(0)
        let joiner = try Running { try queue.join() }
        #expect(joiner.blocks())
        queue.shutdown(immediate: true)
        #expect(try joiner.value())
    }

    @Test func droppedItemsAreDestroyedOutsideTheLock() throws {
        final class Nosy: Sendable {
            let queue: FIFOQueue<Nosy>
            init(_ queue: FIFOQueue<Nosy>) { self.queue = queue }
            // Would never return if the queue's lock were held.
            deinit { _ = queue.qsize }
        }
        let queue = FIFOQueue<Nosy>()
        try queue.put(Nosy(queue))
        queue.shutdown(immediate: true)
        #expect(queue.isEmpty)
    }
}
