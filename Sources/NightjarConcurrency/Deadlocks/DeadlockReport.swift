/// What a thread is told whose wait could never have ended.
public struct DeadlockReport: Sendable, Hashable, CustomStringConvertible {
    /// The wait of one thread.
    public struct Wait: Sendable, Hashable {
        /// The thread's name.
        public let thread: String
        /// The call that waits, as its users know it: `Lock.acquire`.
        public let call: String
        /// Where in the thread's code that is, as `file:line`; nil where nobody knows.
        public let place: String?
        /// What it waits for; nil for the end of a thread.
        public let object: String?
        /// What can be said about that: who holds it, or what it lacks.
        public let remark: String?
        /// Whether this wait was ended, with the report as the reason.
        public let isEnded: Bool
    }

    /// One sentence.
    public let summary: String
    /// Those that were ended first.
    public let waits: [Wait]
    /// The summary, and a line for each thread.
    public let description: String

    /// Lines at most: a report about thousands of threads is still to be read.
    private static let longest = 50

    init(summary: String, waits: [Wait]) {
        self.summary = summary
        self.waits = waits
        var lines = [summary] + waits.prefix(DeadlockReport.longest).map { "  \($0)" }
        if waits.count > DeadlockReport.longest {
            lines.append("  and \(waits.count - DeadlockReport.longest) more threads")
        }
        description = lines.joined(separator: "\n")
    }
}

extension DeadlockReport.Wait: CustomStringConvertible {
    /// `MainThread waits in Lock.acquire at bank.lua:12 for threading.Lock created at bank.lua:3, held by Thread-1`
    public var description: String {
        var text = "\(thread) waits in \(call)"
        if let place { text += " at \(place)" }
        if let object { text += " for \(object)" }
        if let remark { text += object == nil ? " \(remark)" : ", \(remark)" }
        return text
    }
}
