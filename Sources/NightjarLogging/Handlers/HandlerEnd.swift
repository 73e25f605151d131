internal import NightjarConcurrency
internal import Synchronization

/// Flushes and closes handlers one after the other, and leaves those behind that are stuck.
///
/// A handler that only writes to this machine, and one that the calling thread is inside of, are closed on that thread. Any other is closed
/// on a thread that the caller waits for, and not much longer than its delivery's timeout.
enum HandlerEnd {
    /// Seconds that a handler without a delivery gets, unless told otherwise.
    static let usualTimeout = 5.0
    /// Seconds.
    private static let closingTime = 0.5

    static func run(_ handlers: [any Handler], timeout: Double = usualTimeout, reporter: ErrorReporter) {
        for handler in handlers {
            let isClosedHere = handler is any TextHandler || handler.core.lock.isHeldHere
            if isClosedHere, !handler.core.isAsynchronous, handler.core.lock.tryAcquire() {
                close(handler, reporter)
                handler.core.lock.release()
            } else {
                closeInTime(handler, timeout, reporter)
            }
        }
    }

    private static func closeInTime(_ handler: any Handler, _ usualTimeout: Double, _ reporter: ErrorReporter) {
        let done = OneShotEvent()
        let timeout = handler.core.delivery?.options.timeout ?? usualTimeout
        let work: @Sendable () -> Void = {
            handler.core.flushFilters()
            let lost = handler.core.endDelivery()
            if lost == 0 {
                handler.core.lock.withLock { close(handler, reporter) }
            } else if lost > 0 {
                reporter.tell(undelivered: lost, of: handler)
            }
            done.signal()
        }
        guard DetachedThread.start(work) else { return work() }
        // Draining has that time; closing what was drained has a moment more.
        if !done.wait(timeout: .seconds(timeout + closingTime)) {
            reporter.write("logging: \(handler.title) did not close within \(timeout) s and was left behind\n")
        }
    }

    private static func close(_ handler: any Handler, _ reporter: ErrorReporter) {
        do {
            handler.core.flushFilters()
            try handler.flush()
            try handler.close()
        } catch  where ErrorText.className(error) == "ValueError" {
            // As in Python: a stream whose owner has closed it has nothing left to flush.
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
