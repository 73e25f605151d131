internal import Synchronization

/// Keeps the last records that are too unimportant to be written, and writes them when an error comes, so that there is a history to it.
///
/// Records of level `below` and above go to the target at once. One of level `flushLevel` or above has what is kept go before it. What is kept
/// when the handler is closed is forgotten. Thread-safe: the target is called under this handler's lock.
public final class BacktraceHandler: Handler {
    public let core = HandlerCore()
    public let target: any Handler
    /// How many records are kept at most.
    public let capacity: Int
    public let below: Level
    public let flushLevel: Level
    private let state = Mutex(State())

    private struct State {
        var kept: [LogRecord] = []
        /// Where the oldest is, once `kept` is full.
        var oldest = 0
        var reporter: ErrorReporter?
    }

    /// - Parameter target: is not closed by this handler.
    public init(capacity: Int, target: any Handler, below: Level = .info, flushLevel: Level = .error) {
        self.capacity = max(capacity, 1)
        self.target = target
        self.below = below
        self.flushLevel = flushLevel
    }

    public var emitNeeds: RecordNeeds { target.recordNeeds }

    /// What is kept now, oldest first.
    public var buffer: [LogRecord] { state.withLock { Array($0.kept[$0.oldest...] + $0.kept[..<$0.oldest]) } }

    /// The target formats.
    public func format(_ record: LogRecord, into text: inout [UInt8]) {}

    public func handle(_ record: inout LogRecord, reporter: ErrorReporter) {
        // Failures of the target are told where this handler's are.
        state.withLock { if $0.reporter == nil { $0.reporter = reporter } }
        handleUsually(&record, reporter: reporter)
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        guard record.level >= below || record.level >= flushLevel else { return keep(record) }
        if record.level >= flushLevel { writeBacktrace() }
        pass(record)
    }

    /// Writes what is kept now, whether there is an error or not.
    public func writeBacktrace() {
        core.lock.withLock {
            let kept = state.withLock { state in
                defer {
                    state.kept = []
                    state.oldest = 0
                }
                return state.kept[state.oldest...] + state.kept[..<state.oldest]
            }
            for record in kept { pass(record) }
        }
    }

    private func keep(_ record: LogRecord) {
        state.withLock { state in
            guard state.kept.count == capacity else { return state.kept.append(record) }
            state.kept[state.oldest] = record
            state.oldest = (state.oldest + 1) % capacity
        }
    }

    private func pass(_ record: LogRecord) {
        guard record.level >= target.core.level else { return }
        var record = record
        let reporter = state.withLock { $0.reporter } ?? ErrorReporter()
        target.handle(&record, reporter: reporter)
    }

    public func flush() throws {
        try core.drain()
        try target.flush()
    }

    public func close() throws {
        guard core.endDelivery() == 0 else { return }
        state.withLock {
            $0.kept = []
            $0.oldest = 0
        }
    }
}
