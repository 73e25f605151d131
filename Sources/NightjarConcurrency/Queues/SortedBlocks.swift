/// Items in an order, the next one cheap to take, equal ones in the order of their arrival.
///
/// Blocks of bounded size: an item is found by two binary searches and put in its place by moving less than a block. As fast as a heap
/// where priorities are random, faster where they are few, and unlike a heap it is stable by itself and knows an item's neighbours.
@usableFromInline
struct SortedBlocks<Element> {
    /// The last item of the last block is the next. No block is empty.
    @usableFromInline var blocks: [[Element]] = []
    @usableFromInline var count = 0

    @usableFromInline static var blockSize: Int { 128 }

    @inlinable init() {}

    /// A place between two items.
    @usableFromInline
    struct Place {
        @usableFromInline let block: Int
        @usableFromInline let offset: Int

        @inlinable
        init(block: Int, offset: Int) {
            self.block = block
            self.offset = offset
        }
    }

    /// Where `element` belongs: after all that it does not precede.
    @inlinable @inline(__always)
    func place(of element: Element, precedes: (Element, Element) -> Bool) -> Place {
        let block = partitioningIndex(blocks.count) { block in
            blocks[block].withUnsafeBufferPointer { !precedes(element, $0[$0.count - 1]) }
        }
        guard block < blocks.count else {
            return Place(block: max(0, block - 1), offset: blocks.last?.count ?? 0)
        }
        let offset = blocks[block].withUnsafeBufferPointer { items in
            partitioningIndex(items.count) { !precedes(element, items[$0]) }
        }
        return Place(block: block, offset: offset)
    }

    /// The first index below `count` that satisfies the condition, given that all after it do too; `count` if none does.
    @inlinable @inline(__always)
    func partitioningIndex(_ count: Int, where belongsAfter: (Int) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if belongsAfter(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    @inlinable
    mutating func insert(_ element: consuming Element, at place: Place) {
        if blocks.isEmpty { blocks.append([]) }
        blocks[place.block].insert(element, at: place.offset)
        count += 1
        if blocks[place.block].count > Self.blockSize { split(place.block) }
    }

    @inlinable
    mutating func split(_ block: Int) {
        let half = blocks[block].count / 2
        let rest = Array(blocks[block][half...])
        blocks[block].removeSubrange(half...)
        blocks.insert(rest, at: block + 1)
    }

    /// - Precondition: not empty.
    @inlinable
    mutating func removeNext() -> Element {
        let last = blocks.count - 1
        let element = blocks[last].removeLast()
        count -= 1
        if blocks[last].isEmpty { blocks.removeLast() }
        return element
    }

    /// In the order in which they would have come out.
    @inlinable
    mutating func removeAll() -> [Element] {
        var removed: [Element] = []
        removed.reserveCapacity(count)
        for block in blocks.reversed() { removed += block.reversed() }
        blocks = []
        count = 0
        return removed
    }

    /// The item that comes out just before one at `place`.
    @inlinable
    func before(_ place: Place) -> Element? {
        guard place.block < blocks.count else { return nil }
        if place.offset < blocks[place.block].count { return blocks[place.block][place.offset] }
        return place.block + 1 < blocks.count ? blocks[place.block + 1].first : nil
    }

    /// The item that comes out just after one at `place`.
    @inlinable
    func after(_ place: Place) -> Element? {
        if place.offset > 0 { return blocks[place.block][place.offset - 1] }
        return place.block > 0 ? blocks[place.block - 1].last : nil
    }
}
