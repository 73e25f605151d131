/// Writes records to a file that is rotated before it grows to a size (Python's `RotatingFileHandler`): to `name.1`, `name.2`, and
/// so on up to `backupCount`. Thread-safe, and safe with several processes on one file.
///
/// Unlike Python's it counts bytes, not characters. If rotating fails, records go on into the same file, and it is tried again.
public final class RotatingFileHandler: RotatingHandler {
    public let core = HandlerCore()
    public let file: RotatingFile
    private let rotation: SizeRotation

    /// - Parameters:
    ///   - mode: as for `FileHandler`; `a` where `maxBytes` is given, because a restart would lose what is there.
    ///   - maxBytes: no record makes the file larger than this, unless it is the only one in it; 0 never rotates.
    ///   - backupCount: how many rotated files there are at most; 0 never rotates.
    ///   - delay: opens the file at the first record.
    ///   - compress: whether rotated files are compressed, to `name.1.gz`.
    ///   - multiProcess: whether other processes may write to the file. Without it each record costs less.
    /// - Throws: `LoggingError`, as `FileHandler`.
    public convenience init(
        _ filename: String, mode: String = "a", maxBytes: Int = 0, backupCount: Int = 0, encoding: String? = nil,
        delay: Bool = false, errors: String? = nil, compress: Bool = false, multiProcess: Bool = true
    ) throws {
        let mode: FileSink.Mode = maxBytes > 0 ? .append : try FileOptions.mode(mode)
        try self.init(
            filename, mode: mode, maxBytes: maxBytes, backupCount: backupCount, compress: compress,
            multiProcess: multiProcess, delay: delay, encoding: FileEncoding(encoding, errors: errors))
        if !delay { try file.open() }
    }

    /// A handler whose file is not open yet.
    init(
        _ filename: String, mode: FileSink.Mode, maxBytes: Int, backupCount: Int, compress: Bool,
        multiProcess: Bool, delay: Bool = false, encoding: FileEncoding = FileEncoding()
    ) {
        let path = SystemCall.absolutePath(filename)
        rotation = SizeRotation(maxBytes: maxBytes, backupCount: backupCount)
        file = RotatingFile(
            path: path, mode: mode, files: RotatedFiles(path, compresses: compress), strategy: rotation,
            isShared: multiProcess, delay: delay, encoding: encoding)
    }

    /// A handler that goes on with the file of another.
    init(sharing other: RotatingFileHandler) {
        file = other.file
        rotation = other.rotation
    }

    public var maxBytes: Int {
        get { rotation.settings.maxBytes }
        set { rotation.settings.maxBytes = newValue }
    }

    public var backupCount: Int {
        get { rotation.settings.backupCount }
        set { rotation.settings.backupCount = newValue }
    }
}
