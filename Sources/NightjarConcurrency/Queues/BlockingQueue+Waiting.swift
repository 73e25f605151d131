internal import Synchronization

extension BlockingQueue {
    /// Called with the lock held. Returns with the lock held and a place that is the caller's;
    /// throws without the lock.
    @usableFromInline @inline(never)
    func waitForPlace(until deadline: Deadline?) throws(QueueError) {
        if deadline == .passed { try fail(shared.pointee.isShutDown ? .shutDown : .full) }
        // Half empty: then the next puts find room too. Only while it is about to happen anyway.
        if shared.pointee.putters.isEmpty { spin { $0 <= maxsize / 2 } }
        if shared.pointee.isShutDown { try fail(.shutDown) }
        if shared.pointee.hasPlace { return }
        try wait("Queue.put", in: .putters, until: deadline, orThrow: .full)
        shared.pointee.promisedPlaces -= 1
        if shared.pointee.isShutDown { try fail(.shutDown) }
    }

    /// Called with the lock held. Returns with the lock held and an item in the store that is the
    /// caller's; throws without the lock.
    @usableFromInline @inline(never)
    func waitForItem(until deadline: Deadline?) throws(QueueError) {
        if deadline == .passed { try fail(shared.pointee.isShutDown ? .shutDown : .empty) }
        if shared.pointee.getters.isEmpty { spin { $0 > 0 } }
        if shared.pointee.hasItem { return }
        if shared.pointee.isShutDown { try fail(.shutDown) }
        try wait("Queue.get", in: .getters, until: deadline, orThrow: .empty)
        shared.pointee.promisedItems -= 1
        // Promised, and then an immediate shutdown emptied the store.
        if shared.pointee.store.count == 0 { try fail(.shutDown) }
    }

    /// Looks at the number of items for a moment, without the lock.
    private func spin(until isGood: (Int) -> Bool) {
        if shared.pointee.isShutDown { return }
        state.lock.unlock()
        var spin = Spin(.handOff)
        while spin.next(), !isGood(visibleCount.load(ordering: .relaxed)) {}
        state.lock.lock()
    }

    private func fail(_ error: QueueError) throws(QueueError) -> Never {
        state.lock.unlock()
        throw error
    }

    /// Waits in line. Called with the lock held; returns with the lock held, throws without.
    private func wait(
        _ operation: String, in line: QueueLine, until deadline: Deadline?, orThrow late: QueueError
    ) throws(QueueError) {
        let waiter = Waiter.current
        if waiter.isInterrupted { try fail(.interrupted) }
        waiter.begin(WaitReason(operation, on: self, until: deadline))
        shared.pointee.enqueue(waiter, in: line)
        state.lock.unlock()
        let granted: Bool
        do {
            granted = try waiter.wait(until: deadline) {
                state.withLock { $0.withdraw(waiter, from: line) }
            }
        } catch {
            throw error.isDeadlock ? .deadlock : .interrupted
        }
        guard granted else { throw late }
        if waiter.grantCode == QueueGrant.shutDown { throw .shutDown }
        state.lock.lock()
    }

    public var kind: String? { "Queue" }

    public func remark(on operation: String, holder: String?) -> String? {
        switch operation {
        case "Queue.get": "which is empty"
        case "Queue.put": "which is full with \(qsize)"
        default: "of whose items \(unfinishedTasks) are not done"
        }
    }

    // MARK: Tasks

    /// Reports that an item got earlier has been dealt with.
    /// - Throws: `.taskDoneTooOften` if there were more calls than items.
    public func taskDone() throws(QueueError) {
        let list = try state.withLock { (state) throws(QueueError) in try state.finish() }
        list.wakeAll()
    }

    /// Waits until every item put has been reported done, also after a shutdown.
    /// - Returns: false at the deadline (Python's `join` has none).
    public func join(until deadline: Deadline? = nil) throws(QueueError) -> Bool {
        state.lock.lock()
        guard shared.pointee.unfinished > 0 else {
            state.lock.unlock()
            return true
        }
        do {
            try wait("Queue.join", in: .joiners, until: deadline, orThrow: .empty)
            state.lock.unlock()
            return true
        } catch .empty {
            return false
        }
    }

    /// Python 3.13's `shutdown`: puts fail from now on, gets fail once the queue is empty.
    /// - Parameter immediate: drops the items, and counts them as done.
    public func shutdown(immediate: Bool = false) {
        var dropped: Discipline?
        state.lock.lock()
        let list = shared.pointee.shutDown(immediate: immediate, dropping: &dropped)
        unlock(waking: list)
        // Here, outside the lock, the items go: their ends may run foreign code.
        _ = consume dropped
    }

    // MARK: Many items

    /// Waits for the first item and takes with it what is there.
    /// - Parameter limit: how many at most; at least 1.
    /// - Throws: as `get`.
    public func getMany(_ limit: Int, until deadline: Deadline? = nil) throws(QueueError) -> [Element] {
        precondition(limit > 0, "getMany of fewer than one item")
        state.lock.lock()
        if !shared.pointee.hasItem { try waitForItem(until: deadline) }
        var wakes = WakeList()
        var items: [Element] = []
        repeat {
            var list: WakeList?
            items.append(shared.pointee.remove(waking: &list))
            if let list { wakes.add(list) }
        } while items.count < limit && shared.pointee.hasItem
        unlock(waking: wakes)
        return items
    }

    /// Puts items one after the other, waiting as `put` does for each; takes the lock once for as
    /// many as there is room for.
    /// - Returns: how many were put, and why not all, if so.
    public func putMany(
        _ elements: some Sequence<Element>, until deadline: Deadline? = nil
    ) -> (count: Int, failure: QueueError?) {
        // Fetched outside the lock: a sequence may run foreign code.
        let elements = Array(elements)
        var done = 0
        while done < elements.count {
            state.lock.lock()
            if !shared.pointee.hasPlace || shared.pointee.isShutDown {
                do {
                    try waitForPlace(until: deadline)
                } catch {
                    return (done, error)
                }
            }
            var wakes = WakeList()
            repeat {
                if let list = shared.pointee.insert(elements[done]) { wakes.add(list) }
                done += 1
            } while done < elements.count && shared.pointee.hasPlace
            unlock(waking: wakes)
        }
        return (done, nil)
    }
}
