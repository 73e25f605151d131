public import Synchronization

/// A queue between threads, with the semantics of Python's `queue.Queue`.
///
/// Any number of threads may put and get. Waiting threads are served in the order of their arrival;
/// every wait takes a deadline and can be interrupted. `Discipline` decides which item comes out
/// next. Source: https://docs.python.org/3.14/library/queue.html
public final class BlockingQueue<Element, Discipline: QueueDiscipline<Element>>: WaitTarget {
    @usableFromInline let state: Guarded<QueueState<Discipline>>
    /// The number of items, for threads that look without the lock whether it is worth coming in.
    @usableFromInline let visibleCount = Atomic<Int>(0)
    /// The state, for those who hold the lock. A copy of the pointer: a change of its pointee is no
    /// access to the field, which ThreadSanitizer would see otherwise.
    @inlinable var shared: UnsafeMutablePointer<QueueState<Discipline>> { state.value }
    /// The bound on the number of items; 0 or less means none, as in Python.
    public let maxsize: Int

    public let label: ObjectLabel?

    /// - Parameters:
    ///   - discipline: an empty one.
    ///   - maxsize: the number of items from which `put` waits; 0 or less for no bound.
    ///   - label: for reports about deadlocks.
    public init(_ discipline: sending Discipline, maxsize: Int = 0, label: ObjectLabel? = nil) {
        self.maxsize = maxsize
        self.label = label
        state = Guarded(QueueState(discipline, capacity: maxsize > 0 ? maxsize : .max))
    }

    // MARK: One item

    /// Adds an item, waiting for a free place if need be.
    /// - Parameter deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: `.full` at the deadline, `.shutDown`, `.interrupted`.
    @inlinable
    public func put(_ element: consuming Element, until deadline: Deadline? = nil) throws(QueueError) {
        state.lock.lock()
        if !shared.pointee.hasPlace || shared.pointee.isShutDown {
            try waitForPlace(until: deadline)
        }
        let list = shared.pointee.insert(element)
        unlock(waking: list)
    }

    /// Removes the next item, waiting for one if need be.
    /// - Parameter deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: `.empty` at the deadline, `.shutDown` if nothing will come, `.interrupted`.
    @inlinable
    public func get(until deadline: Deadline? = nil) throws(QueueError) -> Element {
        state.lock.lock()
        if !shared.pointee.hasItem { try waitForItem(until: deadline) }
        var list: WakeList?
        let element = shared.pointee.remove(waking: &list)
        unlock(waking: list)
        return element
    }

    /// Adds an item if there is a place now.
    @inlinable
    public func putNowait(_ element: consuming Element) throws(QueueError) {
        try put(element, until: .passed)
    }

    /// Removes the next item if there is one now.
    @inlinable
    public func getNowait() throws(QueueError) -> Element {
        try get(until: .passed)
    }

    // MARK: State

    /// The number of items. By the time the caller looks at it, it may be another.
    public var qsize: Int { state.withLock { $0.store.count } }
    public var isEmpty: Bool { qsize == 0 }
    public var isFull: Bool { maxsize > 0 && qsize >= maxsize }
    public var isShutDown: Bool { state.withLock { $0.isShutDown } }
    /// Items put and not yet reported by `taskDone`.
    public var unfinishedTasks: Int { state.withLock { $0.unfinished } }

    @inlinable @inline(__always)
    func unlock(waking list: consuming WakeList?) {
        visibleCount.store(shared.pointee.store.count, ordering: .relaxed)
        state.lock.unlock()
        if let list { list.wakeAll() }
    }
}

// MARK: Convenience

extension BlockingQueue {
    /// A first-in-first-out queue: Python's `Queue`, and with no bound its `SimpleQueue`.
    public convenience init(
        maxsize: Int = 0, label: ObjectLabel? = nil
    ) where Discipline == FIFODiscipline<Element> {
        self.init(FIFODiscipline(), maxsize: maxsize, label: label)
    }
}

/// Python's `queue.Queue`.
public typealias FIFOQueue<Element: Sendable> = BlockingQueue<Element, FIFODiscipline<Element>>
/// Python's `queue.LifoQueue`.
public typealias LIFOQueue<Element: Sendable> = BlockingQueue<Element, LIFODiscipline<Element>>
/// Python's `queue.PriorityQueue`.
public typealias PriorityQueue<Element: Sendable> = BlockingQueue<Element, PriorityDiscipline<Element>>
