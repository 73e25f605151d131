internal import Synchronization

/// What became of the records that reached a handler since it was made.
public struct HandlerStatistics: Sendable, Hashable {
    /// The handler's name, if it has one.
    public var name: String?
    /// The class, such as `FileHandler`.
    public var kind: String
    /// Records that passed level and filters: the sum of all that follow but `filtered` and `retried`.
    public var handled: Int
    public var delivered: Int
    /// Records that found the queue full, or the handler stuck at its end.
    public var dropped: Int
    /// Records that could not be delivered, those included that a fallback has taken.
    public var failed: Int
    /// Of those that failed: records that another handler has taken.
    public var diverted: Int
    /// Attempts beyond the first.
    public var retried: Int
    /// Records that the handler's filters held back.
    public var filtered: Int
    /// Records that wait now, or are on their way.
    public var queued: Int
    /// Records that the handler caused itself, on the same thread, and that were refused.
    public var recursions: Int
}

/// Counts of every handler.
struct HandlerCounters: ~Copyable, Sendable {
    private let deliveredCount = Atomic<Int>(0)
    private let failedCount = Atomic<Int>(0)
    let filtered = Atomic<Int>(0)

    var delivered: Int { deliveredCount.load(ordering: .relaxed) }
    var failed: Int { failedCount.load(ordering: .relaxed) }

    /// Called under the handler's lock, so that counting is a load and a store.
    @inline(__always)
    func countDelivered(_ count: Int = 1) {
        deliveredCount.store(deliveredCount.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Goes on from the counts of a handler whose target was taken over.
    func add(_ other: borrowing HandlerCounters) {
        deliveredCount.add(other.delivered, ordering: .relaxed)
        failedCount.add(other.failed, ordering: .relaxed)
        filtered.add(other.filtered.load(ordering: .relaxed), ordering: .relaxed)
    }

    func countFailed(_ count: Int = 1) { failedCount.add(count, ordering: .relaxed) }
}

/// Counts of a delivery.
final class DeliveryCounters: Sendable {
    let dropped = Atomic<Int>(0)
    let retried = Atomic<Int>(0)
    let diverted = Atomic<Int>(0)
}
