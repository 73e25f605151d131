/// What a `BlockingQueue` knows, and every step it can take. No locks, no sleeping.
///
/// Waiting threads get promises: a getter that is woken owns one of the items in the store, a
/// putter that is woken owns one of the free places. Promised ones are out of reach for others, so
/// nobody who waits is overtaken. Invariants: getters wait only while no unpromised item is there,
/// putters wait only while no unpromised place is free.
@usableFromInline
struct QueueState<Discipline: QueueDiscipline> {
    @usableFromInline typealias Element = Discipline.Element

    @usableFromInline var store: Discipline
    /// `Int.max` if there is no bound.
    @usableFromInline let capacity: Int
    @usableFromInline var promisedItems = 0
    @usableFromInline var promisedPlaces = 0
    @usableFromInline var unfinished = 0
    @usableFromInline var isShutDown = false
    @usableFromInline var getters = WaitQueue()
    @usableFromInline var putters = WaitQueue()
    @usableFromInline var joiners = WaitQueue()

    @usableFromInline
    init(_ store: Discipline, capacity: Int) {
        self.store = store
        self.capacity = capacity
    }

    @inlinable var hasItem: Bool { store.count > promisedItems }
    @inlinable var hasPlace: Bool { store.count &+ promisedPlaces < capacity }

    /// - Precondition: there is a place, promised or free.
    /// - Returns: who has to be woken once the lock is released.
    @inlinable
    mutating func insert(_ element: consuming Element) -> WakeList? {
        store.insert(element)
        unfinished &+= 1
        return getters.isEmpty ? nil : promiseItem()
    }

    /// - Precondition: there is an item, promised or not.
    @inlinable
    mutating func remove(waking list: inout WakeList?) -> Element {
        let element = store.removeNext()
        if !putters.isEmpty { list = promisePlace() }
        return element
    }

    @usableFromInline
    mutating func promiseItem() -> WakeList? {
        guard hasItem, !getters.isEmpty else { return nil }
        promisedItems += 1
        return getters.grantFirst()
    }

    @usableFromInline
    mutating func promisePlace() -> WakeList? {
        guard hasPlace, !putters.isEmpty, !isShutDown else { return nil }
        promisedPlaces += 1
        return putters.grantFirst()
    }

    mutating func finish() throws(QueueError) -> WakeList {
        guard unfinished > 0 else { throw .taskDoneTooOften }
        unfinished -= 1
        return unfinished == 0 ? joiners.grantAll() : WakeList()
    }

    /// - Parameter dropped: takes the store with all items if it is to be emptied, so that they are
    ///   destroyed outside the lock.
    mutating func shutDown(immediate: Bool, dropping dropped: inout Discipline?) -> WakeList {
        isShutDown = true
        if immediate {
            unfinished = max(0, unfinished - store.count)
            dropped = store
            store.removeAll()
        }
        // Getters wait only while there is nothing for them: nothing will come any more.
        var list = getters.grantAll(QueueGrant.shutDown)
        list.add(putters.grantAll(QueueGrant.shutDown))
        if unfinished == 0 { list.add(joiners.grantAll()) }
        return list
    }

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
