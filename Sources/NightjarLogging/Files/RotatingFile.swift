internal import Glibc
internal import Synchronization

/// A log file that is rotated by one of several rules, or by somebody else. Each record is written through.
///
/// Safe with several threads, several handlers and several processes on one file: writers hold a shared lock of the system on it, who
/// rotates an exclusive one, and everybody makes sure that the file still has its name before they write. Opened close-on-exec with
/// permissions 0640 (less the umask).
public final class RotatingFile: Sendable {
    /// Absolute.
    public let path: String
    public let mode: FileSink.Mode
    /// Whether the file is opened at the first record only, and closed by a rotation that somebody asks for.
    public let delay: Bool
    let encoding: FileEncoding
    let files: RotatedFiles
    let strategy: any RotationStrategy
    private let isShared: Bool
    private let clock: @Sendable () -> Int
    /// Held while a record is written or the file rotated. The methods of a subclass that are called in the course of a rotation may
    /// call the file again.
    private let turn = HandlerLock()
    // Touched only while `turn` is held. No mutex around it, because a rotation calls out.
    private nonisolated(unsafe) var state = State()
    private let end = Mutex([UInt8(ascii: "\n")])
    private let hasUsualEnd = Atomic<Bool>(true)

    private struct State {
        var descriptor: Int32 = -1
        var identity = FileIdentity()
        var size = 0
        var isClosed = false
        var wasOpened = false
        var writer = LineWriter()
        var failures = RotationFailures()
        var isRotating = false
        var pending: Pending?
    }

    private struct Pending {
        var created: Bool
    }

    /// - Parameters:
    ///   - isShared: whether other processes may write to the file or rotate it.
    ///   - clock: seconds since 1970.
    init(
        path: String, mode: FileSink.Mode, files: RotatedFiles, strategy: any RotationStrategy, isShared: Bool,
        delay: Bool = false, encoding: FileEncoding = FileEncoding(),
        clock: @escaping @Sendable () -> Int = { Int(Clock.split(Clock.now()).seconds) }
    ) {
        self.path = path
        self.mode = mode
        self.files = files
        self.strategy = strategy
        self.isShared = isShared
        self.delay = delay
        self.encoding = encoding
        self.clock = clock
    }

    deinit { if state.descriptor >= 0 { Glibc.close(state.descriptor) } }

    /// What follows each record, `\n` at first.
    var lineEnd: String {
        get { end.withLock { String(decoding: $0, as: UTF8.self) } }
        set {
            end.withLock { $0 = Array(newValue.utf8) }
            hasUsualEnd.store(newValue == "\n", ordering: .releasing)
        }
    }

    func appendLineEnd(to text: inout [UInt8]) {
        if hasUsualEnd.load(ordering: .acquiring) {
            text.append(UInt8(ascii: "\n"))
        } else {
            text.append(contentsOf: end.withLock { $0 })
        }
    }

    /// Whether another file's options, beside its rule, are those of this one.
    func hasSameRotation(as other: RotatingFile) -> Bool {
        isShared == other.isShared && files.compresses == other.files.compresses && encoding == other.encoding
    }

    public var isOpen: Bool { turn.withLock { state.descriptor >= 0 } }

    /// - Throws: `LoggingError` of kind `.operatingSystem` naming the path.
    func open() throws { try turn.withLock { if state.descriptor < 0 { try openFile() } } }

    public func close() throws {
        turn.withLock {
            state.isClosed = true
            closeFile()
        }
        files.waitForCompression()
    }

    /// The next record opens it again.
    func closeForNow() { turn.withLock { closeFile() } }

    // MARK: Writing

    /// Writes one record's text, which ends in its line end, rotating the file before if that is due.
    /// - Parameter rotates: whether the file is rotated if that is due; not where somebody else has seen to it.
    /// - Throws: `LoggingError`; ``RotationDelayed`` if the record was written but the file could not be rotated.
    func write(_ text: [UInt8], rotates: Bool = true) throws {
        try whileOpen {
            let failure = rotates ? rotateIfDue(adding: text.count, at: clock()) : nil
            try text.withUnsafeBytes { try write($0) }
            if let failure { throw delayed(failure) }
        }
    }

