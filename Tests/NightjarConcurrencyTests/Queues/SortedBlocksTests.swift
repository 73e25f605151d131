import Testing

@testable import NightjarConcurrency

@Suite struct SortedBlocksTests {
    private struct Item: Equatable {
        let priority: Int
        let serial: Int
    }

    /// Compares with a list that is kept in order, through splits of blocks and their end.
    @Test(arguments: [1, 3, 50, 1_000_000]) func itemsComeOutAsFromAListKeptInOrder(priorities: Int) {
        var random = SeededGenerator(seed: UInt64(priorities))
        var blocks = SortedBlocks<Item>()
        var model: [Item] = []
        for serial in 0..<6_000 {
            let item = Item(priority: Int.random(in: 0..<priorities, using: &random), serial: serial)
            blocks.insert(item, at: blocks.place(of: item) { $0.priority < $1.priority })
            model.insert(item, at: model.lastIndex { $0.priority <= item.priority }.map { $0 + 1 } ?? 0)
            // Waves of a thousand.
            while model.count > 1_000 || (serial / 1_000 % 2 == 1 && model.count > 3) {
                let (item, expected) = (blocks.removeNext(), model.removeFirst())
                if item != expected { Issue.record("\(item) came before \(expected)") }
            }
        }
        #expect(blocks.count == model.count)
        #expect(blocks.removeAll() == model)
        #expect(blocks.count == 0)
    }

    @Test func aPlaceKnowsItsNeighbours() {
        var blocks = SortedBlocks<Int>()
        func neighbours(_ item: Int) -> [Int?] {
            let place = blocks.place(of: item, precedes: <)
            return [blocks.before(place), blocks.after(place)]
        }
        #expect(neighbours(0) == [nil, nil])
        let items = Array(stride(from: 0, to: 2_000, by: 2))
        for item in items.shuffled() { blocks.insert(item, at: blocks.place(of: item, precedes: <)) }
        #expect(neighbours(-1) == [nil, 0])
        #expect(neighbours(1_999) == [1_998, nil])
        for item in items.dropLast() {
            if neighbours(item + 1) != [item, item + 2] { Issue.record("wrong neighbours of \(item + 1)") }
            if neighbours(item) != [item, item + 2] { Issue.record("wrong neighbours of another \(item)") }
        }
    }
}
