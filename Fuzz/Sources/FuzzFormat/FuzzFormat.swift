// Formats of log records in all three styles, and of their times: any text is a format or a LoggingError, and formatting a
// record with it ends in text or in an error.
import NightjarLogging

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let first = UnsafeBufferPointer(start: start, count: count).first else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count).dropFirst(), as: UTF8.self)
    // A width may ask for gigabytes, as in Python.
    guard !hasLongNumber(text) else { return 0 }
    let style = FormatStyle.all[Int(first) % FormatStyle.all.count]
    for record in records {
        if first & 0x80 != 0 {
            guard let formatter = try? StandardFormatter("%(asctime)s", dateFormat: text) else { continue }
            show(record, formatter)
        } else {
            let validate = first & 0x40 == 0
            guard let formatter = try? StandardFormatter(text, style: style, validate: validate) else { continue }
            show(record, formatter)
        }
    }
    return 0
}

private func show(_ record: LogRecord, _ formatter: StandardFormatter) {
    var buffer: [UInt8] = []
    guard (try? formatter.format(record, into: &buffer)) != nil else { return }
    // A formatter gives the same again.
    var again: [UInt8] = []
    precondition((try? formatter.format(record, into: &again)) != nil && again == buffer)
}

/// Whether there are five digits in a row.
private func hasLongNumber(_ text: String) -> Bool {
    var digits = 0
    for scalar in text.unicodeScalars {
        digits = scalar.properties.numericType == nil ? 0 : digits + 1
        if digits > 4 { return true }
    }
    return false
}

private let records: [LogRecord] = {
    let fields: LogFields = [
        "order": .int(.min), "ratio": .double(-0.5), "none": .null, "text": .string("é\u{0}x"),
        "list": .array([.bool(true), .double(.nan)]), "0": .int(7),
    ]
    return [
        LogRecord(
            name: "app.db", level: .warning, message: "took 12 ms\nin all", pathname: "/srv/a b.lua", lineno: 12,
            funcName: "query", createdNanoseconds: 1_700_000_000_123_456_789, fields: fields),
        LogRecord(name: "", level: Level(-5), message: "", createdNanoseconds: -1, thread: .max, process: -1),
    ]
}()
