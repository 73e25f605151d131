internal import NightjarConcurrency
internal import Synchronization

extension DeliveryWorker {
    /// Seconds between two notices about dropped records while there are always more.
    static var noticeInterval: Double { 1 }

    /// Hands on what was taken out, then tells of records that were dropped.
    mutating func deliver(with handler: any Handler, _ reporter: ErrorReporter) {
        while !taken.isEmpty { attempt(handler, reporter) }
        taken.removeAll()
        if takeNotice(handler) {
            while !taken.isEmpty { attempt(handler, reporter) }
            taken.removeAll()
        }
        // Only now: whoever waits for the end of a batch also wants to see what is said about its gaps.
        noteProgress()
    }

    private mutating func attempt(_ handler: any Handler, _ reporter: ErrorReporter) {
        if isHopeless { return giveUp(taken.count, DeliveryEnded(), handler, reporter) }
        let isLast = isEnding
        if isLast, failuresInRow > 0, leaveToHeir() { return }
        do {
            try handler.core.lock.withLock {
                try emit(handler)
                handler.core.counters.countDelivered(taken.count)
            }
            failuresInRow = 0
            return doneWith(taken.count)
        } catch {
            let failure = DeliveryFailure(reading: error, of: taken)
            handler.core.lock.withLock { handler.core.counters.countDelivered(failure.delivered) }
            if failure.delivered > 0 { failuresInRow = 0 }
            doneWith(failure.delivered)
            failed(failure, isLast: isLast, handler, reporter)
        }
    }

    private func emit(_ handler: any Handler) throws {
        if taken.isText, let handler = handler as? any TextHandler {
            try handler.emit(texts: taken.texts)
        } else {
            try handler.emit(batch: taken.remaining)
        }
    }

    private mutating func failed(
        _ failure: DeliveryFailure, isLast: Bool, _ handler: any Handler, _ reporter: ErrorReporter
    ) {
        if failure.cause is any RecordWasWritten {
            return handler.handleError(
                LoggingFailure(failure.cause, record: nil, place: .handler(handler)), reporter: reporter)
        }
        guard !taken.isEmpty else { return }
        failuresInRow += 1
        guard failure.isTemporary, let delay = delivery.options.retry?.delay(after: failuresInRow) else {
            failuresInRow = 0
            return giveUp(min(failure.refused ?? taken.count, taken.count), failure.cause, handler, reporter)
        }
        if isLast {
            if leaveToHeir() { return }
            // It was made although the back-off was not over, and there is no time for others.
            isHopeless = true
            return giveUp(taken.count, failure.cause, handler, reporter)
        }
        delivery.counters.retried.add(1, ordering: .relaxed)
        pause(delay)
    }

    /// Gives all that is left to the handler that has this one's place, at the end; what that has no room for stays here, and is given up.
    /// - Returns: false if there is none.
    private mutating func leaveToHeir() -> Bool {
        var records = taken.remaining
        let heir = delivery.state.withLock { state -> DeliveryHeir? in
            guard let heir = state.heir else { return nil }
            records += state.pending.remaining
            state.pending.removeAll()
            state.inFlight = records.count
            return heir
        }
        guard let heir else { return false }
        let rest = heir.adopt(records)
        taken.removeAll()
        taken.prepend(rest)
        isHopeless = true
        noteProgress()
        return true
    }

    private var isEnding: Bool { delivery.state.withLock { $0.phase != .open } }

    /// Waits so many seconds, or until the end comes.
    private func pause(_ seconds: Double) {
        let deadline = Deadline(after: seconds)
        repeat {
            delivery.bell.clear()
            if isEnding { return }
        } while (try? delivery.bell.wait(until: deadline)) == true
    }

    // MARK: Records that are done with

