internal import NightjarConcurrency
internal import Synchronization

/// The handler of a new set-up that has the name and the class of one that goes: what the old one's queue could not deliver yet, because a
/// server is dead, waits in the new one's.
struct DeliveryHeir {
    private let delivery: Delivery
    private let handler: any Handler
    private let reporter: ErrorReporter

    /// - Returns: nil unless both queues keep records.
    init?(_ handler: any Handler, of old: any Handler, reporter: ErrorReporter) {
        guard let delivery = handler.core.delivery, let other = old.core.delivery, delivery !== other,
            !delivery.isText, !other.isText, handler.kind == old.kind
        else { return nil }
        self.delivery = delivery
        self.handler = handler
        self.reporter = reporter
    }

    /// Takes records in front of its own, as far as there is room.
    /// - Returns: those that are left.
    func adopt(_ records: [PreparedRecord]) -> [PreparedRecord] { delivery.adopt(records, for: handler, reporter) }
}

extension HandlerCore {
    /// Has what cannot be delivered before the handler's end wait for another one.
    func leave(to heir: DeliveryHeir) { delivery?.state.withLock { $0.heir = heir } }
}

extension Delivery {
    fileprivate func adopt(
        _ records: [PreparedRecord], for handler: any Handler, _ reporter: ErrorReporter
    ) -> [PreparedRecord] {
        var (rest, startsThread) = (records, false)
        let next = state.withLock { state -> DeliveryHeir? in
            guard state.phase == .open else { return state.heir }
            let room = min(records.count, max(0, options.capacity - state.count))
            guard room > 0 else { return nil }
            let isOldestDropped = options.overflow == .dropOldest
            state.pending.prepend(Array(isOldestDropped ? records.suffix(room) : records.prefix(room)))
            rest = Array(isOldestDropped ? records.dropLast(room) : records.dropFirst(room))
            state.accepted += room
            if state.handler == nil { (state.handler, state.reporter) = (handler, reporter) }
            // They have waited long enough.
            state.isUrgent = true
            state.sleep = .awake
            startsThread = !state.hasThread
            state.hasThread = true
            return nil
        }
        if let next { return next.adopt(records) }
        guard rest.count < records.count else { return rest }
        bell.set()
        if startsThread { startThread() }
        return rest
    }
}
