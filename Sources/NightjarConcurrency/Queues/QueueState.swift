public import Synchronization

/// What threads meet at before they look at a queue's state.
@usableFromInline
struct QueueGate: ~Copyable {
    @usableFromInline let lock = ShortLock()
    /// The number of items, for threads that look without the lock whether it is worth coming in.
    @usableFromInline let visibleCount = Atomic<Int>(0)
}

/// What a `BlockingQueue` knows, and every step it can take. No locks, no sleeping.
///
/// Waiting threads get promises: a getter that is woken owns one of the items in the store, a
/// putter that is woken owns one of the free places. Promised ones are out of reach for others, so
/// nobody who waits is overtaken. Invariants: getters wait only while no unpromised item is there,
/// putters wait only while no unpromised place is free.
@usableFromInline
struct QueueState<Discipline: QueueDiscipline & ~Copyable>: ~Copyable {
    @usableFromInline typealias Element = Discipline.Element

    @usableFromInline var store: Discipline
    /// From this number of items on there is no place that is not promised; none at all after a shutdown.
    @usableFromInline private(set) var limit: Int
    @usableFromInline private(set) var promisedItems = 0
    @usableFromInline var unfinished = 0
    @usableFromInline private(set) var getters = WaitQueue()
    @usableFromInline private(set) var putters = WaitQueue()
    private(set) var joiners = WaitQueue()
    private(set) var isShutDown = false
    private var promisedPlaces = 0
    /// `Int.max` if there is no bound.
    private var capacity: Int

    @usableFromInline
    init(_ store: consuming Discipline, capacity: Int) {
        self.store = store
        self.capacity = capacity
        limit = capacity
    }

    @inlinable var hasItem: Bool { store.count > promisedItems }
    var unpromisedItems: Int { store.count - promisedItems }
    @inlinable var hasPlace: Bool { store.count < limit }

    private mutating func refreshLimit() { limit = isShutDown ? .min : capacity - promisedPlaces }

    // MARK: Items

    /// - Precondition: there is a place, promised or free.
    /// - Throws: why the item cannot stand among the others; nothing has changed.
    @inlinable @inline(__always)
    mutating func insert(_ element: consuming Element) throws(QueueError) {
        try store.insert(element)
        unfinished &+= 1
    }

    /// - Precondition: as `insert`, and that the discipline has no refusal.
    mutating func insertAdmitted(_ element: consuming Element) {
        do { try insert(element) } catch { preconditionFailure("an item without refusal was refused: \(error)") }
    }

    // MARK: Promises

    /// To call after an item was inserted, or an item that was promised was left.
    mutating func promiseItems() -> WakeList {
        var list = WakeList()
        while hasItem, !getters.isEmpty {
            promisedItems += 1
            list.add(getters.grantFirst())
        }
        return list
    }

    /// To call after a place became free.
    mutating func promisePlaces() -> WakeList {
        var list = WakeList()
        while hasPlace, !putters.isEmpty {
            promisedPlaces += 1
            refreshLimit()
            list.add(putters.grantFirst())
        }
        return list
    }

    mutating func redeemItem() { promisedItems -= 1 }

    mutating func redeemPlace() {
        promisedPlaces -= 1
        refreshLimit()
    }

    // MARK: Changes of the whole

    mutating func setCapacity(_ capacity: Int) -> WakeList {
        self.capacity = capacity
        refreshLimit()
        return promisePlaces()
    }

    mutating func finishTask() throws(QueueError) -> WakeList {
        guard unfinished > 0 else { throw .taskDoneTooOften }
        unfinished -= 1
        return unfinished == 0 ? joiners.grantAll() : WakeList()
    }

    /// - Parameter dropped: gets the items if the queue is to be emptied, so that they end outside the lock.
    mutating func shutDown(immediate: Bool, dropping dropped: inout [Element]) -> WakeList {
        isShutDown = true
        refreshLimit()
        if immediate {
            unfinished = max(0, unfinished - store.count)
            dropped = store.removeAll()
        }
        // Getters wait only while there is nothing for them: nothing will come any more.
        var list = getters.grantAll(QueueGrant.shutDown)
        list.add(putters.grantAll(QueueGrant.shutDown))
        if unfinished == 0 { list.add(joiners.grantAll()) }
        return list
    }

    // MARK: Lines

    mutating func enqueue(_ waiter: Waiter, in line: QueueLine) {
        switch line {
        case .getters: getters.append(waiter)
        case .putters: putters.append(waiter)
        case .joiners: joiners.append(waiter)
        }
    }

    /// - Returns: false if the waiter does not stand there any more.
    mutating func withdraw(_ waiter: Waiter, from line: QueueLine) -> Bool {
        switch line {
        case .getters: getters.remove(waiter)
        case .putters: putters.remove(waiter)
        case .joiners: joiners.remove(waiter)
        }
    }
}

/// What the threads in a line wait for.
enum QueueLine {
    case getters, putters, joiners
}

/// What a woken thread was given.
enum QueueGrant {
    static let promise = 0
    static let shutDown = 1
}
