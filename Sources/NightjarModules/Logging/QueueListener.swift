import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// `logging.handlers.QueueListener`: takes records from a queue, on a thread of its own, and gives them to handlers.
///
/// Thread-safe. Letting go of a listener that was not stopped lets its thread end after what is in the queue.
final class QueueListener: CrossesThreads {
    struct Settings: Sendable {
        var queue: ScriptQueue
        var handlers: [any Handler]
        var respectsHandlerLevel: Bool
    }

    private let reporter: ErrorReporter
    private let state: Mutex<State>

    private struct State {
        var settings: Settings
        var thread: NativeThread?
        /// A script's instance that has a `handle` or `prepare` of its own.
        var cell: ScriptCell?
    }

    init(_ settings: Settings, reporter: ErrorReporter) {
        state = Mutex(State(settings: settings))
        self.reporter = reporter
    }

    deinit { if isRunning { try? enqueueSentinel() } }

    static var luaType: LuaType { HandlerTypes.listener }

    var settings: Settings {
        get { state.withLock { $0.settings } }
        set { state.withLock { $0.settings = newValue } }
    }
    var queue: ScriptQueue { settings.queue }
    var isRunning: Bool { state.withLock { $0.thread != nil } }

    /// Lets a copy of the script's instance handle the records.
    func adopt(_ stack: LuaStack, instanceAt index: Int32) throws {
        guard state.withLock({ $0.cell == nil }), LuaType.native(stack, instanceAt: index) !== nil else { return }
        let overrides = try ["handle", "prepare"].contains { try LogCustomization.overrides($0, at: index, stack) }
        guard overrides else { return }
        let inner = QueueListener(settings, reporter: reporter)
        let cell = try ScriptCell(stack, instanceAt: index, as: "listener", inner: inner)
        state.withLock { $0.cell = cell }
    }

    /// - Throws: a `RuntimeError` if it runs already, or has no thread to run on.
    func start() throws {
        let work = work
        try state.withLock { state in
            guard state.thread == nil else { throw LuaException(.runtimeError, "Listener already started") }
            let queue = state.settings.queue
            do {
                state.thread = try NativeThread.start(name: "QueueListener") {
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
        let (settings, cell, reporter) = (settings, state.withLock { $0.cell }, reporter)
        guard let cell else { return { QueueListener.handle($0, settings, reporter) } }
        return { record in
            do {
                _ = try cell.run { stack in try QueueListener.handle(RecordObject(record), stack) }
            } catch {
                let failure = ScriptFailure(error: error)
                reporter.report(LoggingFailure(failure, record: record, place: .message(logger: record.name)))
            }
        }
    }

    func handle(_ record: LogRecord) { QueueListener.handle(record, settings, reporter) }

    private static func handle(_ record: LogRecord, _ settings: Settings, _ reporter: ErrorReporter) {
        for handler in settings.handlers where !settings.respectsHandlerLevel || record.level >= handler.level {
            var record = record
            handler.handle(&record, reporter: reporter)
        }
    }

    /// `self:handle(self:prepare(record))`, as far as the script has these. The instance is on top.
    private static func handle(_ record: RecordObject, _ stack: LuaStack) throws {
        let instance = stack.top
        if try LogCustomization.overrides("prepare", at: instance, stack) {
            try stack.get(instance, "prepare")
            stack.pushCopy(of: instance)
            try record.push(to: stack)
            try stack.call(arguments: 2, results: 1)
        } else {
            try record.push(to: stack)
        }
        try stack.get(instance, "handle")
        stack.pushCopy(of: instance)
        stack.pushCopy(of: instance + 1)
        try stack.call(arguments: 2, results: 0)
    }

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
        let running = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        guard let running else { return }
        try enqueueSentinel()
        try wait(running)
    }
}
