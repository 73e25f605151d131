public import DequeModule

/// Decides which item of a queue comes out next. A `BlockingQueue` calls it under its lock: short
/// and without calls to foreign code that may block.
public protocol QueueDiscipline<Element> {
    associatedtype Element: Sendable

    var count: Int { get }
    mutating func insert(_ element: consuming Element)
    /// - Precondition: `count > 0`.
    mutating func removeNext() -> Element
    mutating func removeAll()
}

/// First in, first out: `queue.Queue`.
public struct FIFODiscipline<Element: Sendable>: QueueDiscipline, Sendable {
    @usableFromInline var items = Deque<Element>()

    @inlinable public init() {}
    @inlinable public var count: Int { items.count }
    @inlinable public mutating func insert(_ element: consuming Element) { items.append(element) }
    @inlinable public mutating func removeNext() -> Element { items.removeFirst() }
    @inlinable public mutating func removeAll() { items.removeAll() }
}

/// Last in, first out: `queue.LifoQueue`.
public struct LIFODiscipline<Element: Sendable>: QueueDiscipline, Sendable {
    @usableFromInline var items: [Element] = []

    @inlinable public init() {}
    @inlinable public var count: Int { items.count }
    @inlinable public mutating func insert(_ element: consuming Element) { items.append(element) }
    @inlinable public mutating func removeNext() -> Element { items.removeLast() }
    @inlinable public mutating func removeAll() { items.removeAll() }
}

/// The smallest first, equal ones in the order of their arrival: `queue.PriorityQueue`.
public struct PriorityDiscipline<Element: Sendable>: QueueDiscipline, Sendable {
    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline let element: Element
        @usableFromInline let serial: UInt64

        @inlinable
        init(element: consuming Element, serial: UInt64) {
            self.element = element
            self.serial = serial
        }
    }

    @usableFromInline var heap: BinaryHeap<Entry>
    @usableFromInline var serial: UInt64 = 0

    /// - Parameter precedes: a strict weak order; called under the queue's lock.
    @inlinable
    public init(precedes: @escaping @Sendable (Element, Element) -> Bool) {
        heap = BinaryHeap { left, right in
            if precedes(left.element, right.element) { return true }
            if precedes(right.element, left.element) { return false }
            return left.serial < right.serial
        }
    }

    @inlinable public var count: Int { heap.count }

    @inlinable
    public mutating func insert(_ element: consuming Element) {
        serial &+= 1
        heap.insert(Entry(element: element, serial: serial))
    }

    @inlinable public mutating func removeNext() -> Element { heap.removeFirst().element }
    @inlinable public mutating func removeAll() { heap.removeAll() }
}

/// One of the three, chosen at run time, for callers that need a single queue type.
public struct AnyDiscipline<Element: Sendable>: QueueDiscipline, Sendable {
    // A struct of three and no enum: changing the payload of an enum in place copies it first.
    @usableFromInline enum Kind: Sendable { case fifo, lifo, priority }
    @usableFromInline let kind: Kind
    @usableFromInline var fifo = FIFODiscipline<Element>()
    @usableFromInline var lifo = LIFODiscipline<Element>()
    @usableFromInline var priority: PriorityDiscipline<Element>

    @usableFromInline
    init(kind: Kind, precedes: @escaping @Sendable (Element, Element) -> Bool) {
        self.kind = kind
        priority = PriorityDiscipline(precedes: precedes)
    }

    public static var fifo: Self { Self(kind: .fifo) { _, _ in false } }
    public static var lifo: Self { Self(kind: .lifo) { _, _ in false } }
    public static func priority(precedes: @escaping @Sendable (Element, Element) -> Bool) -> Self {
        Self(kind: .priority, precedes: precedes)
    }

    @inlinable
    public var count: Int {
        switch kind {
        case .fifo: fifo.count
        case .lifo: lifo.count
        case .priority: priority.count
        }
    }

    @inlinable
    public mutating func insert(_ element: consuming Element) {
        switch kind {
        case .fifo: fifo.insert(element)
        case .lifo: lifo.insert(element)
        case .priority: priority.insert(element)
        }
    }

    @inlinable
    public mutating func removeNext() -> Element {
        switch kind {
        case .fifo: fifo.removeNext()
        case .lifo: lifo.removeNext()
        case .priority: priority.removeNext()
        }
    }

    @inlinable
    public mutating func removeAll() {
        switch kind {
        case .fifo: fifo.removeAll()
        case .lifo: lifo.removeAll()
        case .priority: priority.removeAll()
        }
    }
}
