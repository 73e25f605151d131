/// The element that precedes all others comes out first. Not stable: break ties in the order.
@usableFromInline
struct BinaryHeap<Element: Sendable>: Sendable {
    @usableFromInline private(set) var elements: [Element] = []
    @usableFromInline let precedes: @Sendable (Element, Element) -> Bool

    @usableFromInline
    init(precedes: @escaping @Sendable (Element, Element) -> Bool) {
        self.precedes = precedes
    }

    @usableFromInline var count: Int { elements.count }
    var first: Element? { elements.first }

    @usableFromInline
    mutating func insert(_ element: Element) {
        elements.append(element)
        siftUp(from: elements.count - 1)
    }

    /// - Precondition: not empty.
    @usableFromInline
    mutating func removeFirst() -> Element {
        elements.swapAt(0, elements.count - 1)
        let element = elements.removeLast()
        siftDown(from: 0)
        return element
    }

    @usableFromInline
    mutating func removeAll() {
        elements.removeAll()
    }

    mutating func removeAll(where isUnwanted: (Element) -> Bool) {
        elements.removeAll(where: isUnwanted)
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { siftDown(from: index) }
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(elements[child], elements[parent]) else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
                if precedes(elements[child], elements[smallest]) { smallest = child }
            }
            if smallest == parent { return }
            elements.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
