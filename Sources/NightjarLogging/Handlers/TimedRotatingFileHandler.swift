/// Writes records to a file that is rotated by the clock (Python's `TimedRotatingFileHandler`): to a name that ends in the start of the
/// interval, such as `name.2024-01-02`. Thread-safe, and safe with several processes on one file.
///
/// The first interval begins when an existing file was last written. If rotating fails, records go on into the same file, and it is
/// tried again.
public final class TimedRotatingFileHandler: RotatingHandler {
    public let core = HandlerCore()
    public let file: RotatingFile
    private let rotation: TimeRotation
    /// When the first interval began, in seconds since 1970: as the file was last written, or now.
    public let firstIntervalStart: Int

    /// - Parameters:
    ///   - schedule: when it rotates.
    ///   - backupCount: how many rotated files are kept; 0 keeps all.
    ///   - delay: opens the file at the first record.
    ///   - compress: whether rotated files are compressed, to `name.2024-01-02.gz`.
    ///   - multiProcess: whether other processes may write to the file. Without it each record costs less.
    /// - Throws: `LoggingError`, as `FileHandler`.
    public convenience init(
        _ filename: String, _ schedule: RotationSchedule, backupCount: Int = 0, encoding: String? = nil,
        delay: Bool = false, errors: String? = nil, compress: Bool = false, multiProcess: Bool = true
    ) throws {
        try self.init(
            filename, schedule, backupCount: backupCount, compress: compress, multiProcess: multiProcess, delay: delay,
            encoding: FileEncoding(encoding, errors: errors))
        if !delay { try file.open() }
    }

    /// A handler whose file is not open yet.
    init(
        _ filename: String, _ schedule: RotationSchedule, backupCount: Int, compress: Bool, multiProcess: Bool,
        delay: Bool = false, encoding: FileEncoding = FileEncoding(),
        clock: @escaping @Sendable () -> Int = { Int(Clock.split(Clock.now()).seconds) }
    ) {
        let path = SystemCall.absolutePath(filename)
        let start = FileIdentity(path: path).modified ?? clock()
        firstIntervalStart = start
        rotation = TimeRotation(schedule, backupCount: backupCount, from: start)
        file = RotatingFile(
            path: path, mode: .append, files: RotatedFiles(path, compresses: compress), strategy: rotation,
            isShared: multiProcess, delay: delay, encoding: encoding, clock: clock)
    }

    /// A handler that goes on with the file of another.
    init(sharing other: TimedRotatingFileHandler) {
        file = other.file
        rotation = other.rotation
        firstIntervalStart = other.firstIntervalStart
    }

    public var schedule: RotationSchedule { rotation.schedule }

    /// Seconds between rotations, as far as they are equally long.
    public var interval: Int {
        get { rotation.schedule.interval }
        set { rotation.schedule.interval = newValue }
    }

    public var backupCount: Int {
        get { rotation.backupCount }
        set { rotation.backupCount = newValue }
    }

    /// When the file is rotated next, in seconds since 1970.
    public var rolloverAt: Int {
        get { rotation.rolloverAt }
        set { rotation.rolloverAt = newValue }
    }

    /// What is added to the name of a rotated file, as a format of `strftime`.
    public var suffix: String {
        get { rotation.suffix }
        set { rotation.suffix = newValue }
    }

    /// The rotated files that are too many, oldest first.
    /// - Throws: what the namer throws.
    public func filesToDelete() throws -> [String] { try rotation.filesToDelete(file.files) }

    /// A pattern of Lua's for what a rotated file's name ends in; nil for a suffix of other parts than numbers.
    public var suffixPattern: String? { RotationSuffix(suffix).luaPattern }
}
