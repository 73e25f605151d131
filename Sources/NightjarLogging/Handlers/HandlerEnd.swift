internal import NightjarConcurrency
internal import Synchronization

/// Flushes and closes handlers one after the other, and leaves those behind that are stuck.
///
/// A handler that only writes to this machine is closed on the calling thread. Any other is closed on a thread that the caller waits for,
/// and no longer than its delivery's timeout.
struct HandlerEnd: Sendable {
    private let handlers: [any Handler]
    private let reporter: ErrorReporter

    /// Seconds that a handler without a delivery gets.
    private static let usualTimeout = 5.0

    static func run(_ handlers: [any Handler], reporter: ErrorReporter) {
        for handler in handlers {
            if handler is any TextHandler, !handler.core.isAsynchronous, handler.core.lock.tryAcquire() {
                close(handler, reporter)
                handler.core.lock.release()
            } else {
                closeInTime(handler, reporter)
            }
        }
    }

    private static func closeInTime(_ handler: any Handler, _ reporter: ErrorReporter) {
        let done = OneShotEvent()
        let timeout = handler.core.delivery?.options.timeout ?? usualTimeout
        let work: @Sendable () -> Void = {
            let lost = handler.core.endDelivery()
            if lost == 0 {
                handler.core.lock.withLock { close(handler, reporter) }
            } else if lost > 0 {
                reporter.tell(undelivered: lost, of: handler)
            }
            done.signal()
        }
        guard DetachedThread.start(work) else { return work() }
        // Draining has a timeout of its own; closing gets as much again.
        if !done.wait(timeout: .seconds(2 * timeout + 0.5)) {
            reporter.write("logging: \(handler.title) did not close within \(timeout) s and was left behind\n")
        }
    }

    private static func close(_ handler: any Handler, _ reporter: ErrorReporter) {
        do {
            handler.core.flushFilters()
            try handler.flush()
            try handler.close()
        } catch {
            reporter.report(LoggingFailure(error, record: nil, place: .shutdown(handler)))
        }
    }
}

extension ErrorReporter {
    func tell(undelivered lost: Int, of handler: any Handler) {
        let what = lost == 1 ? "1 record" : "\(lost) records"
        let timeout = handler.core.delivery?.options.timeout ?? 0
        write("logging: \(what) of \(handler.title) not delivered within \(timeout) s\n")
    }
}

extension LoggingSystem {
    /// Tells that a handler was closed before all its records had been delivered: for those who close one themselves.
    public func tell(undelivered lost: Int, of handler: any Handler) { reporter.tell(undelivered: lost, of: handler) }
}
