internal import Synchronization

/// A record that could not be handled, and why.
public struct LoggingFailure: Sendable {
    /// Where it failed.
    public enum Place: Sendable {
        case loggerFilter(logger: String)
        case handlerFilter(any Handler)
        case handler(any Handler)
        /// Making the text of a message, before any handler.
        case message(logger: String)
        /// Flushing or closing at the end, without a record.
        case shutdown(any Handler)
    }

    public let error: any Error
    public var record: LogRecord?
    public let place: Place
    /// How many records are lost: `record` and those that went with it.
    public var lost = 1

    public init(_ error: any Error, record: LogRecord?, place: Place) {
        self.error = error
        self.record = record
        self.place = place
    }

    /// Python's report, with the call site in place of the call stack, which the native caller does not have.
    public var report: String {
        var lines = ["--- Logging error ---", ErrorText.classAndMessage(error)]
        if let record {
            // Records whose handlers do not show the call site come without one.
            if !record.pathname.isEmpty {
                lines.append("Call stack:")
                lines.append("  File \"\(record.pathname)\", line \(record.lineno), in \(record.funcName)")
            }
            if let error = error as? any LoggingFailureText {
                lines.append("Message: \(error.quoted(.string(record.template)))")
                lines.append("Arguments: (\((record.arguments ?? []).map(error.quoted).joined(separator: ", ")))")
            } else {
                lines.append("Message: \(PythonText.quoted(record.template))")
                lines.append("Arguments: (\((record.arguments ?? []).map(PythonText.repr).joined(separator: ", ")))")
            }
        }
        if lost > 1, case .handler(let handler) = place {
            lines.append("Lost: \(lost) records of \(handler.title), of which this is the first")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// Where the failures of handlers and filters are told: standard error, until somebody sets another place.
/// Thread-safe.
public final class ErrorReporter: Sendable {
    public typealias Report = @Sendable (LoggingFailure) -> Void

    private let output: any Sink
    private let custom = Mutex<Report?>(nil)
    private let raises = Atomic<Bool>(true)

    /// - Parameter output: gets the reports while `setReport` has not been called.
    public init(output: any Sink = DescriptorSink.standardError) { self.output = output }

    /// Whether failures are told at all (Python's `logging.raiseExceptions`).
    public var raiseExceptions: Bool {
        get { raises.load(ordering: .relaxed) }
        set { raises.store(newValue, ordering: .relaxed) }
    }

    /// Replaces the report; nil brings the usual one back. `report` runs on the thread that logged.
    public func setReport(_ report: Report?) {
        custom.withLock { $0 = report }
    }

    public func report(_ failure: LoggingFailure) {
        guard raiseExceptions else { return }
        if let report = custom.withLock({ $0 }) { return report(failure) }
        write(failure.report)
    }

    /// Writes a line of diagnosis to the output.
    public func write(_ text: String) {
        // Where even this fails, nobody is left to be told.
        try? output.write(Array(text.utf8))
    }
}

/// An error that knows how it reads in a report: those of a script have a traceback, and another language's quoting.
public protocol LoggingFailureText: Error {
    /// One line or several, without a line end: `ValueError: message`, with a traceback before it.
    var reportText: String { get }
    /// The name of the exception class behind it; nil for none.
    var className: String? { get }
    /// A value as the script's author would write it.
    func quoted(_ value: LogValue) -> String
}

/// How errors read in records and reports.
enum ErrorText {
    static func className(_ error: any Error) -> String {
        let name = (error as? LoggingError)?.kind.className ?? (error as? any LoggingFailureText)?.className
        return name ?? String(describing: type(of: error))
    }

    /// `ValueError: message`.
    static func classAndMessage(_ error: any Error) -> String {
        if let error = error as? any LoggingFailureText { return error.reportText }
        return "\(className(error)): \(error)"
    }
}
