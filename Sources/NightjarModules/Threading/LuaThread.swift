import NightjarConcurrency
import NightjarLogging
public import NightjarLua
import Synchronization

/// A thread that runs Lua in an interpreter of its own.
///
/// Every interpreter that knows the thread has the same object. Its fields (`self.x`) are each interpreter's own; those of the one
/// that runs come back with the end.
public final class LuaThread: CrossesThreads {
    /// Where a thread is in its life.
    enum Phase: String, Sendable { case initial, running, finished, failed, cancelled }

    enum Kind: Sendable {
        case ordinary
        /// One that waits before it calls its function, and can be told not to.
        case timer
        /// The one that runs the main script.
        case main
        /// One that the program has made without us; Python calls it a dummy.
        case foreign
    }

    /// What a thread leaves behind.
    struct Outcome: Sendable {
        var phase: Phase = .finished
        var results = Message(.nil)
        var resultCount = 0
        /// Why there are no results though the thread has some. Only who asks for them has to know.
        var refusedResult: TransferError?
        /// The fields of `self` at the end; nil where there are none.
        var fields: Message?
        var error: CrossedError?
    }

    struct Settings: Sendable {
        var name: String?
        /// What records of the running thread read, for other threads to change.
        var recordName: ThreadName?
        var isDaemon = false
        var phase = Phase.initial
        var identifier: Int?
        var nativeID: Int?
        var isCancelled = false
        /// When a cancelled thread has had its time to clean up.
        var graceEnd: Deadline?
        var handle: LuaInterruptHandle?
        /// For a thread that also waits outside of Lua, where an interruption does not reach it.
        var onCancel: (@Sendable () -> Void)?
        /// Rules out reports about deadlocks while the thread is on its way out: what it waits for there ends with its grace.
        var cancellation: DeadlockMonitor.Activity?
        /// The fields that went along at the start: those gone at the end are removed.
        var fieldsAtStart: Set<String> = []
        /// Somebody waits for the first step of a thread that was started.
        var beginning: Event?
        /// The starter's object, with its class and fields, which lives as long as the thread runs.
        var object: LuaReference?
    }

    /// Weak, because the environment's registry keeps the main thread's object. Interpreters keep the environment, so it is there
    /// whenever a script uses the object.
    private weak let environment: ScriptEnvironment?
    private let mark = LiveObjects.Mark(.thread)
    private let isNoted = Atomic(false)
    let kind: Kind
    /// Of a foreign thread: there until that thread ends.
    private weak let foreignWaiter: Waiter?
    private let settings: Mutex<Settings>
    let end = Completion<Outcome>(operation: "Thread.join")

    init(_ environment: ScriptEnvironment, isDaemon: Bool, kind: Kind = .ordinary) {
        self.environment = environment
        self.kind = kind
        foreignWaiter = kind == .foreign ? Waiter.current : nil
        var settings = Settings()
        settings.isDaemon = isDaemon
        if kind == .main || kind == .foreign {
            settings.name = kind == .main ? LuaThread.mainName : "Dummy-\(environment.threads.nextNumber())"
            settings.phase = .running
            settings.identifier = ThreadNumbers.currentIdentifier
            settings.nativeID = Int(NativeThread.currentNativeID)
            settings.recordName = LoggingThread.sharedName
        }
        self.settings = Mutex(settings)
    }

    static let mainName = "MainThread"

    func isFirstNote() -> Bool {
        !isNoted.load(ordering: .relaxed) && !isNoted.exchange(true, ordering: .relaxed)
    }

    func withSettings<Result>(_ body: (inout sending Settings) throws -> sending Result) rethrows -> sending Result {
        try settings.withLock(body)
    }

    /// The name; the first look at it gives a thread without one its number.
    var name: String {
        get { givenName ?? giveName(target: nil) }
        set { settings.withLock { $0.name = newValue } }
    }

    private var givenName: String? { settings.withLock { $0.name } }

