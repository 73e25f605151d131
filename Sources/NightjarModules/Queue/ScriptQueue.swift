public import NightjarConcurrency
public import NightjarLua
import Synchronization

/// A queue as scripts hold it, in any number of interpreters at once: one of the four of Python's `queue`. What passes through it is
/// ``Message``. Safe to use from any thread; a Swift program may hold the same queue as its scripts.
public final class ScriptQueue: CrossesThreads {
    /// What comes out next, and which of Python's classes it is.
    public enum Kind: Sendable, Hashable {
        /// `Queue`: first in, first out.
        case queue
        /// `LifoQueue`: last in, first out.
        case lifo
        /// `PriorityQueue`: the lowest first, equal ones first in, first out.
        case priority
        /// `SimpleQueue`: first in, first out, without bound, tasks and shutdown.
        case simple
    }

    /// What a priority queue orders tables by.
    public enum Field: Sendable, Hashable {
        case name(String)
        case index(Int)
    }

    enum Line: Sendable {
        case first(FIFOQueue<Message>)
        case last(LIFOQueue<Message>)
        case sorted(BlockingQueue<PrioritizedMessage, PrioritizedDiscipline<PrioritizedMessage>>)
    }

    public let kind: Kind
    /// What a priority queue compares, where it is not the item itself.
    public let key: Field?
    let line: Line
    private let isNoted = Atomic(false)
    private let mark = LiveObjects.Mark(.queue)
    /// The queue of `line` if that is first in, first out, where no reference is counted: two threads that count the references of one
    /// object wait for each other at every call.
    private let first: Unmanaged<FIFOQueue<Message>>?

    /// - Parameters:
    ///   - maxsize: the number of items from which `put` waits; 0 or less for no bound.
    ///   - key: the field by which a script's priority queue orders tables.
    ///   - label: for reports about deadlocks.
    public init(_ kind: Kind = .queue, maxsize: Int = 0, key: Field? = nil, label: ObjectLabel? = nil) {
        self.kind = kind
        self.key = key
        switch kind {
        case .queue: line = .first(FIFOQueue(maxsize: maxsize, label: label))
        case .simple: line = .first(FIFOQueue(label: label))
        case .lifo: line = .last(LIFOQueue(maxsize: maxsize, label: label))
        case .priority: line = .sorted(BlockingQueue(PrioritizedDiscipline(), maxsize: maxsize, label: label))
        }
        if case .first(let queue) = line { first = .passUnretained(queue) } else { first = nil }
    }

    func isFirstNote() -> Bool {
        !isNoted.load(ordering: .relaxed) && !isNoted.exchange(true, ordering: .relaxed)
    }

    /// Adds an item if that is as easy as can be.
    /// - Returns: false, and nothing done, in all other cases.
    @inline(__always)
    func putAtOnce(_ message: Message) -> Bool {
        // `line` holds the reference; the queue of messages refuses none.
        first?._withUnsafeGuaranteedRef { (try? $0.tryPut(message)) == true } ?? false
    }

    /// Removes the next item if that is as easy as can be.
    @inline(__always)
    func getAtOnce() -> Message? {
        first?._withUnsafeGuaranteedRef { $0.tryGet() }
    }

    /// Size, bound, tasks and shutdown.
    public var control: any QueueControl {
        switch line {
        case .first(let queue): queue
        case .last(let queue): queue
        case .sorted(let queue): queue
        }
    }

    /// Adds an item, waiting for a free place if need be.
    /// - Parameters:
    ///   - priority: its place in a priority queue, which needs one for a message that is no number; others do not look at it.
    ///   - deadline: when to give up; `nil` is never, `.passed` is at once.
    /// - Throws: as ``BlockingQueue/put(_:until:)``.
    public func put(
        _ message: Message, priority: PriorityKey? = nil, until deadline: Deadline? = nil
    ) throws(QueueError) {
        switch line {
        case .first(let queue): try queue.put(message, until: deadline)
        case .last(let queue): try queue.put(message, until: deadline)
        case .sorted(let queue):
            guard let key = priority ?? PriorityKey(message) else { throw .incomparable(.unordered, .number) }
            try queue.put(PrioritizedMessage(message: message, key: key), until: deadline)
        }
    }

    /// Removes the next item, waiting for one if need be.
    /// - Throws: as ``BlockingQueue/get(until:)``.
    public func get(until deadline: Deadline? = nil) throws(QueueError) -> Message {
        switch line {
        case .first(let queue): try queue.get(until: deadline)
        case .last(let queue): try queue.get(until: deadline)
        case .sorted(let queue): try queue.get(until: deadline).message
        }
    }

    /// Waits for the first item and takes with it what is there.
    /// - Parameter limit: how many at most; at least 1.
    /// - Throws: as ``get(until:)``.
    public func getMany(_ limit: Int, until deadline: Deadline? = nil) throws(QueueError) -> [Message] {
        switch line {
        case .first(let queue): try queue.getMany(limit, until: deadline)
        case .last(let queue): try queue.getMany(limit, until: deadline)
        case .sorted(let queue): try queue.getMany(limit, until: deadline).map(\.message)
        }
    }
}

/// What stands in a priority queue.
struct PrioritizedMessage: Prioritized {
    let message: Message
    let key: PriorityKey

    func precedes(_ other: Self) -> Bool { key.precedes(other.key) }

    func conflict(with other: Self) -> QueueError? {
        key.conflict(with: other.key).map { .incomparable($0, $1) }
    }
}

extension PriorityKey {
    /// The key of a message that is a number by itself; booleans are 0 and 1, as in Python.
    init?(_ message: Message) {
        switch message.content {
        case .boolean(let value): self.init(.integer(value ? 1 : 0))
        case .integer(let value): self.init(.integer(value))
        case .number(let value): self.init(.number(value))
        default: return nil
        }
    }
}
