public import Synchronization

/// A queue between threads, with the semantics of Python's `queue.Queue`.
///
/// Any number of threads may put and get. Waiting threads are served in the order of their arrival;
/// every wait takes a deadline and can be interrupted. `Discipline` decides which item comes out
/// next. Source: https://docs.python.org/3.14/library/queue.html
public final class BlockingQueue<Element, Discipline: QueueDiscipline<Element> & ~Copyable>: WaitTarget {
    // Set once; the state behind it is touched only with the lock held that lies beside it.
    @usableFromInline nonisolated(unsafe) let cell: UnsafeMutablePointer<QueueCell<Discipline>>

    private let bound: Atomic<Int>
    public let label: ObjectLabel?

    /// - Parameters:
    ///   - discipline: an empty one.
    ///   - maxsize: the number of items from which `put` waits; 0 or less for no bound.
    ///   - label: for reports about deadlocks.
    public init(_ discipline: consuming sending Discipline, maxsize: Int = 0, label: ObjectLabel? = nil) {
        bound = Atomic(maxsize)
        self.label = label
        cell = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<QueueCell<Discipline>>.size, alignment: 64)
            .bindMemory(to: QueueCell<Discipline>.self, capacity: 1)
        cell.initialize(to: QueueCell(discipline, capacity: Self.capacity(maxsize)))
    }

    deinit {
        cell.deinitialize(count: 1)
        cell.deallocate()
    }

    // MARK: One item

    /// Adds an item, waiting for a free place if need be.
    /// - Parameter deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: `.full` at the deadline, `.shutDown`, `.interrupted`; `.incomparable`, where the discipline has such items.
    @inlinable
    public func put(_ element: consuming Element, until deadline: Deadline? = nil) throws(QueueError) {
        cell.pointee.lock.lock()
        if !cell.pointee.state.hasPlace { try waitForPlace(until: deadline) }
        try insert(element)
    }

    /// Removes the next item, waiting for one if need be.
    /// - Parameter deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: `.empty` at the deadline, `.shutDown` if nothing will come, `.interrupted`.
    @inlinable
    public func get(until deadline: Deadline? = nil) throws(QueueError) -> Element {
        cell.pointee.lock.lock()
        if !cell.pointee.state.hasItem { try waitForItem(until: deadline) }
        return remove()
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

    /// Adds an item if that takes no waiting: the way for those who have to prepare a wait.
    /// - Returns: false, and nothing done, if there is no place or the queue was shut down.
    @inlinable
    public func tryPut(_ element: Element) throws(QueueError) -> Bool {
        cell.pointee.lock.lock()
        if !cell.pointee.state.hasPlace {
            cell.pointee.lock.unlock()
            return false
        }
        try insert(element)
        return true
    }

    /// Removes the next item if that takes no waiting.
    /// - Returns: `nil` if there is none.
    @inlinable
    public func tryGet() -> Element? {
        cell.pointee.lock.lock()
        if !cell.pointee.state.hasItem {
            cell.pointee.lock.unlock()
            return nil
        }
        return remove()
    }

    /// Called with the lock held and a place that is the caller's; gives up both.
    @inlinable @inline(__always)
    func insert(_ element: consuming Element) throws(QueueError) {
        do {
            try cell.pointee.state.insert(element)
        } catch {
            unlockWakingPutters()
            throw error
        }
        if cell.pointee.state.getters.isEmpty { unlock() } else { unlockWakingGetters() }
    }

    /// Called with the lock held and an item in the store that is the caller's; gives up the lock.
    @inlinable @inline(__always)
    func remove() -> Element {
        let element = cell.pointee.state.store.removeNext()
        if cell.pointee.state.putters.isEmpty { unlock() } else { unlockWakingPutters() }
        return element
    }

    @inlinable @inline(__always)
    func unlock() {
        cell.pointee.visibleCount.store(cell.pointee.state.store.count, ordering: .relaxed)
        cell.pointee.lock.unlock()
    }

    @usableFromInline @inline(never)
    func unlockWakingGetters() {
        let list = cell.pointee.state.promiseItems()
        unlock()
        list.wakeAll()
    }

    @usableFromInline @inline(never)
    func unlockWakingPutters() {
        let list = cell.pointee.state.promisePlaces()
        unlock()
        list.wakeAll()
    }
}

// MARK: State

extension BlockingQueue: QueueControl where Discipline: ~Copyable {
    public var qsize: Int { withLock { $0.store.count } }
    public var isShutDown: Bool { withLock { $0.isShutDown } }
    public var unfinishedTasks: Int { withLock { $0.unfinished } }

    public var maxsize: Int {
        get { bound.load(ordering: .relaxed) }
        set {
            cell.pointee.lock.lock()
            bound.store(newValue, ordering: .relaxed)
            let list = cell.pointee.state.setCapacity(Self.capacity(newValue))
            unlock()
            list.wakeAll()
        }
    }

    private static func capacity(_ maxsize: Int) -> Int { maxsize > 0 ? maxsize : .max }

    func withLock<Result, Failure: Error>(
        _ body: (inout QueueState<Discipline>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        cell.pointee.lock.lock()
        defer { cell.pointee.lock.unlock() }
        return try body(&cell.pointee.state)
    }
}

// MARK: Convenience

extension BlockingQueue where Discipline: ~Copyable {
    /// A first-in-first-out queue: Python's `Queue`, and with no bound its `SimpleQueue`.
    public convenience init(
        maxsize: Int = 0, label: ObjectLabel? = nil
    ) where Discipline == FIFODiscipline<Element> {
        self.init(FIFODiscipline(), maxsize: maxsize, label: label)
    }

    /// A last-in-first-out queue: Python's `LifoQueue`.
    public convenience init(
        maxsize: Int = 0, label: ObjectLabel? = nil
    ) where Discipline == LIFODiscipline<Element> {
        self.init(LIFODiscipline(), maxsize: maxsize, label: label)
    }

    /// A queue whose smallest item comes out first, equal ones in the order of their arrival: Python's `PriorityQueue`.
    public convenience init(
        maxsize: Int = 0, label: ObjectLabel? = nil, precedes: @escaping @Sendable (Element, Element) -> Bool
    ) where Discipline == PriorityDiscipline<Element> {
        self.init(PriorityDiscipline(precedes: precedes), maxsize: maxsize, label: label)
    }
}

/// Python's `queue.Queue`.
public typealias FIFOQueue<Element: Sendable> = BlockingQueue<Element, FIFODiscipline<Element>>
/// Python's `queue.LifoQueue`.
public typealias LIFOQueue<Element: Sendable> = BlockingQueue<Element, LIFODiscipline<Element>>
/// Python's `queue.PriorityQueue`.
public typealias PriorityQueue<Element: Sendable> = BlockingQueue<Element, PriorityDiscipline<Element>>
