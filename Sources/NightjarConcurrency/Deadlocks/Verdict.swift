/// The common end of the waits of one deadlock.
///
/// The threads leave their queues first and go on when the last has done so: else what one does with the news could still wake
/// another, and who hears of the deadlock would be a matter of luck.
final class Verdict: Sendable {
    let report: DeadlockReport
    private let room = SleepingRoom()
    // Guarded by the room's mutex.
    nonisolated(unsafe) private var missing: Int

    /// - Parameter count: how many will `arrive` or be `excused`.
    init(_ report: DeadlockReport, for count: Int) {
        self.report = report
        missing = count
    }

    /// Waits for the others.
    func arrive() {
        room.lock()
        missing -= 1
        while missing > 0 { _ = room.sleep(until: nil) }
        // The last one wakes the next, which wakes the next.
        room.wakeOne()
        room.unlock()
    }

    /// One less is to come.
    func excuse() {
        room.lock()
        missing -= 1
        if missing == 0 { room.wakeOne() }
        room.unlock()
    }
}
