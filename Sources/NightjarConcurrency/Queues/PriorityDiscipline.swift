/// The smallest first, equal ones in the order of their arrival: `queue.PriorityQueue`.
public struct PriorityDiscipline<Element: Sendable>: QueueDiscipline, ~Copyable {
    @usableFromInline var items = SortedBlocks<Element>()
    @usableFromInline let precedes: @Sendable (Element, Element) -> Bool

    /// - Parameter precedes: a strict weak order; called under the queue's lock.
    @inlinable
    public init(precedes: @escaping @Sendable (Element, Element) -> Bool) {
        self.precedes = precedes
    }

    @inlinable public var count: Int { items.count }

    @inlinable
    public mutating func insert(_ element: consuming Element) {
        items.insert(element, at: items.place(of: element, precedes: precedes))
    }

    @inlinable public mutating func removeNext() -> Element { items.removeNext() }
    @inlinable public mutating func removeAll() -> [Element] { items.removeAll() }
}

/// What stands in a queue of ``PrioritizedDiscipline``.
public protocol Prioritized: Sendable {
    /// A strict weak order, also of items that are in conflict: between two that are in conflict with each other there may be none
    /// that is not in conflict with one of the two. Called under the queue's lock.
    func precedes(_ other: Self) -> Bool
    /// Why the two cannot stand in one queue; `nil` if they can.
    func conflict(with other: Self) -> QueueError?
}

/// The same for items that know their order, some of which are not comparable with others.
public struct PrioritizedDiscipline<Element: Prioritized>: QueueDiscipline, ~Copyable {
    @usableFromInline var items = SortedBlocks<Element>()

    @inlinable public init() {}
    @inlinable public var count: Int { items.count }

    @inlinable
    public mutating func insert(_ element: consuming Element) throws(QueueError) {
        let place = items.place(of: element) { $0.precedes($1) }
        if let conflict = conflict(of: element, at: place) { throw conflict }
        items.insert(element, at: place)
    }

    public func refusal(of elements: ArraySlice<Element>) -> QueueError? {
        var together = PrioritizedDiscipline()
        for element in elements {
            if let conflict = conflict(of: element, at: items.place(of: element) { $0.precedes($1) }) {
                return conflict
            }
            do { try together.insert(element) } catch { return error }
        }
        return nil
    }

    /// The neighbours are enough: were the element in conflict only with one further away, that one would be in conflict with the
    /// neighbour between them, and it could not be here.
    @inlinable
    func conflict(of element: Element, at place: SortedBlocks<Element>.Place) -> QueueError? {
        if let before = items.before(place), let conflict = element.conflict(with: before) { return conflict }
        if let after = items.after(place), let conflict = element.conflict(with: after) { return conflict }
        return nil
    }

    @inlinable public mutating func removeNext() -> Element { items.removeNext() }
    @inlinable public mutating func removeAll() -> [Element] { items.removeAll() }
}