    private mutating func giveUp(
        _ count: Int, _ cause: any Error, _ handler: any Handler, _ reporter: ErrorReporter
    ) {
        handler.core.counters.countFailed(count)
        if let fallback = delivery.fallback {
            for prepared in taken.remaining.prefix(count) {
                var record = prepared.record
                fallback.handle(&record, reporter: reporter)
            }
            delivery.counters.diverted.add(count, ordering: .relaxed)
        } else {
            var failure = LoggingFailure(cause, record: taken.firstRecord, place: .handler(handler))
            failure.lost = count
            handler.handleError(failure, reporter: reporter)
        }
        doneWith(count)
    }

    private mutating func doneWith(_ count: Int) {
        taken.removeFirst(count)
        if !taken.isEmpty { noteProgress() }
    }

    private func noteProgress() {
        let wakes = delivery.state.withLock { state in
            state.inFlight = taken.count
            state.isHopelessWithin = false
            return state.waiting > 0
        }
        if wakes { delivery.progress.set() }
    }

    // MARK: Dropped records

    /// Puts a record about those that were dropped in the place of a batch, if it is time for one.
    private mutating func takeNotice(_ handler: any Handler) -> Bool {
        if delivery.state.withLock({ $0.untold }) == 0 { return false }
        let isTime = noticeDue?.hasPassed ?? false
        if noticeDue == nil { noticeDue = Deadline(after: Self.noticeInterval) }
        let dropped = delivery.state.withLock { state -> Int in
            guard state.untold > 0, isTime || state.pending.isEmpty || state.phase != .open else { return 0 }
            defer { state.untold = 0 }
            return state.untold
        }
        guard dropped > 0 else { return false }
        noticeDue = Deadline(after: Self.noticeInterval)
        let what = dropped == 1 ? "1 record" : "\(dropped) records"
        let record = LogRecord(
            name: "logging", level: .warning, message: "\(what) dropped: the queue of \(handler.title) was full")
        var text: [UInt8] = []
        // A formatter that wants what this record lacks.
        do { try handler.format(record, into: &text) } catch { text = Array(record.message.utf8) }
        if taken.isText, let handler = handler as? any TextHandler {
            handler.endText(&text)
            taken.append(text, record.level)
        } else {
            taken.append(PreparedRecord(record, text: text))
        }
        return true
    }
}

/// An error of a handler that has written the record all the same.
protocol RecordWasWritten: Error {}

extension RotationDelayed: RecordWasWritten {}

/// Why records are given up without another attempt.
struct DeliveryEnded: Error, CustomStringConvertible {
    var description: String { "the handler was closed while its records could not be delivered" }
}

extension DeliveryFailure {
    /// What any error of a handler says about a batch.
    fileprivate init(reading error: any Error, of batch: borrowing PendingRecords) {
        self =
            switch error {
            case let failure as DeliveryFailure: failure
            case let error as LoggingError where batch.isText:
                DeliveryFailure(error, delivered: batch.texts.records(in: error.bytesWritten))
            case let error as any RecordWasWritten: DeliveryFailure(error, delivered: batch.count)
            default: DeliveryFailure(error)
            }
        // Of records that are emitted one by one, that one is done with too.
        if cause is any RecordWasWritten { delivered += refused ?? 0 }
        delivered = min(max(delivered, 0), batch.count)
    }
}

extension PendingRecords {
    /// The first that is still to be delivered, or what is left of it.
    fileprivate var firstRecord: LogRecord? {
        guard !isEmpty else { return nil }
        guard isText else { return remaining.first?.record }
        let text = String(decoding: texts.text(0), as: UTF8.self)
        return LogRecord(
            name: "", level: texts.highestLevel, message: text.last == "\n" ? String(text.dropLast()) : text)
    }
}

extension Handler {
    /// How messages call it: `handler "x"`, or by its class.
    var title: String { core.name.map { "handler \"\($0)\"" } ?? "an unnamed \(kind)" }

    /// The name of its class.
    var kind: String { (self as? any NamedKind)?.kindName ?? "\(type(of: self))" }
}

/// Handlers that stand for a class of another name, such as one of a script.
public protocol NamedKind {
    var kindName: String { get }
}
