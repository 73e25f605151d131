public import NightjarConcurrency

/// A script's queue in Swift's hands. All of it is safe on any thread; other threads' waits are served in the order of their arrival.
extension ScriptQueue {
    /// Adds an item, waiting for a free place if need be.
    /// - Parameter deadline: when to give up; nil is never, `.passed` is at once.
    /// - Throws: `QueueError`: `.full` at the deadline, `.shutDown`, `.interrupted`; ``LuaDataError/tooDeep(limit:)``.
    public func put(_ item: LuaData, until deadline: Deadline? = nil) throws {
        try put(item.message(), priority: kind == .priority ? PriorityKey(item, key) : nil, until: deadline)
    }

    /// Removes the next item, waiting for one if need be.
    /// - Parameter deadline: when to give up; nil is never, `.passed` is at once.
    /// - Throws: `QueueError`: `.empty` at the deadline, `.shutDown` if nothing will come, `.interrupted`; ``LuaDataError`` for an
    ///   item that is no data, which is gone from the queue then.
    public func next(until deadline: Deadline? = nil) throws -> LuaData {
        // The type tells this `get` from the one that gives messages.
        let message: Message = try get(until: deadline)
        return try LuaData(message)
    }

    /// Tells `join` that an item got earlier has been dealt with.
    /// - Throws: `QueueError.taskDoneTooOften`.
    public func taskDone() throws(QueueError) { try control.taskDone() }

    /// Ends the queue: puts fail from now on, gets fail once it is empty.
    /// - Parameter immediate: drops the items.
    public func shutdown(immediate: Bool = false) { control.shutdown(immediate: immediate) }

    /// How many items there are at the moment.
    public var count: Int { control.qsize }

    /// The items until the queue is shut down, for Swift's tasks: `for try await item in queue.items`.
    ///
    /// A thread of its own takes each item when the loop asks for the next one, so that no thread of Swift's pool is blocked.
    /// Ending the loop ends the thread; an item is never lost between them.
    public var items: ScriptQueueItems { ScriptQueueItems(queue: self) }
}

extension PriorityKey {
    /// The place of a Swift program's item in a priority queue: that of the item, or of its field.
    /// - Returns: nil if the item has no order.
    init?(_ item: LuaData, _ field: ScriptQueue.Field?) {
        let value: LuaData =
            switch field {
            case nil: item
            case .name(let name)?: item[.string(name)]
            case .index(let index)?: item[.integer(Int64(index))]
            }
        if let scalar = Element(value) {
            self.init(scalar)
            return
        }
        guard let elements = value.elements else { return nil }
        var flat: [Element] = []
        Self.append(elements, to: &flat)
        self.init(list: flat)
    }

    private static func append(_ values: [LuaData], to flat: inout [Element]) {
        for value in values {
            if let scalar = Element(value) {
                flat.append(scalar)
            } else if let inner = value.elements {
                flat.append(.list)
                append(inner, to: &flat)
                flat.append(.endOfList)
            } else {
                flat.append(.unordered)
                return
            }
        }
    }
}

extension PriorityKey.Element {
    fileprivate init?(_ value: LuaData) {
        switch value {
        case .boolean(let flag): self = .integer(flag ? 1 : 0)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(Array(text.utf8))
        case .bytes(let bytes): self = .string(bytes)
        default: return nil
        }
    }
}

/// The items of a queue, one after the other.
public struct ScriptQueueItems: AsyncSequence, Sendable {
    public typealias Element = LuaData
    let queue: ScriptQueue

    public func makeAsyncIterator() -> Iterator { Iterator(getter: AsyncGetter(queue)) }

    public struct Iterator: AsyncIteratorProtocol {
        let getter: AsyncGetter

        /// - Throws: ``LuaDataError`` for an item that is no data; `CancellationError`.
        public mutating func next() async throws -> LuaData? { try await getter.next() }
    }
}

/// Takes one item at a time from a queue, on a thread, for whoever awaits it.
final class AsyncGetter: Sendable {
    private let requests = FIFOQueue<Future<LuaData?>>()
    private let waiter: Waiter?

    init(_ queue: ScriptQueue) {
        let requests = requests
        waiter = try? NativeThread.start(name: "queue items") {
            while let request = try? requests.get() {
                guard (try? request.begin()) == true else { continue }
                AsyncGetter.serve(request, from: queue)
            }
        }.waiter
    }

    deinit { requests.shutdown(immediate: true) }

    private static func serve(_ request: Future<LuaData?>, from queue: ScriptQueue) {
        let outcome: Result<LuaData?, any Error>
        do {
            outcome = .success(try queue.next())
        } catch QueueError.shutDown {
            outcome = .success(nil)
        } catch QueueError.interrupted {
            Waiter.current.clearInterrupt()
            outcome = .failure(CancellationError())
        } catch {
            outcome = .failure(error)
        }
        try? request.finish(outcome)
    }

    func next() async throws -> LuaData? {
        let request = Future<LuaData?>()
        guard let waiter else { throw QueueError.interrupted }
        try requests.put(request)
        return try await withTaskCancellationHandler {
            try await request.outcomeWhenDone()
        } onCancel: {
            // Pending, it never takes an item; waiting, its wait ends and the item stays in the queue.
            if !request.cancel() { waiter.interrupt() }
        }
    }
}

extension Future {
    /// The result or error of the work, even if the task is cancelled meanwhile: what has been taken is not lost.
    fileprivate func outcomeWhenDone() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            onDone { future in
                switch future.outcome {
                case .failure(FutureError.cancelled)?: continuation.resume(throwing: CancellationError())
                case let outcome?: continuation.resume(with: outcome)
                case nil: continuation.resume(throwing: CancellationError())
                }
            }
        }
    }
}
