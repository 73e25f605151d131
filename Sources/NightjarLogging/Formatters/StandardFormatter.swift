internal import Synchronization

/// Python's `logging.Formatter`: a format with attributes in one of the styles, then the text of an error and of a
/// call stack on lines of their own. Thread-safe; the format is taken apart once.
public final class StandardFormatter: Formatter {
    /// Shows the message alone, as a handler without a formatter does.
    public static let messageOnly = StandardFormatter(template: FormatStyle.percent.parse("%(message)s"))

    public let format: String
    public let style: FormatStyle
    /// How times are shown. Can be changed at any time.
    public var time: TimeFormat {
        hasOwnTime.load(ordering: .acquiring) ? ownTime.withLock { $0?.0 } ?? givenTime : givenTime
    }
    private let givenTime: TimeFormat
    public let defaults: LogFields
    /// Whether each record is one line: control characters and line ends in messages, fields, errors and call stacks are escaped.
    public let singleLine: Bool
    public let template: FormatTemplate
    private let givenTimeFormatter: TimeFormatter
    /// What `setTime` has put in place of the above, which nearly no formatter has.
    private let ownTime = Mutex<(TimeFormat, TimeFormatter)?>(nil)
    private let hasOwnTime = Atomic<Bool>(false)
    private let program: FormatProgram
    private let flat: FlatFormat?

    /// - Parameters:
    ///   - format: nil shows the message alone.
    ///   - validate: refuses a format that names no attribute or cannot be formatted. Without it such a format
    ///     fails record by record.
    ///   - defaults: values for names that neither record nor fields have.
    ///   - singleLine: escapes control characters and line ends, of errors and call stacks too.
    /// - Throws: `LoggingError` of kind `.value`, with Python's text.
    public init(
        _ format: String? = nil, time: TimeFormat = TimeFormat(), style: FormatStyle = .percent,
        validate: Bool = true, defaults: LogFields = LogFields(), singleLine: Bool = false
    ) throws(LoggingError) {
        // Python takes an empty format for none.
        self.format = format.flatMap { $0.isEmpty ? nil : $0 } ?? style.defaultFormat
        self.style = style
        givenTime = time
        self.defaults = defaults
        self.singleLine = singleLine
        template = style.parse(self.format)
        recordNeeds = template.recordNeeds
        program = FormatProgram(template)
        givenTimeFormatter = try TimeFormatter(time)
        flat = FlatFormat(program, givenTimeFormatter)
        if validate { try style.validate(template) }
    }

    /// As above, with Python's `datefmt`.
    public convenience init(
        _ format: String? = nil, dateFormat: String?, style: FormatStyle = .percent, validate: Bool = true,
        defaults: LogFields = LogFields(), singleLine: Bool = false
    ) throws(LoggingError) {
        try self.init(
            format, time: TimeFormat(dateFormat: dateFormat), style: style, validate: validate, defaults: defaults,
            singleLine: singleLine)
    }

    private init(template: FormatTemplate) {
        format = FormatStyle.percent.defaultFormat
        style = .percent
        givenTime = TimeFormat()
        defaults = LogFields()
        singleLine = false
        self.template = template
        recordNeeds = template.recordNeeds
        program = FormatProgram(template)
        do { givenTimeFormatter = try TimeFormatter(givenTime) } catch {
            fatalError("the default time format is valid")
        }
        flat = FlatFormat(program, givenTimeFormatter)
    }

    /// - Throws: `LoggingError` of kind `.value` for a format of milliseconds that makes no sense.
    public func setTime(_ time: TimeFormat) throws(LoggingError) {
        let formatter = try TimeFormatter(time)
        ownTime.withLock { $0 = (time, formatter) }
        hasOwnTime.store(true, ordering: .releasing)
        HandlerSettings.noteChange()
    }

    /// Makes the same text of the parts of a record as the formatter of the record, unless that has an error or a call stack; nil where
    /// the formatter needs more, and while `setTime` has set another time.
    var lineFormat: FlatFormat? { singleLine || hasOwnTime.load(ordering: .acquiring) ? nil : flat }

