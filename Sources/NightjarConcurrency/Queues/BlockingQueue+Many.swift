extension BlockingQueue where Discipline: ~Copyable {
    /// Waits for the first item and takes with it what is there.
    /// - Parameter limit: how many at most; at least 1.
    /// - Throws: as `get`.
    public func getMany(_ limit: Int, until deadline: Deadline? = nil) throws(QueueError) -> [Element] {
        precondition(limit > 0, "getMany of fewer than one item")
        gate.pointee.lock.lock()
        if !state.pointee.hasItem { try waitForItem(until: deadline) }
        // At least one is ours, promised or not; the rest must not be promised to others.
        let count = min(limit, state.pointee.unpromisedItems)
        var items: [Element] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(state.pointee.store.removeNext()) }
        unlockWakingPutters()
        return items
    }

    /// Puts items one after the other, waiting as `put` does for each; takes the lock once for as
    /// many as there is room for.
    /// - Returns: how many were put, and why not all, if so. Of items that cannot stand among those in the queue none is put.
    public func putMany(
        _ elements: some Sequence<Element>, until deadline: Deadline? = nil
    ) -> (count: Int, failure: QueueError?) {
        // Fetched outside the lock: a sequence may run foreign code.
        let elements = Array(elements)
        var done = 0
        while done < elements.count {
            gate.pointee.lock.lock()
            do {
                if !state.pointee.hasPlace { try waitForPlace(until: deadline) }
                done += try insert(elements[done...])
            } catch {
                return (done, error)
            }
        }
        return (done, nil)
    }

    /// Called with the lock held and a place for the first element; gives up the lock.
    /// - Returns: how many elements there was room for.
    private func insert(_ elements: ArraySlice<Element>) throws(QueueError) -> Int {
        if let refusal = state.pointee.store.refusal(of: elements) {
            unlockWakingPutters()
            throw refusal
        }
        var done = 0
        repeat {
            state.pointee.insertAdmitted(elements[elements.startIndex + done])
            done += 1
        } while done < elements.count && state.pointee.hasPlace
        unlockWakingGetters()
        return done
    }
}
