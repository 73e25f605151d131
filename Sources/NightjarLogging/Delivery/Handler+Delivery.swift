internal import Synchronization

extension Handler {
    /// Has the handler's records handed on by a thread of its own from now on, out of a queue. Callers filter and format; they wait for
    /// room in the queue at most. Can be said once, best before the first record.
    /// - Parameters:
    ///   - fallback: gets the records that could not be delivered for good, whatever its level.
    /// - Throws: `LoggingError` of kind `.value` if the handler has a delivery already, or `fallback` leads back to it.
    public func setDelivery(
        _ options: DeliveryOptions = .standard, fallback: (any Handler)? = nil
    ) throws(LoggingError) {
        var next = fallback
        while let handler = next {
            guard handler !== self else { throw LoggingError(.value, "a handler cannot be its own fallback") }
            next = handler.core.delivery?.fallback
        }
        let isText = self is any TextHandler
        guard core.setDelivery(Delivery(options, isText: isText, fallback: fallback)) else {
            throw LoggingError(.value, "the handler is asynchronous already")
        }
    }

    /// Goes on with the queue of a handler whose target this one has taken over, so that records stay in order.
    /// - Returns: false if that one's queue is another than was asked for.
    func takeQueue(of other: any Handler, _ options: DeliveryOptions) -> Bool {
        guard let delivery = other.core.delivery, delivery.isText, delivery.options == options, !delivery.isAbandoned
        else { return false }
        return core.setDelivery(delivery)
    }

    /// How the handler's records are handed on; nil for one that delivers on the thread that logs.
    public var deliveryOptions: DeliveryOptions? { core.delivery?.options }

    /// What became of the handler's records.
    public var statistics: HandlerStatistics {
        let delivery = core.delivery
        let counters = delivery?.counters
        let queued = delivery?.state.withLock { $0.count } ?? 0
        let dropped = counters?.dropped.load(ordering: .relaxed) ?? 0
        return HandlerStatistics(
            name: core.name, kind: kind, handled: core.counters.delivered + core.counters.failed + dropped + queued,
            delivered: core.counters.delivered, dropped: dropped, failed: core.counters.failed,
            diverted: counters?.diverted.load(ordering: .relaxed) ?? 0,
            retried: counters?.retried.load(ordering: .relaxed) ?? 0,
            filtered: core.counters.filtered.load(ordering: .relaxed), queued: queued,
            recursions: core.refusedRecursions)
    }
}

extension HandlerCore {
    /// Waits until the records that a handler with a queue has accepted are handed on; handlers' own `flush` calls it first. Returns at once
    /// without a queue, on the queue's own thread, and on a thread that holds a handler's lock.
    /// - Throws: `WaitInterrupted`; a `LoggingError` of kind `.timeout` if nothing was delivered for the timeout of the delivery.
    public func drain() throws {
        // After its end the queue is empty, or another handler's.
        if !hasLeft { try delivery?.drain() }
    }

    /// Ends the queue of a handler: what is in it is handed on, within the timeout of the delivery. Records that come later are
    /// delivered by their callers. Handlers' own `close` calls it first.
    /// - Returns: usually 0; how many records are lost because the handler is stuck, or -1 if that was found before: such a handler must be
    ///   left alone.
    @discardableResult
    public func endDelivery() -> Int {
        guard let delivery else { return 0 }
        if leaveQueue() { return delivery.close() }
        return delivery.isAbandoned ? -1 : 0
    }
}
