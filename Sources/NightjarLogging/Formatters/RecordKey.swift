/// One member that a structured formatter writes: which part of the record, and its name in the output.
public struct RecordKey: Sendable, Hashable {
    public enum Part: Sendable, Hashable {
        case attribute(RecordAttribute)
        /// The time of the record in RFC 3339.
        case time
        /// All fields that no other key names.
        case fields
    }

    public var name: String
    public var part: Part

    /// - Parameter source: `time`, `level`, `logger`, `message`, `exc_info`, `stack_info`, `fields`, or the name of an attribute or
    ///   field.
    public init(_ source: String, as name: String? = nil) {
        self.name = name ?? source
        part =
            switch source {
            case "time": .time
            case "level": .attribute(.levelname)
            case "logger": .attribute(.name)
            case "exc_info": .attribute(.excText)
            case "fields": .fields
            default: .attribute(RecordAttribute(source))
            }
    }

    /// What a formatter gets to write.
    enum Value {
        case text(String)
        case time(LogRecord, RFC3339Format)
        case value(LogValue)
    }
}

/// What structured formatters write: all there is of a record or chosen members in a chosen order, under names of choice.
public struct RecordKeys: Sendable, Hashable {
    /// The members in their order; nil is `time`, `level`, `logger`, `message`, the fields, `exc_info` and `stack_info`.
    public var chosen: [RecordKey]?
    /// New names for members that are written without being chosen.
    public var names: [String: String]

    public init(chosen: [RecordKey]? = nil, names: [String: String] = [:]) {
        self.chosen = chosen
        self.names = names
    }

    /// All there is, under its own names.
    public static let all = RecordKeys()

    var needs: RecordNeeds {
        (chosen ?? []).reduce(into: []) { needs, key in
            if case .attribute(let attribute) = key.part { needs.formUnion(attribute.needs) }
        }
    }

    /// Names that fields cannot have where nothing was chosen, as those that `names` gives to others: they
    /// are written with `fields.` before them.
    private static let standard: Set<String> = ["time", "level", "logger", "message", "exc_info", "stack_info"]

    func visit(_ record: LogRecord, _ time: RFC3339Format, _ write: (String, RecordKey.Value) -> Void) {
        if let chosen { return visit(chosen, record, time, write) }
        func name(_ standard: String) -> String { names.isEmpty ? standard : names[standard] ?? standard }
        write(name("time"), .time(record, time))
        write(name("level"), .text(record.levelName))
        write(name("logger"), .text(record.name))
        write(name("message"), .text(record.message))
        for field in record.fields {
            let isTaken = Self.standard.contains(field.name) || isNewName(field.name)
            write(isTaken ? record.fields.freeName(of: field.name) : name(field.name), .value(field.value))
        }
        if let text = record.excText { write(name("exc_info"), .text(text)) }
        if let text = record.stackInfo { write(name("stack_info"), .text(text)) }
    }

    /// Whether something else gets the name, and what had it before none.
    private func isNewName(_ name: String) -> Bool {
        !names.isEmpty && names[name] == nil && names.values.contains(name)
    }

    private func visit(
        _ keys: [RecordKey], _ record: LogRecord, _ time: RFC3339Format, _ write: (String, RecordKey.Value) -> Void
    ) {
        for key in keys {
            switch key.part {
            case .time, .attribute(.asctime): write(key.name, .time(record, time))
            case .attribute(.excText): if let text = record.excText { write(key.name, .text(text)) }
            case .attribute(.stackInfo): if let text = record.stackInfo { write(key.name, .text(text)) }
            case .attribute(.taskName): if let text = record.taskName { write(key.name, .text(text)) }
            case .attribute(let attribute):
                if let value = record.value(of: attribute) { write(key.name, .value(value)) }
            case .fields: visit(fieldsBeside: keys, record, write)
            }
        }
    }

    private func visit(
        fieldsBeside keys: [RecordKey], _ record: LogRecord, _ write: (String, RecordKey.Value) -> Void
    ) {
        for field in record.fields where !keys.contains(where: { $0.part == .attribute(.field(field.name)) }) {
            let isTaken = keys.contains { $0.name == field.name }
            write(
                isTaken ? record.fields.freeName(of: field.name) : names[field.name] ?? field.name, .value(field.value))
        }
    }
}

extension LogFields {
    /// What a field is called whose own name is taken: `fields.time`, and where a field is called that, `fields.fields.time`.
    fileprivate func freeName(of name: String) -> String {
        var free = "fields." + name
        while self[free] != nil { free = "fields." + free }
        return free
    }
}

extension RecordKeys {
    /// Reads what a configuration or script gives as `keys`: a list of sources, which chooses and orders, in which `{"level", "severity"}`
    /// renames; or a table of new names by source.
    /// - Throws: `LoggingError` of kind `.type` for anything else.
    public init(_ value: ConfigurationValue) throws(LoggingError) {
        self.init()
        switch value {
        case .array(let elements): chosen = try elements.map { element throws(LoggingError) in try Self.key(element) }
        case .object(let renames):
            for (source, name) in renames {
                guard case .string(let name) = name else { throw Self.unreadable }
                names[source] = name
            }
        default: throw Self.unreadable
        }
    }

    private static let unreadable = LoggingError(
        .type, "keys must be a list of names, or a table of new names by name: {message = \"msg\"}")

    private static func key(_ element: ConfigurationValue) throws(LoggingError) -> RecordKey {
        switch element {
        case .string(let source): return RecordKey(source)
        case .array(let pair) where pair.count == 2:
            if case .string(let source) = pair[0], case .string(let name) = pair[1] {
                return RecordKey(source, as: name)
            }
        case .object(let pair) where pair.count == 1:
            if let (source, name) = pair.first, case .string(let name) = name { return RecordKey(source, as: name) }
        default: break
        }
        throw unreadable
    }
}

/// `2024-01-02T03:04:05.678901+01:00`: RFC 3339 with microseconds.
struct RFC3339Format: Sendable {
    private let utc: Bool
    private let seconds: TimeFormatter
    private let zone: TimeFormatter?

    init(utc: Bool) {
        self.utc = utc
        do {
            seconds = try TimeFormatter(TimeFormat(dateFormat: "%Y-%m-%dT%H:%M:%S", utc: utc))
            zone = utc ? nil : try TimeFormatter(TimeFormat(dateFormat: "%z", utc: false))
        } catch {
            fatalError("formats without milliseconds are always valid")
        }
    }

    func append(_ record: LogRecord, to buffer: inout [UInt8]) {
        seconds.append(record, to: &buffer)
        buffer.append(UInt8(ascii: "."))
        let microseconds = Clock.split(record.createdNanoseconds).nanoseconds / 1_000
        buffer.append(Int(microseconds), digits: 6)
        guard let zone else { return buffer.append(UInt8(ascii: "Z")) }
        let start = buffer.count
        zone.append(record, to: &buffer)
        // `+0100`: the colon between hours and minutes is RFC 3339's.
        if buffer.count == start + 5 { buffer.insert(UInt8(ascii: ":"), at: start + 3) }
    }
}
