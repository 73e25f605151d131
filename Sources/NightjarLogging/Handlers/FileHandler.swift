internal import Synchronization

/// Writes records to a file (Python's `FileHandler`): each at once, or gathered in a buffer. Thread-safe.
public final class FileHandler: LineHandler {
    public let core: HandlerCore
    public let file: FileSink
    /// A record of this level or above writes the buffer out.
    public let flushLevel: Level
    /// As it was given.
    public let encoding: String
    public let errors: String?
    public let delay: Bool
    private let encoder: TextEncoder?
    private let end: Mutex<[UInt8]>
    private let hasUsualEnd = Atomic<Bool>(true)

    /// - Parameters:
    ///   - mode: `a` appends, `w` empties the file first, `x` refuses a file that exists.
    ///   - encoding: UTF-8, which is the default, ASCII or Latin-1, in any of Python's spellings.
    ///   - delay: opens the file at the first record.
    ///   - errors: what becomes of characters that the encoding does not have: one of Python's names, `strict` by default.
    /// - Throws: `LoggingError`: `.operatingSystem` naming the path, `.value` for a bad mode, `.lookup` for an
    ///   unknown encoding.
    public convenience init(
        _ filename: String, mode: String = "a", encoding: String? = nil, delay: Bool = false, errors: String? = nil,
        buffering: FileSink.Buffering = .writeThrough, flushLevel: Level = .error
    ) throws(LoggingError) {
        let mode = try FileOptions.mode(mode)
        let encoder = try TextEncoder.named(encoding, errors: errors)
        let file = try FileSink(path: filename, mode: mode, delay: delay, buffering: buffering)
        self.init(
            file: file, flushLevel: flushLevel, encoder: encoder, encoding: encoding, errors: errors, delay: delay)
    }

    public convenience init(file: FileSink, flushLevel: Level = .error) {
        self.init(file: file, flushLevel: flushLevel, encoder: nil, encoding: nil, errors: nil)
    }

    init(
        file: FileSink, flushLevel: Level, encoder: TextEncoder?, encoding: String?, errors: String?,
        delay: Bool = false
    ) {
        core = HandlerCore()
        self.encoder = encoder
        self.encoding = encoding ?? "utf-8"
        self.errors = errors
        self.delay = delay
        self.file = file
        self.flushLevel = flushLevel
        end = Mutex([UInt8(ascii: "\n")])
    }

    /// The absolute path.
    public var baseFilename: String { file.path }

    /// What follows each record, `\n` at first.
    public var terminator: String {
        get { end.withLock { String(decoding: $0, as: UTF8.self) } }
        set {
            end.withLock { $0 = Array(newValue.utf8) }
            hasUsualEnd.store(newValue == "\n", ordering: .releasing)
        }
    }

    public func encode(_ text: inout [UInt8]) throws { try encoder?.encode(&text, from: 0) }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        let start = text.count
        try formatUsually(record, into: &text)
        if let encoder { try encoder.encode(&text, from: start) }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        try emit(line: &text, record.level)
    }

    var keepsText: Bool { encoder == nil }

    func emit(line: inout [UInt8], _ level: Level) throws {
        endText(&line)
        try file.write(line)
        if level >= flushLevel, file.buffering != .writeThrough { try file.flush() }
    }

    public func emit(texts: borrowing TextBatch) throws {
        try file.write(texts.remaining)
        if texts.highestLevel >= flushLevel, file.buffering != .writeThrough { try file.flush() }
    }

    public func endText(_ text: inout [UInt8]) {
        if hasUsualEnd.load(ordering: .acquiring) {
            text.append(UInt8(ascii: "\n"))
        } else {
            text.append(contentsOf: end.withLock { $0 })
        }
    }

    // What an encoding refuses is reported with its place.
    public var emitNeeds: RecordNeeds { encoder == nil ? [] : .everything }

    public func flush() throws {
        try core.drain()
        try file.flush()
    }

    public func close() throws {
        guard core.endDelivery() == 0 else { return }
        if core.ownsTarget { try file.close() } else { try file.flush() }
    }
}

/// The options that all handlers with files have in common.
enum FileOptions {
    static func mode(_ mode: String) throws(LoggingError) -> FileSink.Mode {
        // Text mode and binary mode are the same here.
        let letters = mode.filter { $0 != "t" && $0 != "b" && $0 != "+" }
        guard let mode = FileSink.Mode(rawValue: letters) else {
            throw LoggingError(.value, "invalid mode: \(PythonText.quoted(mode))")
        }
        return mode
    }
}
