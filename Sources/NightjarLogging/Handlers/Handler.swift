/// Takes records to where they are seen. Anyone may conform; `core` carries what all handlers share.
///
/// A record passes `handle`: the handler's filters, then `format` outside the lock into a buffer of the thread,
/// then `emit` under the lock. `format` and `emit` may throw; what happens then is `handleError`'s to say, and the
/// program that logs is never disturbed. A handler that logs while it handles a record does not see its own records.
public protocol Handler: AnyObject, Sendable {
    var core: HandlerCore { get }

    /// Appends the text that `emit` gets. Handlers that need none append nothing. Called without the lock.
    func format(_ record: LogRecord, into text: inout [UInt8]) throws
    /// Appends what follows a record's text where texts wait end to end, as in a ``TextHandler``; the default appends nothing.
    func endText(_ text: inout [UInt8])
    /// Delivers one record. Called under `core.lock`.
    /// - Parameter text: what `format` made, without a line end; may be changed.
    func emit(_ record: LogRecord, text: inout [UInt8]) throws
    /// Delivers several records in order, for handlers that send many as cheaply as one; the default emits each. Called under
    /// `core.lock`.
    /// - Throws: `DeliveryFailure` says how many arrived; after any other error the whole batch counts as not delivered.
    func emit(batch: [PreparedRecord]) throws
    /// Hands on what the handler has kept back.
    func flush() throws
    /// What `emit` looks at in a record beside its text; the default is everything.
    var emitNeeds: RecordNeeds { get }
    /// Ends the handler. Harmless when repeated.
    func close() throws
    /// Called when handling a record failed; the default reports it.
    func handleError(_ failure: LoggingFailure, reporter: ErrorReporter)
    /// Takes a record whose level the logger has tested; implement it only to take records whole, without filters
    /// and lock.
    func handle(_ record: inout LogRecord, reporter: ErrorReporter)
}

extension Handler {
    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        try formatUsually(record, into: &text)
    }

    /// What `format` does where a handler has none of its own.
    func formatUsually(_ record: LogRecord, into text: inout [UInt8]) throws {
        guard let formatter = core.formatter else {
            return try StandardFormatter.messageOnly.format(record, into: &text)
        }
        try formatter.format(record, into: &text)
    }

    /// The text of `record` by the handler's formatter.
    public func format(_ record: LogRecord) throws -> String {
        var text: [UInt8] = []
        // Not in the encoding of a file.
        if self is any FileBacked { try formatUsually(record, into: &text) } else { try format(record, into: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    public func endText(_ text: inout [UInt8]) {}

    public func emit(batch: [PreparedRecord]) throws {
        for (delivered, prepared) in batch.enumerated() {
            var text = prepared.text
            do { try emit(prepared.record, text: &text) } catch {
                throw DeliveryFailure(error, delivered: delivered, refused: 1)
            }
        }
    }

    public var emitNeeds: RecordNeeds { .everything }

    /// What the handler, its formatter and its filters look at.
    var recordNeeds: RecordNeeds { emitNeeds.union(core.recordNeeds) }

    public func flush() throws { try core.drain() }
    public func close() throws { core.endDelivery() }

    public func handleError(_ failure: LoggingFailure, reporter: ErrorReporter) {
        reporter.report(failure)
    }

    /// Filters, formats and emits. What filters change in place is seen by the handlers after this one, as in
    /// Python. Levels are the logger's to test.
    public func handle(_ record: inout LogRecord, reporter: ErrorReporter) {
        handleUsually(&record, reporter: reporter)
    }

    /// What `handle` does where a handler has none of its own, for those that have one for some records only.
    /// - Returns: whether the record has passed the filters.
    @discardableResult
    public func handleUsually(_ record: inout LogRecord, reporter: ErrorReporter) -> Bool {
        let thread = ThreadState.current
        guard thread.enter(ObjectIdentifier(self)) else {
            core.countRecursion()
            return false
        }
        defer { thread.leave() }
        if core.hasFilters { return filterAndDeliver(&record, thread, reporter) }
        deliver(&record, thread, reporter)
        return true
    }

    /// Formats and emits one record, without level and filters (Python's `emit` called directly).
    public func emit(_ record: LogRecord, reporter: ErrorReporter) {
        var record = record
        emit(changing: &record, reporter: reporter)
    }

    /// As above, leaving in `record` what the handler has changed in it.
    public func emit(changing record: inout LogRecord, reporter: ErrorReporter) {
        deliver(&record, ThreadState.current, reporter)
    }

    private func filterAndDeliver(
        _ record: inout LogRecord, _ thread: ThreadState, _ reporter: ErrorReporter
    ) -> Bool {
        var replacement: LogRecord?
        do {
            guard try core.filters.pass(&record, replacement: &replacement, outlet: .handler(self, reporter)) else {
                core.countFiltered()
                return false
            }
        } catch {
            let record = thread.withDetails(record)
            handleError(LoggingFailure(error, record: record, place: .handlerFilter(self)), reporter: reporter)
            return false
        }
        if var replacement { deliver(&replacement, thread, reporter) } else { deliver(&record, thread, reporter) }
        return true
    }

    /// Changes the record where a script's formatter or `emit` has, and copies nothing else of it, which is large.
    private func deliver(_ record: inout LogRecord, _ thread: ThreadState, _ reporter: ErrorReporter) {
        var text = thread.takeBuffer()
        thread.forgetChange()
        do {
            try format(record, into: &text)
            if !core.isAsynchronous || core.delivery?.accept(record, text: &text, from: self, thread, reporter) != true
            {
                try core.lockPlace.acquire(by: thread)
                defer { core.lockPlace.release() }
                try emit(record, text: &text)
                core.counters.countDelivered()
            }
        } catch {
            core.counters.countFailed()
            let record = thread.withDetails(record)
            handleError(LoggingFailure(error, record: record, place: .handler(self)), reporter: reporter)
        }
        if thread.hasChange { thread.takeChange(of: &record) }
        thread.giveBack(&text)
    }
}

// MARK: - Settings

extension Handler {
    public var level: Level {
        get { core.level }
        set { core.level = newValue }
    }

    public var name: String? {
        get { core.name }
        set { core.name = newValue }
    }

    public var formatter: (any Formatter)? {
        get { core.formatter }
        set { core.formatter = newValue }
    }

    public var filters: [any Filter] { core.filters }

    public func setLevel(_ level: Level) { core.level = level }
    public func setFormatter(_ formatter: (any Formatter)?) { core.formatter = formatter }

    /// Adds a filter, once.
    public func addFilter(_ filter: any Filter) {
        core.updateFilters { if !$0.contains(where: { $0 === filter }) { $0.append(filter) } }
    }

    public func removeFilter(_ filter: any Filter) {
        core.updateFilters { $0.removeAll { $0 === filter } }
    }

    /// Asks the handler's filters; nil means dropped (Python's `Filterer.filter`).
    public func filter(_ record: LogRecord) throws -> LogRecord? {
        var seen = record
        var replacement: LogRecord?
        return try core.filters.pass(&seen, replacement: &replacement) ? replacement ?? seen : nil
    }

    /// Takes the handler's lock, for use over several calls. The owner may take it again.
    public func acquire() {
        core.lock.acquire()
        // Such a thread must not wait for the handler's queue, whose own thread waits for it.
        ThreadState.current.heldLocks += 1
    }

    public func release() {
        core.lock.release()
        ThreadState.current.heldLocks -= 1
    }
}
