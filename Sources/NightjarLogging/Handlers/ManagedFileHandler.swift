internal import Glibc

/// A handler whose file may be rotated, by itself or by somebody else. Thread-safe.
public protocol ManagedFileHandler: TextHandler, FileBacked {
    var file: RotatingFile { get }
}

/// What all handlers with a file have.
public protocol FileBacked: Handler, AttributeSettable {
    /// The absolute path.
    var baseFilename: String { get }
    /// What follows each record, `\n` at first.
    var terminator: String { get set }
    var mode: FileSink.Mode { get }
}

extension FileHandler: FileBacked {
    public var mode: FileSink.Mode { file.mode }
}

extension ManagedFileHandler {
    public var baseFilename: String { file.path }
    public var mode: FileSink.Mode { file.mode }

    public var terminator: String {
        get { file.lineEnd }
        set { file.lineEnd = newValue }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        endText(&text)
        try file.write(text)
    }

    public func endText(_ text: inout [UInt8]) { file.appendLineEnd(to: &text) }
    public func emit(texts: borrowing TextBatch) throws { try file.write(texts) }
    public var emitNeeds: RecordNeeds { [] }
    public func flush() throws { try core.drain() }

    public func close() throws {
        guard core.endDelivery() == 0 else { return }
        if core.ownsTarget { try file.close() }
    }

    public func setAttribute(_ name: String, to value: ConfigurationValue) throws -> Bool {
        guard name == TerminatorAttribute.name else { return false }
        file.lineEnd = try TerminatorAttribute.read(value)
        return true
    }
}

extension LineHandler where Self: ManagedFileHandler {
    var keepsText: Bool { true }

    func emit(line: inout [UInt8], _ level: Level) throws {
        endText(&line)
        try file.write(line)
    }
}

extension RotatingFileHandler: LineHandler {}
extension TimedRotatingFileHandler: LineHandler {}
extension WatchedFileHandler: LineHandler {}

/// A handler that rotates its file itself (Python's `BaseRotatingHandler`).
public protocol RotatingHandler: ManagedFileHandler {
    var backupCount: Int { get }
}

extension RotatingHandler {
    /// Gives a rotated file another name than the usual one. Called on the thread that logs.
    public var namer: RotationNamer? {
        get { file.files.namer }
        set { file.files.namer = newValue }
    }

    /// Moves a file to its rotated name, in place of a rename.
    public var rotator: RotationRotator? {
        get { file.files.rotator }
        set { file.files.rotator = newValue }
    }

    /// Whether a record would have the file rotated first.
    public func shouldRollover(_ record: LogRecord) throws -> Bool {
        var text: [UInt8] = []
        try format(record, into: &text)
        return file.isDue(adding: text.count + file.lineEnd.utf8.count)
    }

    /// Rotates now.
    public func doRollover() throws { try file.rotate() }

    /// Moves a file to its rotated name, by the rotator if there is one; does nothing where the file is missing (Python's `rotate`).
    public func rotate(from source: String, to destination: String) throws {
        if let rotator { return try rotator(source, destination) }
        guard access(source, F_OK) == 0 else { return }
        guard rename(source, destination) == 0 else {
            throw SystemCall.failure("\(PythonText.quoted(source)) -> \(PythonText.quoted(destination))")
        }
    }

    /// The name that the namer gives for the usual one.
    public func rotationFilename(_ usual: String) throws -> String { try file.files.name(usual) }
}
