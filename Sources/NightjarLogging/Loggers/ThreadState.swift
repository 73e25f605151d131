internal import Glibc
internal import Synchronization

/// What logging keeps for each thread: its identity, byte buffers to format into, and what is running on it.
///
/// Not Sendable, and never handed to another thread.
final class ThreadState {
    /// Python's `threading.get_ident`: the address of the thread's control block.
    var identifier: UInt64
    var name: String
    // Behind a pointer, because every access to a stored property of a class asks the runtime whether it is exclusive.
    private let storage: UnsafeMutablePointer<Storage>
    /// The handlers and filtered loggers that this thread is inside of, outermost first.
    private let active: UnsafeMutablePointer<ObjectIdentifier>

    private struct Storage {
        var activeCount = 0
        var spare: [UInt8] = []
        var times = (TimeSlot(), TimeSlot(), TimeSlot(), TimeSlot())
    }

    /// Handlers inside of handlers beyond this many are refused like those inside of themselves.
    private static let deepest = 64

    /// Buffers that one huge record has grown beyond this are given back to the system.
    private static let largestKeptBuffer = 64 * 1024

    private init() {
        identifier = UInt64(pthread_self())
        name = Self.initialName()
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        active = .allocate(capacity: Self.deepest)
    }

    deinit {
        storage.deinitialize(count: 1)
        storage.deallocate()
        active.deallocate()
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
    }

    /// Appends the text that `make` has for a second, asking once per second and owner.
    @inline(__always)
    func appendTime(
        of second: Int64, for owner: Int, to buffer: inout [UInt8], make: (Int64, inout [UInt8]) -> Void
    ) {
        switch owner & 3 {
        case 0: Self.append(from: &storage.pointee.times.0, second, owner, &buffer, make)
        case 1: Self.append(from: &storage.pointee.times.1, second, owner, &buffer, make)
        case 2: Self.append(from: &storage.pointee.times.2, second, owner, &buffer, make)
        default: Self.append(from: &storage.pointee.times.3, second, owner, &buffer, make)
        }
    }

    @inline(__always)
    private static func append(
        from slot: inout TimeSlot, _ second: Int64, _ owner: Int, _ buffer: inout [UInt8],
        _ make: (Int64, inout [UInt8]) -> Void
    ) {
        if slot.second != second || slot.owner != owner {
            slot.text.removeAll(keepingCapacity: true)
            make(second, &slot.text)
            slot.second = second
            slot.owner = owner
        }
        buffer.append(contentsOf: slot.text)
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

    public static var identifier: UInt64 {
        get { ThreadState.current.identifier }
        set { ThreadState.current.identifier = newValue }
    }
}
