import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// `logging.handlers.QueueHandler`: puts records into a script's queue, with their text already made.
///
/// A full queue loses the record, and that is reported, as in Python. Thread-safe.
final class QueueHandler: Handler, CrossesThreads {
    let core = HandlerCore()
    let queue: ScriptQueue
    private let attached = Mutex<QueueListener?>(nil)

    init(_ queue: ScriptQueue) { self.queue = queue }

    static var luaType: LuaType { HandlerTypes.queue }

    /// The listener that a configuration made together with the handler.
    var listener: QueueListener? {
        get { attached.withLock { $0 } }
        set { attached.withLock { $0 = newValue } }
    }

    func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        try enqueue(QueueHandler.prepared(record, String(decoding: text, as: UTF8.self)))
    }

    func enqueue(_ record: LogRecord) throws {
        try queue.put(LuaData(RecordObject(record)).message(), until: .passed)
    }

    /// A record that says what it shows, and nothing that would have to be shown again.
    static func prepared(_ record: LogRecord, _ text: String) -> LogRecord {
        var record = record
        record.message = text
        record.template = text
        record.arguments = nil
        record.excText = nil
        record.stackInfo = nil
        return record
    }
}

/// `logging.handlers.QueueListener`: takes records from a queue, on a thread of its own, and gives them to handlers.
///
/// Thread-safe. Letting go of a listener that was not stopped lets its thread end after what is in the queue.
final class QueueListener: CrossesThreads {
    let queue: ScriptQueue
    let handlers: [any Handler]
    let respectsHandlerLevel: Bool
    private let reporter: ErrorReporter
    private let thread = Mutex<NativeThread?>(nil)

    init(_ queue: ScriptQueue, _ handlers: [any Handler], respectsHandlerLevel: Bool, reporter: ErrorReporter) {
        self.queue = queue
        self.handlers = handlers
        self.respectsHandlerLevel = respectsHandlerLevel
        self.reporter = reporter
    }

    deinit { if thread.withLock({ $0 }) != nil { try? enqueueSentinel() } }

    static var luaType: LuaType { HandlerTypes.listener }

    var isRunning: Bool { thread.withLock { $0 } != nil }

    /// - Throws: a `RuntimeError` if it runs already, or has no thread to run on.
    func start() throws {
        try thread.withLock { thread in
            guard thread == nil else { throw LuaException(.runtimeError, "Listener already started") }
            let (queue, work) = (queue, work)
            do {
                thread = try NativeThread.start(name: "QueueListener") {
                    LoggingThread.name = "QueueListener"
                    QueueListener.monitor(queue, work)
                }
            } catch {
                throw LuaException(.runtimeError, "\(error)")
            }
        }
    }

    /// What the thread needs: not the listener, which it would keep.
    private var work: @Sendable (LogRecord) -> Void {
        let (handlers, respectsHandlerLevel, reporter) = (handlers, respectsHandlerLevel, reporter)
        return { record in
            for handler in handlers where !respectsHandlerLevel || record.level >= handler.level {
                var record = record
                handler.handle(&record, reporter: reporter)
            }
        }
    }

    func handle(_ record: LogRecord) { work(record) }

    private static func monitor(_ queue: ScriptQueue, _ work: (LogRecord) -> Void) {
        while let message: Message = try? queue.get() {
            // Anything but a record is the sign to stop.
            guard let record = (try? LuaData(message))?.object(as: RecordObject.self)?.record else { break }
            work(record)
            if queue.kind != .simple { try? queue.control.taskDone() }
        }
        if queue.kind != .simple { try? queue.control.taskDone() }
    }

    func enqueueSentinel() throws { try queue.put(Message(.nil), until: .passed) }

    /// Handles what is in the queue, and ends the thread. Harmless when it does not run.
    func stop(_ wait: (NativeThread) throws -> Void) throws {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        try enqueueSentinel()
        try wait(running)
    }
}
