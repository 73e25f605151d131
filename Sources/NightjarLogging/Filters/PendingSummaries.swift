internal import NightjarConcurrency
internal import Synchronization

/// What a filter has to say later about records that it held back: when the next one passes, or when time is up, whichever comes first.
/// Thread-safe.
final class PendingSummaries<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        var count: Int
        /// The last that was held back.
        var record: LogRecord
        var outlet: FilterOutlet
        /// Tells a timer whether it was set for this entry.
        var serial: Int
    }

    private let entries = Mutex<(byKey: [Key: Entry], serial: Int)>(([:], 0))
    private let interval: Double
    private let text: @Sendable (Int, LogRecord) -> String

    /// One thread for all filters of the process; it exists only while something is pending.
    private static var timers: TimerQueue { SummaryTimers.shared }

    /// - Parameters:
    ///   - interval: seconds after which a summary goes out by itself.
    ///   - text: the message of a summary.
    init(interval: Double, text: @escaping @Sendable (Int, LogRecord) -> String) {
        self.interval = interval
        self.text = text
    }

    /// Notes a record that is held back.
    func add(_ record: LogRecord, _ key: Key, _ outlet: FilterOutlet) {
        let serial: Int? = entries.withLock { entries in
            if entries.byKey[key] != nil {
                entries.byKey[key]!.count += 1
                entries.byKey[key]!.record = record
                return nil
            }
            entries.serial += 1
            entries.byKey[key] = Entry(count: 1, record: record, outlet: outlet, serial: entries.serial)
            return entries.serial
        }
        guard let serial, !outlet.isNowhere else { return }
        // Without a thread the summary waits for the next record.
        _ = try? Self.timers.schedule(at: Deadline(after: interval), monitor: nil) { [weak self] in
            self?.say(key, ifSerial: serial)
        }
    }

    /// Says now what is pending about records of this key.
    func say(_ key: Key, ifSerial serial: Int? = nil) {
        let entry: Entry? = entries.withLock { entries in
            guard let entry = entries.byKey[key], serial == nil || entry.serial == serial else { return nil }
            entries.byKey[key] = nil
            return entry
        }
        if let entry { deliver(entry) }
    }

    func sayAll() {
        let all = entries.withLock { entries in
            defer { entries.byKey = [:] }
            return entries.byKey.values.sorted { $0.serial < $1.serial }
        }
        for entry in all { deliver(entry) }
    }

    private func deliver(_ entry: Entry) {
        var record = entry.record
        let message = text(entry.count, record)
        record.message = message
        record.template = message
        record.arguments = nil
        record.excText = nil
        record.stackInfo = nil
        record.fields = LogFields()
        entry.outlet.deliver(record)
    }
}

private enum SummaryTimers {
    static let shared = TimerQueue(name: "log summaries")
}
