/// What goes over the wire for each record, in socket and datagram handlers.
public enum SocketFormat: String, Sendable, Hashable, CaseIterable {
    /// A line of JSON; with a formatter, its text on one line.
    case json
    /// What Python's own handlers send: four bytes of length, and a pickled dict.
    case pickle

    /// - Throws: `LoggingError` of kind `.value` that lists the known names.
    static func named(_ name: String?) throws(LoggingError) -> SocketFormat {
        guard let name else { return .json }
        guard let format = SocketFormat(rawValue: name) else {
            throw LoggingError(.value, "format: unknown \(PythonText.quoted(name)) (known: json, pickle)")
        }
        return format
    }

    private static let usual = JSONFormatter()

    func format(_ record: LogRecord, _ formatter: (any Formatter)?, into text: inout [UInt8]) throws {
        if self == .json {
            try (formatter ?? Self.usual).format(record, into: &text)
        } else {
            try record.checkMessage()
        }
    }

    /// - Parameter text: what `format` made.
    func bytes(_ record: LogRecord, _ text: [UInt8]) -> [UInt8] {
        if let chosen = DeliveryChoices.of(record)?.bytes { return chosen }
        guard self == .json else { return RecordDictionary.pickle(record) }
        var line = text
        ControlCharacters.escape(&line, from: 0)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    var needs: RecordNeeds { self == .pickle ? .everything : [] }
}
