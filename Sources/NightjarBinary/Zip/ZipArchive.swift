internal import Glibc
internal import Synchronization

/// A ZIP archive opened for reading, writing or appending (Python's `ZipFile`).
///
/// Any number of threads may use one archive; members are compressed and decompressed outside its lock. A new archive
/// takes its name when `close` has written all of it; a failed append is rolled back. An archive that is
/// released without `close` gives up what it was writing.
///
/// Source: https://docs.python.org/3.14/library/zipfile.html#zipfile-objects
public final class ZipArchive: Sendable {
    /// What an archive is opened for.
    public enum Mode: String, Sendable {
        /// `r`: reads an archive that exists.
        case read = "r"
        /// `w`: makes a new archive in place of what is there.
        case write = "w"
        /// `x`: makes a new archive where nothing may be.
        case exclusive = "x"
        /// `a`: adds to an archive, to any file as an archive behind it, or makes a new one.
        case append = "a"
    }

    /// The settings of an archive. Later versions may add some.
    public struct Options: Sendable {
        /// The method for members that do not name one.
        public var compression: ZipCompressionMethod = .stored
        /// The level for members that do not name one: 0 to 9, or nil for the method's default.
        public var compressionLevel: Int?
        /// Whether the zip64 extensions may be used where sizes or counts need them.
        public var allowZip64 = true
        /// Whether file times before 1980 or after 2107 are errors; otherwise they are moved to the nearest moment.
        public var strictTimestamps = true
        /// What `read` may produce unless it is told otherwise.
        public var limits = ZipLimits.default
        /// Is told what Python gives a `UserWarning` for, such as `Duplicate name: 'x'`.
        public var onWarning: (@Sendable (String) -> Void)?
        var thresholds = Zip64Thresholds()

        /// Python's defaults.
        public init() {}
    }

    /// The path it was opened by; nil for bytes in memory.
    public let path: String?
    /// What it was opened for.
    public let mode: Mode
    /// Its settings.
    public let options: Options

    let state: Mutex<State>

    struct State: Sendable {
        /// Nil when closed.
        var source: (any ByteSource)?
        /// Nil when reading, and when closed.
        var output: ArchiveOutput?
        var catalog = Catalog()
        var comment: [UInt8] = []
        var isModified = false
        /// Whether a member is open for writing.
        var isWriting = false
        /// Where the next member goes.
        var nextOffset = 0
    }

    /// Opens a file. Throws `.system` errors of the file, `.badZipFile` if it is no archive.
    public init(path: String, mode: Mode = .read, options: Options = Options()) throws(ZipError) {
        try Self.check(options)
        self.path = path
        self.mode = mode
        self.options = options
        state = Mutex(try Self.opened(path, mode))
    }

    /// Opens an archive in memory for reading.
    public init(bytes: [UInt8], options: Options = Options()) throws(ZipError) {
        try Self.check(options)
        path = nil
        mode = .read
        self.options = options
        state = Mutex(try Self.loaded(MemorySource(bytes)))
    }

    deinit {
        state.withLock { state in state.output?.rollBack() }
    }

    /// Whether a file has the record that ends an archive; false also if it cannot be read.
    public static func isZipFile(_ path: String) -> Bool {
        guard let file = try? OpenFile(path: path, flags: O_RDONLY) else { return false }
        return (try? EndRecord.find(in: file)).flatMap(\.self) != nil
    }

    private static func check(_ options: Options) throws(ZipError) {
        try options.compression.check()
        try checkLevel(options.compressionLevel)
    }

    static func checkLevel(_ level: Int?) throws(ZipError) {
        if let level, !(0...9).contains(level) { throw .value("Bad compression level: \(level) (0 to 9)") }
    }

    var policy: WritePolicy { WritePolicy(allowZip64: options.allowZip64, thresholds: options.thresholds) }
}

extension ZipArchive {
    private static func opened(_ path: String, _ mode: Mode) throws(ZipError) -> State {
        switch mode {
        case .read: try loaded(OpenFile(path: path, flags: O_RDONLY))
        case .write, .exclusive: created(try ArchiveOutput.create(path, isExclusive: mode == .exclusive))
        case .append: try openedForAppending(path)
        }
    }

    private static func created(_ output: ArchiveOutput) -> State {
        State(source: output.file, output: output, isModified: true)
    }

    private static func loaded(_ source: any ByteSource) throws(ZipError) -> State {
        guard let end = try EndRecord.find(in: source) else { throw .bad("File is not a zip file") }
        return State(source: source, catalog: try Catalog(end, in: source), comment: end.comment)
    }

    /// Python's rule: what is no archive gets one appended.
    private static func openedForAppending(_ path: String) throws(ZipError) -> State {
        let file: OpenFile
        do throws(ZipError) {
            file = try OpenFile(path: path, flags: O_RDWR)
        } catch {
            guard error.errorNumber == ENOENT else { throw error }
            return created(try ArchiveOutput.create(path, isExclusive: false))
        }
        let output = try ArchiveOutput.append(to: file)
        var state: State
        do throws(ZipError) {
            state = try loaded(file)
        } catch {
            guard error.kind == .badZipFile else { throw error }
            state = State(source: file, isModified: true)
        }
        state.output = output
        state.nextOffset = output.start
        return state
    }
}

extension ZipArchive {
    /// The names of all members, in the archive's order.
    public func namelist() -> [String] { infolist().map(\.filename) }

    /// The entries of all members, in the archive's order.
    public func infolist() -> [ZipInfo] { state.withLock { $0.catalog.entries } }

    /// The entry of a name, the last one if there are several; a `.key` error if there is none.
    public func getinfo(_ name: String) throws(ZipError) -> ZipInfo {
        guard let info = state.withLock({ $0.catalog[name] }) else {
            throw ZipError(.key, "There is no item named \(pythonRepr(name)) in the archive")
        }
        return info
    }

    /// The archive's comment. More than 65,535 bytes are cut off, with a warning; it is written at `close`.
    public var comment: [UInt8] {
        get { state.withLock { $0.comment } }
        set {
            if newValue.count > 0xFFFF {
                options.onWarning?("Archive comment is too long; truncating to 65535 bytes")
            }
            state.withLock { state in
                state.comment = [UInt8](newValue.prefix(0xFFFF))
                state.isModified = true
            }
        }
    }

    /// Whether `close` or `abandon` was called.
    public var isClosed: Bool { state.withLock { $0.source == nil } }

    /// Writes the directory and makes the archive final; a second call is harmless.
    ///
    /// If this throws, a new archive is gone and an appended one is as it was before. A `.value` error, because a
    /// member is still open for writing, changes nothing.
    public func close() throws(ZipError) {
        try state.withLock { state throws(ZipError) in
            guard state.source != nil else { return }
            if state.isWriting {
                throw .value(
                    "Can't close the ZIP file while there is an open writing handle on it. "
                        + "Close the writing handle before closing the zip.")
            }
            let output = state.output
            state.source = nil
            state.output = nil
            guard let output else { return }
            do throws(ZipError) {
                if state.isModified { try writeEnd(state, to: output) }
            } catch {
                output.rollBack()
                throw error
            }
        }
    }

    /// Closes without making anything final: a new archive is gone, an appended one is as it was before.
    public func abandon() {
        state.withLock { state in
            state.output?.rollBack()
            state.output = nil
            state.source = nil
        }
    }

    private func writeEnd(_ state: State, to output: ArchiveOutput) throws(ZipError) {
        let end = try state.catalog.encode(at: state.nextOffset, comment: state.comment, policy)
        try output.file.write(end, at: state.nextOffset)
        try output.commit()
    }
}
