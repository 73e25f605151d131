internal import Synchronization

/// Keeps records back until there are many or one is severe, and then hands all to another handler (Python's `MemoryHandler`).
///
/// Without a target they stay until there is one. Thread-safe: the target is called under this handler's lock, as in Python.
public final class MemoryHandler: Handler {
    public let core = HandlerCore()
    private let state: Mutex<State>

    private struct State {
        var capacity: Int
        var flushLevel: Level
        var flushOnClose: Bool
        var target: (any Handler)?
        var reporter: ErrorReporter?
        var buffer: [LogRecord] = []
        /// Whether flushing without a target forgets what is kept (Python's `BufferingHandler`).
        var forgets = false
    }

    /// - Parameters:
    ///   - capacity: how many records at most are kept back.
    ///   - flushLevel: a record of this level or above is handed on at once, with those before it.
    ///   - target: is not closed by this handler.
    ///   - flushOnClose: whether closing hands on what is left.
    public init(
        capacity: Int, flushLevel: Level = .error, target: (any Handler)? = nil, flushOnClose: Bool = true
    ) {
        state = Mutex(
            State(capacity: capacity, flushLevel: flushLevel, flushOnClose: flushOnClose, target: target))
    }

    /// One without a target that forgets its records when it is flushed, for those who do something else with them first.
    public convenience init(forgettingAfter capacity: Int) {
        self.init(capacity: capacity, flushLevel: Level(.max))
        state.withLock { $0.forgets = true }
    }

    public var capacity: Int {
        get { state.withLock { $0.capacity } }
        set { state.withLock { $0.capacity = newValue } }
    }
    public var flushLevel: Level {
        get { state.withLock { $0.flushLevel } }
        set { state.withLock { $0.flushLevel = newValue } }
    }
    public var flushOnClose: Bool {
        get { state.withLock { $0.flushOnClose } }
        set { state.withLock { $0.flushOnClose = newValue } }
    }
    public var target: (any Handler)? {
        get { state.withLock { $0.target } }
        set { core.lock.withLock { state.withLock { $0.target = newValue } } }
    }
    /// What is kept back now.
    public var buffer: [LogRecord] {
        get { state.withLock { $0.buffer } }
        set { state.withLock { $0.buffer = newValue } }
    }

    /// The target formats.
    public func format(_ record: LogRecord, into text: inout [UInt8]) {}

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        keep(record)
        if shouldFlush(record) { try flush() }
    }

    /// Keeps a record back, whatever comes of that.
    public func keep(_ record: LogRecord) { state.withLock { $0.buffer.append(record) } }

    /// Whether the record, which is kept by now, is the one that has all handed on.
    public func shouldFlush(_ record: LogRecord) -> Bool {
        state.withLock { $0.buffer.count >= $0.capacity || record.level >= $0.flushLevel }
    }

    /// Hands all records to the target, if there is one.
    public func flush() throws {
        try core.drain()
        core.lock.withLock {
            let (target, records) = state.withLock { state -> ((any Handler)?, [LogRecord]) in
                guard let target = state.target else {
                    if state.forgets { state.buffer = [] }
                    return (nil, [])
                }
                defer { state.buffer = [] }
                return (target, state.buffer)
            }
            guard let target else { return }
            let reporter = state.withLock { $0.reporter } ?? ErrorReporter()
            for var record in records { target.handle(&record, reporter: reporter) }
        }
    }

    public func handle(_ record: inout LogRecord, reporter: ErrorReporter) {
        // Failures of the target are told where this handler's are.
        state.withLock { if $0.reporter == nil { $0.reporter = reporter } }
        handleUsually(&record, reporter: reporter)
    }

    public func close() throws {
        guard core.endDelivery() == 0 else { return }
        if flushOnClose { try flush() }
        core.lock.withLock {
            state.withLock {
                $0.target = nil
                $0.buffer = []
            }
        }
    }
}
