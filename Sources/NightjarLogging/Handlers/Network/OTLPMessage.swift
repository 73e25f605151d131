/// The body of an OTLP request in JSON (OpenTelemetry Protocol 1, `ExportLogsServiceRequest`).
struct OTLPMessage {
    /// What the records come from: `service.name` and so on.
    let resource: LogFields

    func bytes(_ records: [LogRecord]) -> [UInt8] {
        var result: [UInt8] = []
        result.append("{\"resourceLogs\":[{\"resource\":{\"attributes\":")
        append(attributes: resource.map { ($0.name, $0.value) }, to: &result)
        result.append("},\"scopeLogs\":[")
        for (index, group) in Self.groups(records).enumerated() {
            if index > 0 { result.append(",") }
            result.append("{\"scope\":{\"name\":")
            result.append(json: group.name)
            result.append("},\"logRecords\":[")
            for (index, record) in group.records.enumerated() {
                if index > 0 { result.append(",") }
                append(record, to: &result)
            }
            result.append("]}")
        }
        result.append("]}]}")
        return result
    }

    /// The records of each logger together, loggers in the order of their first records.
    private static func groups(_ records: [LogRecord]) -> [(name: String, records: [LogRecord])] {
        var places: [String: Int] = [:]
        var groups: [(name: String, records: [LogRecord])] = []
        for record in records {
            if let place = places[record.name] {
                groups[place].records.append(record)
            } else {
                places[record.name] = groups.count
                groups.append((record.name, [record]))
            }
        }
        return groups
    }

    /// Python's levels in OpenTelemetry's scale, finer ones between them.
    static func severity(_ level: Level) -> Int {
        switch level.rawValue {
        case ..<1: 0
        case 1..<10: 1
        case 10..<20: 5 + (level.rawValue - 10) * 4 / 10
        case 20..<30: 9 + (level.rawValue - 20) * 4 / 10
        case 30..<40: 13 + (level.rawValue - 30) * 4 / 10
        case 40..<50: 17 + (level.rawValue - 40) * 4 / 10
        default: min(21 + (level.rawValue - 50) * 4 / 10, 24)
        }
    }

    private func append(_ record: LogRecord, to result: inout [UInt8]) {
        result.append("{\"timeUnixNano\":\"\(record.createdNanoseconds)\",\"observedTimeUnixNano\":\"\(Clock.now())\"")
        result.append(",\"severityNumber\":\(Self.severity(record.level)),\"severityText\":")
        result.append(json: record.levelName)
        result.append(",\"body\":{\"stringValue\":")
        result.append(json: record.message)
        result.append("},\"attributes\":")
        var trace = OTLPTrace()
        var attributes = record.fields.filter { !trace.take($0) }.map { ($0.name, $0.value) }
        attributes += Self.callSite(record)
        append(attributes: attributes, to: &result)
        trace.append(to: &result)
        result.append("}")
    }

    private static func callSite(_ record: LogRecord) -> [(String, LogValue)] {
        var result: [(String, LogValue)] = []
        if !record.pathname.isEmpty {
            result += [
                ("code.file.path", .string(record.pathname)), ("code.line.number", .int(Int64(record.lineno))),
                ("code.function.name", .string(record.funcName)),
            ]
        }
        result += [("thread.id", LogValue(record.thread)), ("thread.name", .string(record.threadName))]
        if let text = record.excText { result += exception(text) }
        if let text = record.stackInfo { result.append(("code.stacktrace", .string(text))) }
        return result
    }

    /// A traceback ends in `Class: message`.
    private static func exception(_ text: String) -> [(String, LogValue)] {
        var result: [(String, LogValue)] = [("exception.stacktrace", .string(text))]
        let last = text.split(separator: "\n").last ?? ""
        guard let colon = last.firstIndex(of: ":"), !last[..<colon].contains(" ") else { return result }
        result.append(("exception.type", .string(String(last[..<colon]))))
        result.append(("exception.message", .string(String(last[last.index(after: colon)...].drop { $0 == " " }))))
        return result
    }

    // MARK: Values

    private func append(attributes: [(String, LogValue)], to result: inout [UInt8]) {
        result.append("[")
        for (index, (name, value)) in attributes.enumerated() {
            if index > 0 { result.append(",") }
            append(name, value, to: &result)
        }
        result.append("]")
    }

    private func append(_ name: String, _ value: LogValue, to result: inout [UInt8]) {
        result.append("{\"key\":")
        result.append(json: name)
        result.append(",\"value\":")
        append(value, to: &result)
        result.append("}")
    }

    private func append(_ value: LogValue, to result: inout [UInt8]) {
        switch value {
        case .null: result.append("{}")
        case .bool(let flag): result.append("{\"boolValue\":\(flag)}")
        // 64-bit numbers are strings in the JSON form of protocol buffers.
        case .int(let number): result.append("{\"intValue\":\"\(number)\"}")
        case .double(let number):
            result.append("{\"doubleValue\":")
            result.append(
                number.isFinite
                    ? PythonText.double(number)
                    : number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\"")
            result.append("}")
        case .string(let text):
            result.append("{\"stringValue\":")
            result.append(json: text)
            result.append("}")
        case .array(let elements):
            result.append("{\"arrayValue\":{\"values\":[")
            for (index, element) in elements.enumerated() {
                if index > 0 { result.append(",") }
                append(element, to: &result)
            }
            result.append("]}}")
        case .object(let fields):
            result.append("{\"kvlistValue\":{\"values\":")
            append(attributes: fields.map { ($0.name, $0.value) }, to: &result)
            result.append("}}")
        }
    }
}

/// The fields that say which trace a record belongs to.
private struct OTLPTrace {
    private var trace: String?
    private var span: String?
    private var flags: Int64?

    /// - Returns: whether the field is one of them, and so no attribute.
    mutating func take(_ field: LogFields.Field) -> Bool {
        switch (field.name, field.value) {
        case ("trace_id", .string(let text)), ("traceId", .string(let text)): Self.keep(text, digits: 32, &trace)
        case ("span_id", .string(let text)), ("spanId", .string(let text)): Self.keep(text, digits: 16, &span)
        case ("trace_flags", .int(let number)), ("traceFlags", .int(let number)):
            keep(number)
        default: false
        }
    }

    private mutating func keep(_ number: Int64) -> Bool {
        guard 0...255 ~= number else { return false }
        flags = number
        return true
    }

    private static func keep(_ text: String, digits: Int, _ place: inout String?) -> Bool {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else {
            return false
        }
        place = text.lowercased()
        return true
    }

    func append(to result: inout [UInt8]) {
        if let trace { result.append(",\"traceId\":\"\(trace)\"") }
        if let span { result.append(",\"spanId\":\"\(span)\"") }
        if let flags { result.append(",\"flags\":\(flags)") }
    }
}
