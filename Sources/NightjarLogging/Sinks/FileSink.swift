internal import Glibc
internal import Synchronization

/// A file that records are written to: each at once with one `write(2)`, or gathered in a buffer.
///
/// The file is opened close-on-exec with permissions 0640 (less the umask). In append mode several processes may
/// write to it. Thread-safe.
public final class FileSink: Sink {
    public enum Mode: String, Sendable {
        case append = "a"
        case truncate = "w"
        /// As `truncate`, but fails if the file exists.
        case create = "x"
    }

    public enum Buffering: Sendable, Hashable {
        /// Each record reaches the system before `write` returns.
        case writeThrough
        /// Records are gathered up to so many bytes; `flush`, `close` and the end of the sink write the rest.
        case buffered(bytes: Int)
    }

    /// Absolute.
    public let path: String
    public let mode: Mode
    public let buffering: Buffering
    private let limit: Int
    private let state: Mutex<State>

    private struct State {
        var descriptor: Int32 = -1
        var buffer: [UInt8] = []
        var writer = LineWriter()
        var isClosed = false
        /// A file in mode `w` loses its content when first opened, not when opened again.
        var wasOpened = false
        /// Nothing of the old content is touched and no new file left behind until the sink is committed.
        var pending: Pending?
    }

    private struct Pending {
        var created: Bool
    }

    /// - Parameter delay: opens the file at the first record.
    /// - Throws: `LoggingError` of kind `.operatingSystem` naming the path.
    public convenience init(
        path: String, mode: Mode = .append, delay: Bool = false, buffering: Buffering = .writeThrough
    ) throws(LoggingError) {
        self.init(unopened: path, mode: mode, buffering: buffering)
        if !delay { try state.withLock { state throws(LoggingError) in try open(&state) } }
    }

    private init(unopened path: String, mode: Mode, buffering: Buffering) {
        self.path = SystemCall.absolutePath(path)
        self.mode = mode
        self.buffering = buffering
        limit = if case .buffered(let bytes) = buffering { max(bytes, 1) } else { 0 }
        state = Mutex(State())
    }

    deinit {
        state.withLock { state in
            // Nobody is left to be told about a failure.
            try? drain(&state)
            if state.descriptor >= 0 { Glibc.close(state.descriptor) }
        }
    }

    // MARK: Writing

    public func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            if state.descriptor < 0 {
                // As in Python: a closed file opens again for a late record, unless that would erase it.
                if state.isClosed, mode != .append { return }
                try open(&state)
            }
            // What is in the buffer stays there if it cannot be written; the new record is the one that is lost.
            if state.buffer.count + bytes.count > limit { try drain(&state) }
            if bytes.count >= limit {
                try bytes.withUnsafeBytes { bytes in
                    try state.writer.write(bytes, to: state.descriptor, PythonText.quoted(path))
                }
            } else {
                state.buffer.append(contentsOf: bytes)
            }
        }
    }

    public func flush() throws {
        try state.withLock { try drain(&$0) }
    }

    public func close() throws { try close(forGood: true) }

    /// - Parameter forGood: whether only a file that is appended to is opened again by a late record.
    func close(forGood: Bool) throws {
        try state.withLock { state in
            if forGood { state.isClosed = true }
            guard state.descriptor >= 0 else { return }
            defer {
                Glibc.close(state.descriptor)
                state.descriptor = -1
                state.buffer.removeAll()
            }
            try drain(&state)
        }
    }

    /// True while the file is open.
    public var isOpen: Bool { state.withLock { $0.descriptor >= 0 } }

    private func drain(_ state: inout State) throws {
        guard !state.buffer.isEmpty, state.descriptor >= 0 else { return }
        do {
            try SystemCall.writeAll(state.descriptor, state.buffer, PythonText.quoted(path))
            state.buffer.removeAll(keepingCapacity: true)
        } catch let error as LoggingError {
            // The rest goes on, with the next try, where this one ended.
            state.buffer.removeFirst(error.bytesWritten)
            throw error
        }
    }

    private func open(_ state: inout State) throws(LoggingError) {
        let base = O_WRONLY | O_CREAT
        let flags =
            switch mode {
            case .append: base | O_APPEND
            case .truncate: state.wasOpened ? base | O_APPEND : base | O_TRUNC
            case .create: state.wasOpened ? base | O_APPEND : base | O_EXCL
            }
        state.descriptor = try SystemCall.openFile(path, flags)
        state.wasOpened = true
        if limit > 0 { state.buffer.reserveCapacity(limit) }
    }
}

// MARK: - Opening in two steps

extension FileSink {
    /// Opens the file without changing it: `commit` truncates it where the mode asks for that, `rollBack` removes
    /// it if it was not there before. For configurations that apply as a whole or not at all.
    static func prepared(path: String, mode: Mode, buffering: Buffering) throws(LoggingError) -> FileSink {
        let sink = FileSink(unopened: path, mode: mode, buffering: buffering)
        try sink.state.withLock { state throws(LoggingError) in
            let flags = O_WRONLY | (mode == .append ? O_APPEND : 0)
            do throws(LoggingError) {
                state.descriptor = try SystemCall.openFile(sink.path, flags | O_CREAT | O_EXCL)
                state.pending = Pending(created: true)
            } catch {
                guard error.errorNumber == EEXIST, mode != .create else { throw error }
                state.descriptor = try SystemCall.openFile(sink.path, flags | O_CREAT)
                state.pending = Pending(created: false)
            }
            state.wasOpened = true
            if sink.limit > 0 { state.buffer.reserveCapacity(sink.limit) }
        }
        return sink
    }

    func commit() {
        state.withLock { state in
            guard state.pending != nil else { return }
            state.pending = nil
            // Cannot fail for a file that is open for writing; devices and pipes have nothing to truncate.
            if mode == .truncate { _ = ftruncate(state.descriptor, 0) }
        }
    }

    func rollBack() {
        state.withLock { state in
            guard let pending = state.pending else { return }
            state.pending = nil
            state.isClosed = true
            Glibc.close(state.descriptor)
            state.descriptor = -1
            if pending.created { unlink(path) }
        }
    }
}