    private var timeFormatter: TimeFormatter {
        guard hasOwnTime.load(ordering: .acquiring) else { return givenTimeFormatter }
        return ownTime.withLock { $0?.1 } ?? givenTimeFormatter
    }

    public var usesTime: Bool { template.usesTime }
    public let recordNeeds: RecordNeeds

    public func format(_ record: LogRecord, into buffer: inout [UInt8]) throws {
        try format(record, asctime: nil, into: &buffer)
    }

    /// As `format`, with a time that somebody else has made into text.
    public func format(_ record: LogRecord, asctime: String?, into buffer: inout [UInt8]) throws {
        let start = buffer.count
        try record.checkMessage()
        try formatMessage(record, asctime: asctime, into: &buffer)
        appendDetails(of: record, to: &buffer, since: start)
    }

    /// Appends the error and the call stack of the record, each on lines of its own, to text that begins at `start`.
    public func appendDetails(of record: LogRecord, to buffer: inout [UInt8], since start: Int) {
        if let text = record.excText { buffer.appendOnNewLine(text, since: start) }
        if let text = record.stackInfo { buffer.appendOnNewLine(text, since: start) }
        if singleLine { ControlCharacters.escape(&buffer, from: start) }
    }

    /// The part that the format describes.
    public func formatMessage(_ record: LogRecord, asctime: String? = nil, into buffer: inout [UInt8]) throws {
        if let flat, asctime == nil, !hasOwnTime.load(ordering: .acquiring) { return flat.append(record, to: &buffer) }
        for step in program.steps {
            switch step {
            case .literal(let start, let end):
                program.literals.withUnsafeBufferPointer {
                    buffer.append(contentsOf: UnsafeBufferPointer(rebasing: $0[start..<end]))
                }
            case .message: buffer.append(record.message)
            case .levelname: buffer.append(record.levelName)
            case .name: buffer.append(record.name)
            case .threadName: buffer.append(record.threadName)
            case .funcName: buffer.append(record.funcName)
            case .asctime:
                if let asctime { buffer.append(asctime) } else { timeFormatter.append(record, to: &buffer) }
            case .segment(let index): try append(template.segments[index], of: record, asctime, to: &buffer)
            }
        }
    }

    private func append(
        _ segment: FormatTemplate.Segment, of record: LogRecord, _ asctime: String?, to buffer: inout [UInt8]
    ) throws {
        switch segment {
        case .literal(let text): buffer.append(contentsOf: text)
        case .plain(.pathname): buffer.append(record.pathname)
        case .plain(.filename) where record.derivesFilename:
            buffer.append(contentsOf: PathText.filename(record.pathname.utf8))
        case .plain(.thread) where record.omitted.isEmpty: buffer.append(magnitude: record.thread)
        case .plain(let attribute): buffer.appendPlain(try value(of: attribute, in: record, asctime))
        case .converted(let attribute, let convert): try convert(value(of: attribute, in: record, asctime), &buffer)
        case .dependent(let attribute, let others, let convert):
            let values = try others.map { try value(of: $0, in: record, asctime) }
            try convert(value(of: attribute, in: record, asctime), values, &buffer)
        case .invalid(let error): throw error
        }
    }

    /// The time of the record as `asctime` shows it.
    public func formatTime(_ record: LogRecord) -> String {
        var buffer: [UInt8] = []
        timeFormatter.append(record, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    private func value(of attribute: RecordAttribute, in record: LogRecord, _ asctime: String?) throws -> LogValue {
        if attribute == .asctime { return .string(asctime ?? formatTime(record)) }
        // A tuple in Python, and shown as one.
        if attribute == .args, !record.omitted.contains(.arguments) {
            return .string(PythonText.tuple(record.arguments ?? []))
        }
        if let value = record.value(of: attribute) { return value }
        guard case .field(let name) = attribute else { return .null }
        guard let value = defaults[name] else {
            throw LoggingError(.value, "Formatting field not found in record: \(PythonText.quoted(name))")
        }
        return value
    }
}

extension [UInt8] {
    fileprivate mutating func appendOnNewLine(_ text: String, since start: Int) {
        if count == start || last != UInt8(ascii: "\n") { append(UInt8(ascii: "\n")) }
        append(text)
    }
}
