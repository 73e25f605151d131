internal import Glibc
internal import NightjarConcurrency
internal import Synchronization

/// What logging keeps for each thread: its identity, byte buffers to format into, and what is running on it.
///
/// Not Sendable, and never handed to another thread.
final class ThreadState {
    /// Python's `threading.get_ident`.
    var identifier: UInt64
    var name: String
    /// The scheduled task that runs on the thread.
    var taskName: String?
    // Behind a pointer, because every access to a stored property of a class asks the runtime whether it is exclusive.
    private let storage: UnsafeMutablePointer<Storage>
    /// The handlers and filtered loggers that this thread is inside of, outermost first.
    private let active: UnsafeMutablePointer<ObjectIdentifier>
    private let times: UnsafeMutablePointer<TimeSlot>
    private static let timeCount = 4

    private struct Storage {
        var activeCount = 0
        var spare: [UInt8] = []
    }

    /// Handlers inside of handlers beyond this many are refused like those inside of themselves.
    private static let deepest = 64

    /// Buffers that one huge record has grown beyond this are given back to the system.
    private static let largestKeptBuffer = 64 * 1024

    private init() {
        identifier = UInt64(ThreadIdentity.current.rawValue)
        name = Self.initialName()
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        active = .allocate(capacity: Self.deepest)
        times = .allocate(capacity: Self.timeCount)
        times.initialize(repeating: TimeSlot(), count: Self.timeCount)
    }

    deinit {
        storage.deinitialize(count: 1)
        storage.deallocate()
        active.deallocate()
        times.deinitialize(count: Self.timeCount)
        times.deallocate()
    }

    // MARK: Running code

    /// Notes that this thread goes into `entry`; `leave` ends that.
    /// - Returns: false if it is inside of it already, which is how a handler that logs is stopped.
    func enter(_ entry: ObjectIdentifier) -> Bool {
        let count = storage.pointee.activeCount
        guard count < Self.deepest else { return false }
        for place in 0..<count where active[place] == entry { return false }
        active[count] = entry
        storage.pointee.activeCount = count + 1
        return true
    }

    func leave() { storage.pointee.activeCount -= 1 }

    /// Whether the thread is inside of any handler or filter.
    var isActive: Bool { storage.pointee.activeCount > 0 }

    // MARK: Waiting for queues

    /// The delivery whose records the thread hands on.
    var delivery: ObjectIdentifier?
    /// How many locks of handlers the thread holds over several calls.
    var heldLocks = 0

    func isWorking(for delivery: Delivery) -> Bool { self.delivery == ObjectIdentifier(delivery) }

    /// Whether the thread, which is inside of a handler, has something that the handler's delivery may need to get on.
    var mayBeWaitedFor: Bool { storage.pointee.activeCount > 1 || heldLocks > 0 || delivery != nil }

    // MARK: Buffers

    func takeBuffer() -> [UInt8] {
        // Left empty meanwhile: a handler that logs, on to others, formats into a buffer of its own.
        let buffer = storage.pointee.spare
        storage.pointee.spare = []
        return buffer
    }

    func giveBack(_ buffer: consuming [UInt8]) {
        guard buffer.capacity <= Self.largestKeptBuffer else { return }
        buffer.removeAll(keepingCapacity: true)
        storage.pointee.spare = buffer
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
        let slot = times + (owner & 3)
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
        let slot = times + (owner & 3)
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
        if let found = pthread_getspecific(key) {
            return Unmanaged<ThreadState>.fromOpaque(found).takeUnretainedValue()
        }
        let state = ThreadState()
        pthread_setspecific(key, Unmanaged.passRetained(state).toOpaque())
        return state
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key) { state in
            guard let state else { return }
            Unmanaged<ThreadState>.fromOpaque(state).release()
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

    /// The name of the task whose work the thread does now, if any (`taskName` of records).
    public static var taskName: String? {
        get { ThreadState.current.taskName }
        set { ThreadState.current.taskName = newValue }
    }

    public static var identifier: UInt64 {
        get { ThreadState.current.identifier }
        set { ThreadState.current.identifier = newValue }
    }
}
