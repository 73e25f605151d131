public import Synchronization

/// A queue between threads, with the semantics of Python's `queue.Queue`.
///
/// Any number of threads may put and get. Waiting threads are served in the order of their arrival;
/// every wait takes a deadline and can be interrupted. `Discipline` decides which item comes out
/// next. Source: https://docs.python.org/3.14/library/queue.html
public final class BlockingQueue<Element, Discipline: QueueDiscipline<Element> & ~Copyable>: WaitTarget {
    // Both set once, and in one piece of memory: what every operation touches lies together. What is behind `state` is touched only
    // with the lock held that is behind `gate`.
    @usableFromInline nonisolated(unsafe) let gate: UnsafeMutablePointer<QueueGate>
    @usableFromInline nonisolated(unsafe) let state: UnsafeMutablePointer<QueueState<Discipline>>
    private let bound: Atomic<Int>
    public let label: ObjectLabel?

    /// - Parameters:
    ///   - discipline: an empty one.
    ///   - maxsize: the number of items from which `put` waits; 0 or less for no bound.
    ///   - label: for reports about deadlocks.
    public init(_ discipline: consuming sending Discipline, maxsize: Int = 0, label: ObjectLabel? = nil) {
        bound = Atomic(maxsize)
        self.label = label
        // As in a struct of the two. A struct it is not, because ThreadSanitizer takes a change of the state for one of all of it.
        let offset = MemoryLayout<QueueGate>.size.aligned(to: MemoryLayout<QueueState<Discipline>>.alignment)
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: offset + MemoryLayout<QueueState<Discipline>>.size, alignment: 64)
        gate = memory.bindMemory(to: QueueGate.self, capacity: 1)
        gate.initialize(to: QueueGate())
        state = (memory + offset).bindMemory(to: QueueState<Discipline>.self, capacity: 1)
        state.initialize(to: QueueState(discipline, capacity: Self.capacity(maxsize)))
    }

    deinit {
        state.deinitialize(count: 1)
        gate.deinitialize(count: 1)
        UnsafeMutableRawPointer(gate).deallocate()
    }

    // MARK: One item

    /// Adds an item, waiting for a free place if need be.
    /// - Parameter deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: `.full` at the deadline, `.shutDown`, `.interrupted`; `.incomparable`, where the discipline has such items.
    @inlinable
    public func put(_ element: consuming Element, until deadline: Deadline? = nil) throws(QueueError) {
        gate.pointee.lock.lock()
        if !state.pointee.hasPlace { try waitForPlace(until: deadline) }
        try insert(element)
    }

    /// Removes the next item, waiting for one if need be.
    /// - Parameter deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: `.empty` at the deadline, `.shutDown` if nothing will come, `.interrupted`.
    @inlinable
    public func get(until deadline: Deadline? = nil) throws(QueueError) -> Element {
        gate.pointee.lock.lock()
        if !state.pointee.hasItem { try waitForItem(until: deadline) }
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
        gate.pointee.lock.lock()
        if !state.pointee.hasPlace {
            gate.pointee.lock.unlock()
            return false
        }
        try insert(element)
        return true
    }

    /// Removes the next item if that takes no waiting.
    /// - Returns: `nil` if there is none.
    @inlinable
    public func tryGet() -> Element? {
        gate.pointee.lock.lock()
        if !state.pointee.hasItem {
            gate.pointee.lock.unlock()
            return nil
        }
        return remove()
    }

    /// Called with the lock held and a place that is the caller's; gives up both.
    @inlinable @inline(__always)
    func insert(_ element: consuming Element) throws(QueueError) {
        do {
            try state.pointee.insert(element)
        } catch {
            unlockWakingPutters()
            throw error
        }
        if state.pointee.getters.isEmpty { unlock() } else { unlockWakingGetters() }
    }

    /// Called with the lock held and an item in the store that is the caller's; gives up the lock.
    @inlinable @inline(__always)
    func remove() -> Element {
        let element = state.pointee.store.removeNext()
        if state.pointee.putters.isEmpty { unlock() } else { unlockWakingPutters() }
        return element
    }

    @inlinable @inline(__always)
    func unlock() {
        gate.pointee.visibleCount.store(state.pointee.store.count, ordering: .relaxed)
        gate.pointee.lock.unlock()
    }

    @usableFromInline @inline(never)
    func unlockWakingGetters() {
        let list = state.pointee.promiseItems()
        unlock()
        list.wakeAll()
    }

    @usableFromInline @inline(never)
    func unlockWakingPutters() {
        let list = state.pointee.promisePlaces()
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
            gate.pointee.lock.lock()
            bound.store(newValue, ordering: .relaxed)
            let list = state.pointee.setCapacity(Self.capacity(newValue))
            unlock()
            list.wakeAll()
        }
    }

    private static func capacity(_ maxsize: Int) -> Int { maxsize > 0 ? maxsize : .max }

    func withLock<Result, Failure: Error>(
        _ body: (inout QueueState<Discipline>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        gate.pointee.lock.lock()
        defer { gate.pointee.lock.unlock() }
        return try body(&state.pointee)
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

extension Int {
    fileprivate func aligned(to alignment: Int) -> Int { (self + alignment - 1) & ~(alignment - 1) }
}
