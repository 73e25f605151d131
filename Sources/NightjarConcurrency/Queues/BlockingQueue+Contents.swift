extension BlockingQueue where Discipline: ~Copyable {
    /// Takes out the items of which `isUnwanted` says so; it is called with the lock of the queue held, once for each. Does nothing
    /// while items are on their way to threads that wait for them.
    package func removeAll(where isUnwanted: (Element) -> Bool) {
        var unwanted: [Element] = []
        gate.pointee.lock.lock()
        if state.pointee.promisedItems == 0 {
            let unfinished = state.pointee.unfinished
            for item in state.pointee.store.removeAll() {
                if isUnwanted(item) { unwanted.append(item) } else { state.pointee.insertAdmitted(item) }
            }
            state.pointee.unfinished = unfinished
        }
        unlockWakingPutters()
        // They end outside the lock.
        withExtendedLifetime(unwanted) {}
    }
}