    /// Writes the texts of several records, as many at once as fit before the file is to be rotated.
    /// - Throws: as for one record; `bytesWritten` counts those of all.
    func write(_ texts: borrowing TextBatch) throws {
        let bytes = texts.remaining, sizes = texts.sizes
        try whileOpen {
            let now = clock()
            var (written, next) = (0, 0)
            var failure: (any Error)?
            while next < sizes.count {
                failure = rotateIfDue(adding: sizes[next], at: now) ?? failure
                var run = sizes[next]
                next += 1
                while next < sizes.count, !isDue(state.size + run, adding: sizes[next], at: now) {
                    run += sizes[next]
                    next += 1
                }
                do {
                    try bytes.withUnsafeBytes { try write(.init(rebasing: $0[written..<written + run])) }
                } catch let error as LoggingError {
                    throw error.after(bytes: written)
                }
                written += run
            }
            if let failure { throw delayed(failure) }
        }
    }

    /// Runs `body` with the file open and, where others may rotate it, locked against that. Does nothing for a closed file that must not
    /// be opened again.
    private func whileOpen(_ body: () throws -> Void) throws {
        try turn.withLock {
            // What is logged in the course of a rotation goes to the file as it is.
            if state.isRotating, state.descriptor >= 0 { return try body() }
            if state.descriptor < 0 {
                // As in Python: a closed file opens again for a late record, unless that would erase it.
                if state.isClosed, mode != .append { return }
                try openFile()
            }
            try lock()
            defer { unlock() }
            try body()
        }
    }

    private func isDue(_ size: Int, adding count: Int, at time: Int) -> Bool {
        strategy.isDue(size: size, adding: count, at: time) && state.failures.mayTry(at: time)
            && state.identity.isRegular && !state.isRotating
    }

    /// - Returns: why the file could not be rotated, if it was to be.
    private func rotateIfDue(adding count: Int, at time: Int) -> (any Error)? {
        while isDue(state.size, adding: count, at: time) {
            do { if try rotate(RotationSteps(), at: time) { break } } catch {
                state.failures.note(at: time)
                return error
            }
        }
        return nil
    }

    private func delayed(_ failure: any Error) -> RotationDelayed {
        RotationDelayed(path: path, cause: failure, seconds: state.failures.delay)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        let wasTorn = state.writer.isTorn
        do {
            try state.writer.write(bytes, to: state.descriptor, PythonText.quoted(path))
            state.size += bytes.count + (wasTorn ? 1 : 0)
        } catch {
            state.size = FileIdentity(descriptor: state.descriptor).size
            throw error
        }
    }

    /// Opens the file of the name if the open one is another by now.
    func reopenIfNeeded() throws {
        try turn.withLock {
            if state.descriptor >= 0, FileIdentity(path: path) != state.identity { try reopen() }
        }
    }

    // MARK: Rotating

    /// Rotates now, whether it is due or not.
    func rotate(_ steps: RotationSteps = RotationSteps()) throws {
        try turn.withLock {
            guard !state.isRotating else {
                throw LoggingError(.runtime, "\(PythonText.quoted(path)) is being rotated already")
            }
            if state.descriptor < 0 { try openFile() }
            try lock()
            defer { unlock() }
            while try !rotate(steps, at: clock(), reopens: !delay) {}
        }
    }

    /// Whether a record of so many bytes would be too much for the file as it is.
    func isFull(adding count: Int) -> Bool {
        let time = clock()
        let identity = FileIdentity(path: path)
        guard identity.exists else { return strategy.isFull(size: 0, adding: count, at: time) }
        return identity.isRegular && strategy.isFull(size: identity.size, adding: count, at: time)
    }

    /// Whether it is not too early after a rotation that failed.
    var mayRotate: Bool { turn.withLock { !state.isRotating && state.failures.mayTry(at: clock()) } }
    func noteFailedRotation() { turn.withLock { state.failures.note(at: clock()) } }

    /// - Parameter reopens: whether there is a new file at the end, open and locked.
    /// - Returns: false if another process was faster; then whoever asked has to look again whether rotating is still due.
    private func rotate(_ steps: RotationSteps, at time: Int, reopens: Bool = true) throws -> Bool {
        if isShared {
            // Waits for all who are writing. Those who come later find that the file has lost its name.
            FileLock.take(state.descriptor, LOCK_EX)
            if FileIdentity(path: path) != state.identity {
                try reopen()
                try lock()
                return false
            }
        }
        state.isRotating = true
        defer { state.isRotating = false }
        do {
            try strategy.rotate(files, steps, at: time)
        } catch {
            if isShared, state.descriptor >= 0 { FileLock.take(state.descriptor, LOCK_SH) }
            throw error
        }
        state.failures = RotationFailures()
        guard reopens else {
            closeFile()
            return true
        }
        try reopen()
        // The new file, too, may have been rotated by another process before it is locked here.
        try lock()
        return true
    }

