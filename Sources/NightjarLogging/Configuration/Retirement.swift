internal import Glibc

/// The end of handlers that a new set-up no longer has: flushed and closed once no record can reach them.
struct Retirement: Sendable {
    private let handlers: [any Handler]
    private let generationEnded: OneShotEvent
    private let reporter: ErrorReporter

    init(of handlers: [any Handler], after generationEnded: OneShotEvent, reporter: ErrorReporter) {
        self.handlers = handlers
        self.generationEnded = generationEnded
        self.reporter = reporter
    }

    /// Closes on a thread of its own, so that a handler that hangs holds up nobody for longer than `deadline`.
    func run(deadline: Duration) {
        guard !handlers.isEmpty else { return }
        let done = OneShotEvent()
        let work: @Sendable () -> Void = {
            _ = generationEnded.wait(timeout: deadline)
            LoggingSystem.close(handlers, reporter: reporter)
            done.signal()
        }
        guard DetachedThread.start(work) else { return work() }
        // A record on its way on this very thread would wait for itself.
        if !ThreadState.current.isActive { _ = done.wait(timeout: deadline) }
    }
}

/// Starts a thread that nobody joins.
enum DetachedThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// - Returns: false if the system has no thread to give.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
