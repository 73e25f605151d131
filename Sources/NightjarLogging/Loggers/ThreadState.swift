internal import Glibc
internal import NightjarConcurrency
internal import Synchronization

/// What logging keeps for each thread: its identity, byte buffers to format into, and what is running on it.
///
/// Not Sendable, and never handed to another thread. A pointer to what is the thread's alone until it ends, because an object would be
/// counted, atomically, by everybody who looks at it on the way of a record.
struct ThreadState {
    private let storage: UnsafeMutablePointer<Storage>

    private struct Storage {
        var identifier = UInt64(ThreadIdentity.current.rawValue)
        let name: ThreadName
        var taskName: String?
        /// The handlers and filtered loggers that the thread is inside of, outermost first.
        let active = UnsafeMutablePointer<ObjectIdentifier>.allocate(capacity: ThreadState.deepest)
        var activeCount = 0
        var spare: [UInt8] = []
        var spareMessage: [UInt8] = []
        let times = UnsafeMutablePointer<TimeSlot>.allocate(capacity: ThreadState.timeCount)
        var delivery: ObjectIdentifier?
        var heldLocks = 0
        var locksOfScripts = 0
        var hasChange = false
        var change: RecordChange?
        var details: CallDetails?

        init() {
            name = ThreadName(ThreadState.initialName())
        }
    }

    private static let timeCount = 4

    /// Handlers inside of handlers beyond this many are refused like those inside of themselves.
    private static let deepest = 64

    /// Buffers that one huge record has grown beyond this are given back to the system.
    private static let largestKeptBuffer = 64 * 1024

