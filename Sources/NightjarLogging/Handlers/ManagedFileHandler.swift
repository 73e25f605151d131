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
    /// As it was given; `utf-8` by default.
    var encoding: String { get }
    /// What becomes of characters that the encoding does not have, as it was given.
    var errors: String? { get }
    /// Whether the file is opened at the first record only.
    var delay: Bool { get }
    /// Whether the file is open now.
    var isOpen: Bool { get }
    /// Closes the file until the next record, which appends to what the name is then.
    func closeStream() throws
    /// Turns a record's text, which is UTF-8, into the file's encoding.
    /// - Throws: `LoggingError` for characters that the encoding does not have, if `errors` says so.
    func encode(_ text: inout [UInt8]) throws
    /// Writes text as it is, without a line end.
    func write(_ text: [UInt8]) throws
}

extension FileHandler: FileBacked {
    public var mode: FileSink.Mode { file.mode }
    public var isOpen: Bool { file.isOpen }
    public func write(_ text: [UInt8]) throws { try file.write(text) }
    public func closeStream() throws { try file.close(forGood: false) }
}

extension ManagedFileHandler {
    public var baseFilename: String { file.path }
    public var mode: FileSink.Mode { file.mode }
    public var encoding: String { file.encoding.name }
    public var errors: String? { file.encoding.errors }
    public var delay: Bool { file.delay }
    public var isOpen: Bool { file.isOpen }
    public func encode(_ text: inout [UInt8]) throws { try file.encoding.encode(&text) }
    public func write(_ text: [UInt8]) throws { try file.write(text, rotates: false) }
    public func closeStream() { file.closeForNow() }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        let start = text.count
        try formatUsually(record, into: &text)
        try file.encoding.encode(&text, from: start)
    }

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
    // What an encoding refuses is reported with its place.
    public var emitNeeds: RecordNeeds { file.encoding.encoder == nil ? [] : .everything }
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
    var keepsText: Bool { file.encoding.encoder == nil }

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
        return shouldRollover(adding: text)
    }

    /// Whether a text without its line end would.
    public func shouldRollover(adding text: [UInt8]) -> Bool {
        file.isFull(adding: text.count + file.lineEnd.utf8.count)
    }

    /// Rotates now. With `delay` the next record opens the new file.
    /// - Parameter steps: what a subclass does in its own way.
    /// - Throws: what the steps throw; `LoggingError`, also where the file is just being rotated by this thread.
    public func doRollover(_ steps: RotationSteps = RotationSteps()) throws { try file.rotate(steps) }

    /// False for a while after a rotation that failed, which grows with each that follows.
    public var mayRollover: Bool { file.mayRotate }
    /// Notes a rotation that failed before it came to `doRollover`.
    public func noteFailedRollover() { file.noteFailedRotation() }

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
