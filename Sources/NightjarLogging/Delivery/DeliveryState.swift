internal import NightjarConcurrency
internal import Synchronization

/// What a delivery has under its lock. Pure: nothing here waits or calls anybody.
struct DeliveryState {
    enum Phase {
        /// Takes records.
        case open
        /// Takes none any more; what is there is still handed on.
        case closing
        /// All was handed on, and the thread has ended.
        case ended
        /// The thread is stuck in the handler: what comes now is lost.
        case abandoned
    }

    /// What the thread does, so that those who bring records know whether to rouse it.
    enum Sleep {
        case awake
        /// Until there is a record.
        case idle
        /// Until there are more records, or the first has waited long enough.
        case gathering
    }

    enum Outcome {
        case taken
        case dropped
        case full
        /// There is no queue any more: the caller is to deliver by itself.
        case ended
    }

    var phase = Phase.open
    var sleep = Sleep.awake
    var hasThread = false
    var pending: PendingRecords
    /// How many records the thread has taken out and not yet done with.
    var inFlight = 0
    /// Records that were let in, ever.
    var accepted = 0
    /// Something is to go out now.
    var isUrgent = false
    /// Dropped, and not yet told of.
    var untold = 0
    /// Callers that wait for room, or for the end of what they have brought.
    var waiting = 0
    /// The handler and where its failures are told, for as long as there are records.
    var handler: (any Handler)?
    var reporter: ErrorReporter?
    /// Who goes on with the records that cannot be delivered before the end.
    var heir: DeliveryHeir?
    /// The last wait for room that was made from within a handler was in vain.
    var isHopelessWithin = false

    init(isText: Bool) { pending = PendingRecords(isText: isText) }

    var count: Int { pending.count + inFlight }
    /// Records that came in and are done with, one way or another.
    var finished: Int { accepted - count }

    /// Whether there is room for a record, made by dropping another if need be.
    mutating func makeRoom(_ options: DeliveryOptions, dropping counters: DeliveryCounters) -> Outcome {
        switch phase {
        case .open: break
        case .closing, .abandoned: return drop(counters)
        case .ended: return .ended
        }
        guard count >= options.capacity else { return .taken }
        switch options.overflow {
        case .block: return .full
        case .dropNewest: return drop(counters)
        case .dropOldest:
            // What is on its way out cannot be called back.
            if !pending.isEmpty {
                pending.removeFirst()
                _ = drop(counters)
            }
            return .taken
        }
    }

    mutating func drop(_ counters: DeliveryCounters) -> Outcome {
        untold += 1
        counters.dropped.add(1, ordering: .relaxed)
        return .dropped
    }

    /// Notes a record that was appended just now.
    /// - Returns: whether the thread is to be roused.
    mutating func noteArrival(
        _ level: Level, _ options: DeliveryOptions, _ batch: Int, _ handler: any Handler, _ reporter: ErrorReporter
    ) -> Bool {
        accepted += 1
        if self.handler == nil {
            self.handler = handler
            self.reporter = reporter
        }
        if level >= options.flushLevel { isUrgent = true }
        switch sleep {
        case .awake: return false
        case .idle:
            sleep = .awake
            return true
        case .gathering:
            guard isUrgent || pending.count >= batch else { return false }
            sleep = .awake
            return true
        }
    }

    /// Has everything go out that came in up to record `target`, and enlists one who waits for that, unless it has happened.
    /// - Returns: how many records are done with; all, where none will be any more.
    mutating func beginDrain(to target: Int, _ clear: () -> Void) -> Int {
        guard phase == .open || phase == .closing else { return .max }
        guard finished < target else { return finished }
        isUrgent = true
        waiting += 1
        clear()
        return finished
    }

    /// For the caller to let go of outside the lock.
    mutating func takeHandler() -> (any Handler)? {
        defer { handler = nil }
        return handler
    }
}