    private init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        storage.pointee.times.initialize(repeating: TimeSlot(), count: Self.timeCount)
    }

    private init(_ found: UnsafeMutableRawPointer) { storage = found.assumingMemoryBound(to: Storage.self) }

    /// Called once, when the thread ends.
    private func end() {
        storage.pointee.times.deinitialize(count: Self.timeCount)
        storage.pointee.times.deallocate()
        storage.pointee.active.deallocate()
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    /// Tells running threads apart; never 0.
    var token: UInt { UInt(bitPattern: storage) }

    /// Python's `threading.get_ident`.
    var identifier: UInt64 {
        get { storage.pointee.identifier }
        nonmutating set { storage.pointee.identifier = newValue }
    }

    var name: String {
        get { storage.pointee.name.string }
        nonmutating set { storage.pointee.name.setOwn(newValue) }
    }

    /// Valid until the thread gives itself another name.
    var nameUTF8: UnsafeBufferPointer<UInt8> { storage.pointee.name.utf8 }

    /// For other threads, to change the name by.
    var sharedName: ThreadName { storage.pointee.name }

    /// The scheduled task that runs on the thread.
    var taskName: String? {
        get { storage.pointee.taskName }
        nonmutating set { storage.pointee.taskName = newValue }
    }

    // MARK: Running code

    /// Notes that this thread goes into `entry`; `leave` ends that.
    /// - Returns: false if it is inside of it already, which is how a handler that logs is stopped.
    func enter(_ entry: ObjectIdentifier) -> Bool {
        let count = storage.pointee.activeCount
        guard count < Self.deepest else { return false }
        let active = storage.pointee.active
        for place in 0..<count where active[place] == entry { return false }
        active[count] = entry
        storage.pointee.activeCount = count + 1
        return true
    }

    func leave() { storage.pointee.activeCount -= 1 }

    /// Whether the thread is inside of any handler or filter.
    var isActive: Bool { storage.pointee.activeCount > 0 }

    // MARK: Changing records

    private struct RecordChange {
        /// Tells records apart that the thread handles within each other.
        let created: Int64
        let record: LogRecord
    }

    /// Leaves what was noted of other records.
    @inline(__always)
    func forgetChange() { storage.pointee.hasChange = false }

    var hasChange: Bool { storage.pointee.hasChange }

    func noteChange(of record: LogRecord, to changed: LogRecord) {
        storage.pointee.change = RecordChange(created: record.createdNanoseconds, record: changed)
        storage.pointee.hasChange = true
    }

    // Apart, because it nearly never happens.
    @inline(never)
    func takeChange(of record: inout LogRecord) {
        defer {
            storage.pointee.hasChange = false
            storage.pointee.change = nil
        }
        guard storage.pointee.hasChange, let change = storage.pointee.change,
            change.created == record.createdNanoseconds
        else { return }
        record = change.record
    }

    // MARK: Details for reports

    /// What the call that the thread is in could say, should its record fail.
    var details: CallDetails? {
        get { storage.pointee.details }
        nonmutating set { storage.pointee.details = newValue }
    }

    /// The record with the place of its call, and the template and arguments, where the call can still be asked.
    // Apart, because it nearly never happens.
    @inline(never)
    func withDetails(_ record: LogRecord) -> LogRecord {
        guard record.pathname.isEmpty, let details, details.created == record.createdNanoseconds else { return record }
        var content = RecordContent(message: record.message), record = record
        details.add(&content)
        record.pathname = content.pathname
        record.lineno = content.lineno
        record.funcName = content.funcName
        record.add(rareOf: content)
        return record
    }

    // MARK: Waiting for queues

    /// The delivery whose records the thread hands on.
    var delivery: ObjectIdentifier? {
        get { storage.pointee.delivery }
        nonmutating set { storage.pointee.delivery = newValue }
    }

    /// How many locks of handlers the thread holds over several calls.
    var heldLocks: Int {
        get { storage.pointee.heldLocks }
        nonmutating set { storage.pointee.heldLocks = newValue }
    }

    /// How many locks of what scripts wrote the thread has.
    var locksOfScripts: Int {
        get { storage.pointee.locksOfScripts }
        nonmutating set { storage.pointee.locksOfScripts = newValue }
    }

    func isWorking(for delivery: Delivery) -> Bool { self.delivery == ObjectIdentifier(delivery) }

    /// Whether the thread, which is inside of a handler, has something that the handler's delivery may need to get on.
    var mayBeWaitedFor: Bool {
        storage.pointee.activeCount > 1 || heldLocks > 0 || locksOfScripts > 0 || delivery != nil
    }

    // MARK: Buffers

    /// A buffer for the text of a record.
    func takeBuffer() -> [UInt8] { Self.take(&storage.pointee.spare) }
    func giveBack(_ buffer: inout [UInt8]) { Self.keep(&buffer, in: &storage.pointee.spare) }

    /// A buffer for the message of a call.
    func takeMessageBuffer() -> [UInt8] { Self.take(&storage.pointee.spareMessage) }
    func giveBack(message buffer: inout [UInt8]) { Self.keep(&buffer, in: &storage.pointee.spareMessage) }

    @inline(__always)
    private static func take(_ place: inout [UInt8]) -> [UInt8] {
        // Left empty meanwhile: a handler that logs, on to others, formats into a buffer of its own.
        var buffer: [UInt8] = []
        swap(&buffer, &place)
        return buffer
    }

    /// Moves the buffer, because one that somebody else has, too, would have to be made anew.
    @inline(__always)
    private static func keep(_ buffer: inout [UInt8], in place: inout [UInt8]) {
        guard buffer.capacity <= largestKeptBuffer else { return }
        buffer.removeAll(keepingCapacity: true)
        swap(&buffer, &place)
    }

    // MARK: Times

    private struct TimeSlot {
        var owner = -1
        var second = Int64.min
        var text: [UInt8] = []

        @inline(__always)
        mutating func update(_ second: Int64, _ owner: Int, _ make: (Int64, inout [UInt8]) -> Void) {
            guard self.second != second || self.owner != owner else { return }
            text.removeAll(keepingCapacity: true)
            make(second, &text)
            self.second = second
            self.owner = owner
        }
    }

    /// Appends the text that `make` has for a second, asking once per second and owner.
    @inline(__always)
    func appendTime(
        of second: Int64, for owner: Int, to buffer: inout [UInt8], make: (Int64, inout [UInt8]) -> Void
    ) {
        let slot = storage.pointee.times + (owner & 3)
        slot.pointee.update(second, owner, make)
        buffer.append(contentsOf: slot.pointee.text)
    }

    /// As above, with three digits of milliseconds written over those in the text, which `suffix` bytes follow.
    @inline(__always)
    func appendTime(
        of second: Int64, milliseconds: UInt16, before suffix: Int, for owner: Int, to buffer: inout [UInt8],
        make: (Int64, inout [UInt8]) -> Void
    ) {
        withTime(of: second, milliseconds: milliseconds, before: suffix, for: owner, make: make) {
            buffer.append(contentsOf: $0)
        }
    }

    /// As above, for those who put the text where it belongs themselves.
    @inline(__always)
    func withTime(
        of second: Int64, milliseconds: UInt16, before suffix: Int, for owner: Int,
        make: (Int64, inout [UInt8]) -> Void, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        let slot = storage.pointee.times + (owner & 3)
        slot.pointee.update(second, owner, make)
        slot.pointee.text.withUnsafeMutableBufferPointer { text in
            let last = text.count - suffix - 1
            text[last] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: milliseconds % 10)
            text[last - 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: milliseconds / 10 % 10)
            text[last - 2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: milliseconds / 100)
            body(UnsafeBufferPointer(text))
        }
    }

    // MARK: Finding it

    static var current: ThreadState {
        if let found = pthread_getspecific(key) { return ThreadState(found) }
        let state = ThreadState()
        pthread_setspecific(key, state.storage)
        return state
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key) { state in
            if let state { ThreadState(state).end() }
        }
        precondition(status == 0, "NightjarLogging: no thread-specific key left (PTHREAD_KEYS_MAX)")
        return key
    }()

    private static let counter = Atomic<Int>(0)

    /// `MainThread`, the name that the thread was given, or `Thread-n`. The Glibc module declares neither
    /// `gettid` nor `pthread_getname_np`, so the process file system is asked.
    private static func initialName() -> String {
        if isMainThread() { return "MainThread" }
        // A thread that nobody named has the name of the program.
        if let given = firstLine("/proc/thread-self/comm"), given != programName { return given }
        return "Thread-\(counter.add(1, ordering: .relaxed).newValue)"
    }

    private static let programName = firstLine("/proc/self/comm")

    /// True if the thread has the number of the process: the link reads `<process>/task/<thread>`.
    private static func isMainThread() -> Bool {
        var bytes = [CChar](repeating: 0, count: 64)
        let count = readlink("/proc/thread-self", &bytes, bytes.count)
        guard count > 0 else { return false }
        let target = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.hasSuffix("/\(getpid())")
    }

    private static func firstLine(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(file, &bytes, bytes.count)
        let line = bytes[..<max(count, 0)].prefix { $0 != UInt8(ascii: "\n") }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}

