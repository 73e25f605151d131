/// One event on its way from the logger to the sinks. A value: whoever keeps a copy keeps it unchanged.
///
/// The attributes are those of Python's `LogRecord`. `filename` and `module` follow from `pathname` until they
/// are set.
public struct LogRecord: Sendable {
    /// The name of the logger.
    public var name: String
    public var level: Level
    public var levelName: String
    /// The text, with its arguments already merged in.
    public var message: String
    /// Where the call was made: a path in scripts, `Module/File.swift` in Swift.
    public var pathname: String
    public var lineno: Int
    public var funcName: String
    /// Nanoseconds since 1970.
    public var createdNanoseconds: Int64
    /// Nanoseconds since the logging system was made.
    public var relativeNanoseconds: Int64
    public var thread: UInt64
    public var threadName: String
    public var process: Int32
    public var processName: String
    /// Structured values of the call, readable as attributes where no attribute of the record has the name.
    public var fields: LogFields

    // Seldom-used attributes, none or one element: an array is copied on write and costs nothing while empty.
    private var rare: [RareAttributes] = []

    public init(
        name: String, level: Level, levelName: String? = nil, message: String, pathname: String = "", lineno: Int = 0,
        funcName: String = "", createdNanoseconds: Int64? = nil, relativeNanoseconds: Int64 = 0,
        thread: UInt64? = nil, threadName: String? = nil, process: Int32? = nil,
        processName: String = "MainProcess", fields: LogFields = LogFields()
    ) {
        self.name = name
        self.level = level
        self.levelName = levelName ?? LevelNames.standard.name(of: level)
        self.message = message
        self.pathname = pathname
        self.lineno = lineno
        self.funcName = funcName
        self.createdNanoseconds = createdNanoseconds ?? Clock.now()
        self.relativeNanoseconds = relativeNanoseconds
        self.thread = thread ?? ThreadState.current.identifier
        self.threadName = threadName ?? ThreadState.current.name
        self.process = process ?? ProcessIdentity.identifier
        self.processName = processName
        self.fields = fields
    }
}

private struct RareAttributes: Sendable {
    var template: String?
    var arguments: [LogValue]?
    var filename: String?
    var module: String?
    var taskName: String?
    var excText: String?
    var stackInfo: String?
    var payload: (any Sendable)?
    var omitted: RecordOmissions?
    var messageError: (any Error)?
    var origin: (any Sendable)?
}

extension LogRecord {
    /// Seconds since 1970.
    public var created: Double {
        // Second and fraction apart: all nanoseconds in one Double would be rounded twice.
        get {
            let (seconds, nanoseconds) = Clock.split(createdNanoseconds)
            return Double(seconds) + Double(nanoseconds) / 1e9
        }
        set {
            // A Double of this size tells microseconds apart, and nothing finer.
            let whole = newValue.rounded(.down)
            createdNanoseconds = Int64(whole) * 1_000_000_000 + Int64(((newValue - whole) * 1e6).rounded()) * 1_000
        }
    }

    /// The whole milliseconds of `created`, 0 to 999.
    public var msecs: Int { Int(subsecondNanoseconds / 1_000_000) }

    /// What `createdNanoseconds` has beyond a full second.
    public var subsecondNanoseconds: Int64 { Clock.split(createdNanoseconds).nanoseconds }

    /// Milliseconds since the logging system was made.
    public var relativeCreated: Double { Double(relativeNanoseconds) / 1e6 }

    /// The text before its arguments were merged in, where the caller had one; else the message.
    public var template: String {
        get { rare.first?.template ?? message }
        set { setRare(\.template, newValue) }
    }

    /// What was merged into the message, where the caller had something and somebody asked for it.
    public var arguments: [LogValue]? {
        get { rare.first?.arguments }
        set { setRare(\.arguments, newValue) }
    }

    /// The last component of `pathname`.
    public var filename: String {
        get { rare.first?.filename ?? String(decoding: PathText.filename(pathname.utf8), as: UTF8.self) }
        set { setRare(\.filename, newValue) }
    }

    /// `filename` without its extension.
    public var module: String {
        get {
            if let module = rare.first?.module { return module }
            if let filename = rare.first?.filename { return String(PathText.stem(filename.utf8)) ?? filename }
            return String(PathText.stem(PathText.filename(pathname.utf8))) ?? pathname
        }
        set { setRare(\.module, newValue) }
    }

    public var taskName: String? {
        get { rare.first?.taskName }
        set { setRare(\.taskName, newValue) }
    }

    /// The text of the error that the record reports, printed on lines of its own.
    public var excText: String? {
        get { rare.first?.excText }
        set { setRare(\.excText, newValue) }
    }

    /// The text of the call stack, printed on lines of its own.
    public var stackInfo: String? {
        get { rare.first?.stackInfo }
        set { setRare(\.stackInfo, newValue) }
    }

    /// Whatever the maker of the record wants to find again, such as the arguments of the message.
    public var payload: (any Sendable)? {
        get { rare.first?.payload }
        set { setRare(\.payload, newValue) }
    }

    /// Why `template` and `arguments` do not go together, where they do not. Formatters that show messages throw it, as Python's do, while
    /// making such a record is no error.
    public var messageError: (any Error)? {
        get { rare.first?.messageError }
        set { setRare(\.messageError, newValue) }
    }

    /// - Throws: `messageError`.
    public func checkMessage() throws {
        if rare.isEmpty { return }
        if let error = rare[0].messageError { throw error }
    }

    /// Whatever tells the maker of the record how it was made.
    public var origin: (any Sendable)? {
        get { rare.first?.origin }
        set { setRare(\.origin, newValue) }
    }

    /// What the record was made without.
    public var omitted: RecordOmissions {
        get { rare.first?.omitted ?? [] }
        set { setRare(\.omitted, newValue) }
    }

    /// True while `filename` follows from `pathname`; the formatter then prints it without making a string.
    var derivesFilename: Bool { rare.first?.filename == nil }

    /// The parts of a call that few have.
    mutating func add(rareOf content: RecordContent) {
        if let template = content.template { self.template = template }
        if let arguments = content.arguments { self.arguments = arguments }
        if let text = content.excText { excText = text }
        if let text = content.stackInfo { stackInfo = text }
        if let name = content.taskName { taskName = name }
        if let payload = content.payload { self.payload = payload }
    }

    private mutating func setRare<Value>(_ path: WritableKeyPath<RareAttributes, Value?>, _ value: Value?) {
        if rare.isEmpty {
            guard value != nil else { return }
            rare.append(RareAttributes())
        }
        rare[0][keyPath: path] = value
    }
}

/// Parts of paths, as slices of their bytes.
enum PathText {
    static func filename(_ path: String.UTF8View) -> Substring.UTF8View {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[path.index(after: slash)...]
    }

    static func stem(_ filename: String.UTF8View) -> Substring.UTF8View { stem(filename[...]) }

    /// Leading dots belong to the stem, as in `os.path.splitext`.
    static func stem(_ filename: Substring.UTF8View) -> Substring.UTF8View {
        let dot = UInt8(ascii: ".")
        guard let last = filename.lastIndex(of: dot), filename[..<last].contains(where: { $0 != dot }) else {
            return filename
        }
        return filename[..<last]
    }
}
