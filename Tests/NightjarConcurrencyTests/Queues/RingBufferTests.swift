import Testing

@testable import NightjarConcurrency

@Suite struct RingBufferTests {
    /// Compares with an array, step by step, through growth, wrap-around and the return of memory.
    @Test func bothEndsAreThoseOfAnArray() {
        var random = SeededGenerator(seed: 1)
        var ring = RingBuffer<Int>()
        var model: [Int] = []
        for step in 0..<200_000 {
            // Waves: the line grows to thousands and shrinks to nothing.
            let grows = step / 20_000 % 2 == 0
            if model.isEmpty || Int.random(in: 0..<10, using: &random) < (grows ? 7 : 3) {
                ring.append(step)
                model.append(step)
            } else if Bool.random(using: &random) {
                #expect(ring.removeFirst() == model.removeFirst())
            } else {
                #expect(ring.removeLast() == model.removeLast())
            }
            if ring.count != model.count { Issue.record("\(ring.count) items, not \(model.count)") }
        }
        let rest = ring.removeAll()
        #expect(rest == model)
        let count = ring.count
        #expect(count == 0)
    }

    @Test func memoryOfABurstGoesBackWhenTheLineIsEmpty() {
        var ring = RingBuffer<Int>()
        for item in 0..<100_000 { ring.append(item) }
        for _ in 0..<99_999 { _ = ring.removeFirst() }
        let large = ring.mask
        #expect(large >= 100_000)
        _ = ring.removeFirst()
        let small = ring.mask
        #expect(small < 100)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 40]) func whatIsInTheLineEndsWithIt(count: Int) {
        final class Item: Sendable {}
        weak var witness: Item?
        do {
            var ring = RingBuffer<Item>()
            // The head somewhere in the middle, so that the line wraps.
            for _ in 0..<11 { ring.append(Item()) }
            for _ in 0..<11 { _ = ring.removeFirst() }
            for number in 0..<count {
                let item = Item()
                if number == count - 1 { witness = item }
                ring.append(item)
            }
            #expect((witness != nil) == (count > 0))
        }
        #expect(witness == nil)
    }
}

/// The same sequence for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