/// How the current thread appears in records. Whoever makes threads with names of their own sets it once per thread.
public enum LoggingThread {
    public static var name: String {
        get { ThreadState.current.name }
        set { ThreadState.current.name = newValue }
    }

    /// The name of the current thread, for others to change.
    public static var sharedName: ThreadName { ThreadState.current.sharedName }

    /// The name of the task whose work the thread does now, if any (`taskName` of records).
    public static var taskName: String? {
        get { ThreadState.current.taskName }
        set { ThreadState.current.taskName = newValue }
    }

    /// Formatters and `emit` of handlers get records to read. One that changes a record all the same tells it here, so that the handlers
    /// after it see that, as Python's do.
    public static func noteChange(of record: LogRecord, to changed: LogRecord) {
        ThreadState.current.noteChange(of: record, to: changed)
    }

    /// Puts into `record` what was noted of it, for those who have had it formatted themselves.
    /// - Returns: whether there was anything.
    @discardableResult
    public static func takeChange(of record: inout LogRecord) -> Bool {
        let thread = ThreadState.current, isChanged = thread.hasChange
        if isChanged { thread.takeChange(of: &record) }
        return isChanged
    }

    public static var identifier: UInt64 {
        get { ThreadState.current.identifier }
        set { ThreadState.current.identifier = newValue }
    }
}

/// What a call can say beyond what handlers look at: asked only when its record fails.
struct CallDetails {
    /// The record's time, which tells it apart from others that the thread handles meanwhile.
    let created: Int64
    let add: (inout RecordContent) -> Void
}
