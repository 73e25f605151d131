internal import Synchronization

/// A handler that can take the finished line of a record and looks at nothing else.
protocol LineHandler: TextHandler {
    /// Whether the text that the formatter makes is what is written. A change is told to `HandlerSettings`.
    var keepsText: Bool { get }
    /// Delivers the line of one record. Called under `core.lock`.
    /// - Parameter line: without a line end; may be changed.
    func emit(line: inout [UInt8], _ level: Level) throws
}

/// The short way to a handler, from a call to a line of a file, on which no record is made. Open while the handler has no filters and a
/// formatter that shows only what a `RecordLine` has. Valid until the settings of any handler change.
final class LineRoute: Sendable {
    private let handler: any LineHandler
    private let core: HandlerCore
    private let format: FlatFormat

    /// Nil where the handler has to see records.
    init?(_ handler: any Handler) {
        guard let handler = handler as? any LineHandler, handler.keepsText, !handler.core.hasFilters,
            handler.core.delivery?.isText ?? true, let format = Self.format(handler.core.formatter)
        else { return nil }
        self.handler = handler
        self.format = format
        core = handler.core
    }

    private static func format(_ formatter: (any Formatter)?) -> FlatFormat? {
        guard let formatter else { return StandardFormatter.messageOnly.lineFormat }
        return (formatter as? StandardFormatter)?.lineFormat
    }

    /// Does for a line what `Handler.handle` does for a record.
    /// - Parameter record: makes the record after all, for the report of a failure.
    func handle(
        _ line: RecordLine, _ thread: ThreadState, _ reporter: ErrorReporter, record: () -> LogRecord
    ) {
        guard line.level >= core.level else { return }
        guard thread.enter(ObjectIdentifier(handler)) else { return core.countRecursion() }
        var text = thread.takeBuffer()
        format.append(line, thread, to: &text)
        do { try deliver(&text, line.level, thread, reporter) } catch { fail(error, record(), reporter) }
        thread.giveBack(&text)
        thread.leave()
    }

    // Apart, so that what nearly never happens is not amid what always does.
    @inline(never)
    private func fail(_ error: any Error, _ record: LogRecord, _ reporter: ErrorReporter) {
        core.counters.countFailed()
        handler.handleError(LoggingFailure(error, record: record, place: .handler(handler)), reporter: reporter)
    }

    @inline(__always)
    private func deliver(
        _ text: inout [UInt8], _ level: Level, _ thread: ThreadState, _ reporter: ErrorReporter
    ) throws {
        if core.isAsynchronous, core.delivery?.accept(&text, level, from: handler, thread, reporter) == true { return }
        try core.lockPlace.acquire(by: thread)
        defer { core.lockPlace.release() }
        try handler.emit(line: &text, level)
        core.counters.countDelivered()
    }
}

/// Tells when anything has changed in the settings of any handler or formatter: what was worked out from them before is then outdated.
/// One number for all, because such changes are rare and looking at it is done for each record.
enum HandlerSettings {
    private static let changes = Atomic<Int>(0)

    static var version: Int { changes.load(ordering: .acquiring) }
    static func noteChange() { changes.add(1, ordering: .releasing) }
}
