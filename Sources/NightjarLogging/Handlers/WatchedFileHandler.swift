/// Writes records to a file that others rotate, such as logrotate (Python's `WatchedFileHandler`): a file that has lost its name is closed,
/// and the one that has it now is opened. Thread-safe.
public final class WatchedFileHandler: ManagedFileHandler {
    public let core = HandlerCore()
    public let file: RotatingFile

    /// - Parameters: those of `FileHandler`.
    /// - Throws: `LoggingError`, as `FileHandler`.
    public convenience init(
        _ filename: String, mode: String = "a", encoding: String? = nil, delay: Bool = false, errors: String? = nil
    ) throws {
        try self.init(
            filename, mode: FileOptions.mode(mode), delay: delay, encoding: FileEncoding(encoding, errors: errors))
        if !delay { try file.open() }
    }

    /// A handler whose file is not open yet.
    init(
        _ filename: String, mode: FileSink.Mode, delay: Bool = false, encoding: FileEncoding = FileEncoding()
    ) {
        let path = SystemCall.absolutePath(filename)
        file = RotatingFile(
            path: path, mode: mode, files: RotatedFiles(path, compresses: false), strategy: NoRotation(),
            isShared: true,
            delay: delay, encoding: encoding)
    }

    init(file: RotatingFile) { self.file = file }

    /// Looks now whether the file still has its name (Python's `reopenIfNeeded`).
    public func reopenIfNeeded() throws { try file.reopenIfNeeded() }
}