    // MARK: Opening

    /// Opens the file without changing it: `commit` empties it where the mode asks for that, `rollBack` removes it if it was not
    /// there before. For configurations that apply as a whole or not at all.
    func prepare() throws {
        try turn.withLock {
            let isNew = access(path, F_OK) != 0
            guard isNew || mode != .create else {
                throw SystemCall.failure(PythonText.quoted(path), EEXIST)
            }
            state.wasOpened = true
            try openFile()
            state.pending = Pending(created: isNew)
        }
    }

    func commit() {
        turn.withLock {
            guard state.pending != nil else { return }
            state.pending = nil
            if mode == .truncate, ftruncate(state.descriptor, 0) == 0 { state.size = 0 }
        }
    }

    func rollBack() {
        turn.withLock {
            guard let pending = state.pending else { return }
            state.pending = nil
            state.isClosed = true
            closeFile()
            if pending.created { unlink(path) }
        }
    }

    private func openFile() throws {
        let base = O_WRONLY | O_CREAT | O_APPEND
        let flags =
            switch mode {
            case .append: base
            case .truncate: state.wasOpened ? base : base | O_TRUNC
            case .create: state.wasOpened ? base : base | O_EXCL
            }
        let descriptor = try SystemCall.openFile(path, flags)
        state.descriptor = descriptor
        state.wasOpened = true
        state.identity = FileIdentity(descriptor: descriptor)
        state.size = state.identity.size
    }

    private func closeFile() {
        if state.descriptor >= 0 { Glibc.close(state.descriptor) }
        state.descriptor = -1
    }

    private func reopen() throws {
        closeFile()
        try openFile()
    }

    /// Makes sure that the open file is the one of the name, and that nobody rotates it meanwhile.
    private func lock() throws {
        guard isShared else { return }
        while true {
            if rotates { FileLock.take(state.descriptor, LOCK_SH) }
            let named = FileIdentity(path: path)
            if named == state.identity {
                state.size = named.size
                return
            }
            try reopen()
        }
    }

    private func unlock() { if isShared, state.descriptor >= 0 { FileLock.take(state.descriptor, LOCK_UN) } }

    private var rotates: Bool { !(strategy is NoRotation) }
}

/// Which file it is, whatever its name, and how large.
struct FileIdentity: Equatable {
    private var device: dev_t = 0
    private var inode: ino_t = 0
    private(set) var size = 0
    private(set) var isRegular = false
    private(set) var exists = false
    /// When the content changed last, in seconds since 1970; nil for no file.
    private(set) var modified: Int?

    init() {}

    init(descriptor: Int32) {
        var status = stat()
        if fstat(descriptor, &status) == 0 { set(status) }
    }

    init(path: String) {
        var status = stat()
        if stat(path, &status) == 0 { set(status) }
    }

    private mutating func set(_ status: stat) {
        exists = true
        device = status.st_dev
        inode = status.st_ino
        size = Int(status.st_size)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        modified = Int(status.st_mtim.tv_sec)
    }

    static func == (left: FileIdentity, right: FileIdentity) -> Bool {
        left.device == right.device && left.inode == right.inode
    }
}

/// The record was written, to a file that should have been rotated first.
public struct RotationDelayed: Error, CustomStringConvertible {
    public let path: String
    public let cause: any Error
    /// Until the next try.
    public let seconds: Int

    public var description: String {
        "cannot rotate \(PythonText.quoted(path)): \(cause); going on in the same file, next try in \(seconds) s"
    }
}

/// How long to leave a file alone that could not be rotated: a second at first, up to a minute.
private struct RotationFailures {
    private(set) var delay = 0
    private var nextTry = Int.min

    func mayTry(at time: Int) -> Bool { time >= nextTry }

    mutating func note(at time: Int) {
        delay = min(max(delay * 2, 1), 60)
        nextTry = time + delay
    }
}
