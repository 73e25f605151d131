/// What can be asked of a queue, and done to it, whatever passes through it. Safe to use from any thread.
public protocol QueueControl: WaitTarget {
    /// The number of items. By the time the caller looks at it, it may be another.
    var qsize: Int { get }
    /// The bound on the number of items; 0 or less means none, as in Python. A change lets waiting putters in; items above a smaller
    /// bound stay.
    var maxsize: Int { get set }
    var isShutDown: Bool { get }
    /// Items put and not yet reported by `taskDone`.
    var unfinishedTasks: Int { get }

    /// Reports that an item got earlier has been dealt with.
    /// - Throws: `.taskDoneTooOften` if there were more calls than items.
    func taskDone() throws(QueueError)

    /// Waits until every item put has been reported done, also after a shutdown.
    /// - Parameter deadline: `nil` is never (Python's `join` has none).
    /// - Returns: false at the deadline.
    /// - Throws: `.interrupted`.
    func join(until deadline: Deadline?) throws(QueueError) -> Bool

    /// Python's `shutdown`: puts fail from now on, gets fail once the queue is empty.
    /// - Parameter immediate: drops the items, and counts them as done.
    func shutdown(immediate: Bool)
}

extension QueueControl {
    public var isEmpty: Bool { qsize == 0 }

    public var isFull: Bool {
        let maxsize = maxsize
        return maxsize > 0 && qsize >= maxsize
    }

    @discardableResult
    public func join() throws(QueueError) -> Bool { try join(until: nil) }
    public func shutdown() { shutdown(immediate: false) }
}
