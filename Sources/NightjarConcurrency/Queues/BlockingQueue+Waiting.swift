internal import Synchronization

extension BlockingQueue where Discipline: ~Copyable {
    /// Called with the lock held. Returns with the lock held and a place that is the caller's;
    /// throws without the lock.
    @usableFromInline @inline(never)
    func waitForPlace(until deadline: Deadline?) throws(QueueError) {
        if state.pointee.isShutDown { try fail(.shutDown) }
        if deadline == .passed { try fail(.full) }
        // Half empty: then the next puts find room too. Only while it is about to happen anyway.
        let half = maxsize / 2
        if state.pointee.putters.isEmpty { spin { $0 <= half } }
        if state.pointee.hasPlace { return }
        if state.pointee.isShutDown { try fail(.shutDown) }
        try wait("Queue.put", in: .putters, until: deadline, orThrow: .full)
        state.pointee.redeemPlace()
        if state.pointee.isShutDown { try fail(.shutDown) }
    }

    /// Called with the lock held. Returns with the lock held and an item in the store that is the
    /// caller's; throws without the lock.
    @usableFromInline @inline(never)
    func waitForItem(until deadline: Deadline?) throws(QueueError) {
        if state.pointee.isShutDown { try fail(.shutDown) }
        if deadline == .passed { try fail(.empty) }
        if state.pointee.getters.isEmpty { spin { $0 > 0 } }
        if state.pointee.hasItem { return }
        if state.pointee.isShutDown { try fail(.shutDown) }
        try wait("Queue.get", in: .getters, until: deadline, orThrow: .empty)
        state.pointee.redeemItem()
        // Promised, and then an immediate shutdown emptied the store.
        if state.pointee.store.count == 0 { try fail(.shutDown) }
    }

    /// Looks at the number of items for a moment, without the lock.
    private func spin(until isGood: (Int) -> Bool) {
        gate.pointee.lock.unlock()
        var spin = Spin(.handOff)
        while spin.next(), !isGood(gate.pointee.visibleCount.load(ordering: .relaxed)) {}
        gate.pointee.lock.lock()
    }

    private func fail(_ error: QueueError) throws(QueueError) -> Never {
        gate.pointee.lock.unlock()
        throw error
    }

    /// Waits in line. Called with the lock held; returns with the lock held, throws without.
    private func wait(
        _ operation: String, in line: QueueLine, until deadline: Deadline?, orThrow late: QueueError
    ) throws(QueueError) {
        let waiter = Waiter.current
        if waiter.isInterrupted { try fail(.interrupted) }
        waiter.begin(WaitReason(operation, on: self, until: deadline))
        state.pointee.enqueue(waiter, in: line)
        gate.pointee.lock.unlock()
        let granted: Bool
        do {
            granted = try waiter.wait(until: deadline) { withLock { $0.withdraw(waiter, from: line) } }
        } catch {
            throw error.isDeadlock ? .deadlock : .interrupted
        }
        guard granted else { throw late }
        if waiter.grantCode == QueueGrant.shutDown { throw .shutDown }
        gate.pointee.lock.lock()
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

    public func taskDone() throws(QueueError) {
        let list = try withLock { (state) throws(QueueError) in try state.finishTask() }
        list.wakeAll()
    }

    public func join(until deadline: Deadline?) throws(QueueError) -> Bool {
        gate.pointee.lock.lock()
        guard state.pointee.unfinished > 0 else {
            gate.pointee.lock.unlock()
            return true
        }
        do {
            try wait("Queue.join", in: .joiners, until: deadline, orThrow: .empty)
            gate.pointee.lock.unlock()
            return true
        } catch .empty {
            return false
        }
    }

    public func shutdown(immediate: Bool) {
        var dropped: [Element] = []
        gate.pointee.lock.lock()
        let list = state.pointee.shutDown(immediate: immediate, dropping: &dropped)
        unlock()
        list.wakeAll()
        // Here, outside the lock, the items go: their ends may run foreign code.
        dropped = []
    }
}