    @discardableResult
    func giveName(target: String?) -> String {
        let number = environment?.threads.nextNumber() ?? 0
        let name = "Thread-\(number)" + (target.map { " (\($0))" } ?? "")
        return settings.withLock {
            if $0.name == nil { $0.name = name }
            return $0.name ?? name
        }
    }

    var isDaemon: Bool { settings.withLock { $0.isDaemon } }
    /// Whether somebody has asked it to stop.
    var isCancelled: Bool { settings.withLock { $0.isCancelled } }
    var phase: Phase { settings.withLock { $0.phase } }
    var identifier: Int? { settings.withLock { $0.identifier } }
    var nativeID: Int? { settings.withLock { $0.nativeID } }

    var isAlive: Bool {
        switch kind {
        case .main: environment?.threads.mainScriptEnded.isSet != true
        case .foreign: foreignWaiter != nil
        default: phase == .running
        }
    }

    // MARK: Life

    /// Takes the step from new to started.
    func markStarted(fields: Set<String>) throws {
        let isFirst = settings.withLock {
            guard $0.phase == .initial else { return false }
            $0.phase = .running
            $0.fieldsAtStart = fields
            return true
        }
        guard isFirst else { throw LuaException(.runtimeError, "threads can only be started once") }
    }

    func markUnstarted() {
        settings.withLock {
            $0.phase = .initial
            $0.object = nil
        }
    }

    /// On the new thread, before any Lua runs; false if it was cancelled meanwhile.
    func begin(_ handle: LuaInterruptHandle) -> Bool {
        let (goesOn, waiting) = settings.withLock {
            $0.identifier = ThreadNumbers.currentIdentifier
            $0.nativeID = Int(NativeThread.currentNativeID)
            $0.handle = handle
            return (!$0.isCancelled, $0.beginning)
        }
        waiting?.set()
        return goesOn
    }

    /// What is set once a thread that was started has taken its first step, from which on it has its numbers; nil if it has them, or
    /// was not started.
    var beginning: Event? {
        settings.withLock {
            guard $0.phase == .running, $0.identifier == nil else { return nil }
            if $0.beginning == nil { $0.beginning = Event() }
            return $0.beginning
        }
    }

    func finish(_ outcome: Outcome) {
        let (waiting, cancellation) = settings.withLock { settings in
            settings.phase = outcome.phase
            settings.handle = nil
            settings.onCancel = nil
            settings.object = nil
            defer { settings.cancellation = nil }
            return (settings.beginning, settings.cancellation)
        }
        environment?.threads.remove(self)
        withExtendedLifetime(cancellation) { _ = end.complete(outcome) }
        waiting?.set()
    }

    /// Asks the thread to stop, also out of an endless loop or a wait.
    /// - Parameter grace: seconds for to-be-closed variables; what runs then is ended whatever it does.
    /// - Returns: false if it has ended already; for the main thread, if it runs no script.
    @discardableResult
    func cancel(grace: Double = 1) -> Bool {
        if kind == .main { return withSettings { $0.handle }?.interruptIfRunning(.cancelled, grace: grace) ?? false }
        let cancellation = environment?.deadlocks?.activity()
        let graceEnd = Deadline(after: grace)
        let (isRunning, handle, onCancel) = settings.withLock {
            $0.isCancelled = true
            $0.graceEnd = min($0.graceEnd ?? graceEnd, graceEnd)
            if $0.phase == .running, $0.cancellation == nil { $0.cancellation = cancellation }
            return ($0.phase == .running || $0.phase == .initial, $0.handle, $0.onCancel)
        }
        onCancel?()
        handle?.interrupt(.cancelled, grace: grace)
        return isRunning
    }

    /// What is left of the grace, in seconds; nil if nobody has cancelled the thread.
    var graceLeft: Double? { settings.withLock { $0.graceEnd }.map { max(0, $0.secondsLeft) } }
}

/// Numbers by which threads are known.
enum ThreadNumbers {
    static var currentIdentifier: Int { Int(bitPattern: ThreadIdentity.current.rawValue) }
}
