/// Decides which item of a queue comes out next. A `BlockingQueue` calls it under its lock: short
/// and without calls to foreign code that may block.
public protocol QueueDiscipline<Element>: ~Copyable {
    associatedtype Element: Sendable

    var count: Int { get }
    /// Why `elements` cannot stand among the items that are there now, or among themselves; `nil` if they can.
    func refusal(of elements: ArraySlice<Element>) -> QueueError?
    /// - Throws: the refusal; nothing was inserted.
    mutating func insert(_ element: consuming Element) throws(QueueError)
    /// - Precondition: `count > 0`.
    mutating func removeNext() -> Element
    mutating func removeAll() -> [Element]
}

extension QueueDiscipline where Self: ~Copyable {
    public func refusal(of elements: ArraySlice<Element>) -> QueueError? { nil }
}

/// First in, first out: `queue.Queue`.
public struct FIFODiscipline<Element: Sendable>: QueueDiscipline, ~Copyable {
    @usableFromInline var items = RingBuffer<Element>()

    public init() {}
    @inlinable public var count: Int { items.count }
    @inlinable public mutating func insert(_ element: consuming Element) { items.append(element) }
    @inlinable public mutating func removeNext() -> Element { items.removeFirst() }
    public mutating func removeAll() -> [Element] { items.removeAll() }
}

/// Last in, first out: `queue.LifoQueue`.
public struct LIFODiscipline<Element: Sendable>: QueueDiscipline, ~Copyable {
    @usableFromInline var items = RingBuffer<Element>()

    public init() {}
    @inlinable public var count: Int { items.count }
    @inlinable public mutating func insert(_ element: consuming Element) { items.append(element) }
    @inlinable public mutating func removeNext() -> Element { items.removeLast() }
    public mutating func removeAll() -> [Element] { items.removeAll() }
}
