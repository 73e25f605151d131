internal import Glibc
internal import Synchronization

/// How a formatter shows the time of a record (Python's `Formatter.formatTime`).
public struct TimeFormat: Sendable, Equatable {
    /// A `strftime` format in place of all the below (Python's `datefmt`).
    public var dateFormat: String?
    /// A `strftime` format (Python's `default_time_format`).
    public var defaultTimeFormat = "%Y-%m-%d %H:%M:%S"
    /// Joins the time and its milliseconds, `%s` and `%d` in this order; nil leaves them out (Python's
    /// `default_msec_format`).
    public var defaultMsecFormat: String? = "%s,%03d"
    /// Greenwich time in place of local time (Python's `converter = time.gmtime`).
    public var utc = false

    public init(dateFormat: String? = nil, utc: Bool = false) {
        self.dateFormat = dateFormat
        self.utc = utc
    }
}

/// A `TimeFormat` made ready. The text of a second is kept per thread, since most records share theirs.
struct TimeFormatter: Sendable {
    private let format: String
    private let utc: Bool
    private let msecs: Milliseconds?
    /// How many bytes follow the three digits of the usual time.
    private let suffixCount: Int
    private let isDefault: Bool
    /// Tells the formatters of a thread apart in its store of times.
    private let identifier: Int

    private struct Milliseconds: Sendable {
        var prefix: [UInt8]
        var middle: [UInt8]
        var conversion: PercentConversion
        var suffix: [UInt8]
        var isThreeDigits: Bool
    }

    private static let counter = Atomic<Int>(0)
    private static let standard = TimeFormat()

    init(_ time: TimeFormat) throws(LoggingError) {
        // An empty one counts as none, as in Python.
        let own = time.dateFormat == "" ? nil : time.dateFormat
        format = own ?? time.defaultTimeFormat
        utc = time.utc
        msecs = if own == nil, let joined = time.defaultMsecFormat { try Self.split(joined) } else { nil }
        suffixCount = msecs?.suffix.count ?? 0
        isDefault = format == Self.standard.defaultTimeFormat
        identifier = Self.counter.add(1, ordering: .relaxed).newValue
    }

    /// Takes `%s,%03d` apart.
    private static func split(_ format: String) throws(LoggingError) -> Milliseconds {
        guard let pieces = PercentParser.timeAndMilliseconds(format) else {
            throw LoggingError(.value, "default_msec_format must hold %s and %d: \(PythonText.quoted(format))")
        }
        let conversion = pieces.conversion
        let three = conversion.zero && !conversion.left && conversion.width == 3 && conversion.precision == nil
        return Milliseconds(
            prefix: pieces.prefix, middle: pieces.middle, conversion: conversion, suffix: pieces.suffix,
            isThreeDigits: three && !conversion.plus && !conversion.space)
    }

    /// Whether the time has three digits for milliseconds in it, as it usually has, and no more than the text of a second beside them.
    var isUsual: Bool { msecs?.isThreeDigits ?? false }

    /// Calls `body` with the text, for times that are usual. Nothing that counts references is read but once per second.
    @inline(__always)
    func withText(of nanoseconds: Int64, _ thread: ThreadState, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let (second, nanoseconds) = Clock.split(nanoseconds)
        thread.withTime(
            of: second, milliseconds: UInt16(truncatingIfNeeded: nanoseconds / 1_000_000), before: suffixCount,
            for: identifier, make: { writeUsual(second: $0, to: &$1) }, body)
    }

    @inline(never)
    private func writeUsual(second: Int64, to text: inout [UInt8]) {
        if let msecs { write(second: second, with: msecs, to: &text) }
    }

    private func write(second: Int64, with msecs: Milliseconds, to text: inout [UInt8]) {
        text.append(contentsOf: msecs.prefix)
        write(second: second, to: &text)
        text.append(contentsOf: msecs.middle)
        text.append(0, digits: 3)
        text.append(contentsOf: msecs.suffix)
    }

    func append(_ record: LogRecord, to buffer: inout [UInt8]) {
        let (second, nanoseconds) = Clock.split(record.createdNanoseconds)
        if let msecs, msecs.isThreeDigits {
            // The usual case: the whole text is kept per second, and its three digits are written over.
            return ThreadState.current.appendTime(
                of: second, milliseconds: UInt16(nanoseconds / 1_000_000), before: msecs.suffix.count, for: identifier,
                to: &buffer
            ) { write(second: $0, with: msecs, to: &$1) }
        }
        if let msecs { buffer.append(contentsOf: msecs.prefix) }
        ThreadState.current.appendTime(of: second, for: identifier, to: &buffer) { write(second: $0, to: &$1) }
        guard let msecs else { return }
        buffer.append(contentsOf: msecs.middle)
        let count = Int(nanoseconds / 1_000_000)
        // Cannot fail: the value is an integer and the conversion was checked to be one of integers.
        try? msecs.conversion.append(.int(Int64(count)), to: &buffer)
        buffer.append(contentsOf: msecs.suffix)
    }

    private func write(second: Int64, to text: inout [UInt8]) {
        var time = time_t(second)
        var parts = tm()
        if utc { gmtime_r(&time, &parts) } else { localtime_r(&time, &parts) }
        if isDefault { Self.writeDefault(parts, to: &text) } else { write(parts, to: &text) }
    }

    private static func writeDefault(_ parts: tm, to text: inout [UInt8]) {
        text.append(Int(parts.tm_year) + 1900, digits: 4)
        text.append(UInt8(ascii: "-"))
        text.append(Int(parts.tm_mon) + 1, digits: 2)
        text.append(UInt8(ascii: "-"))
        text.append(Int(parts.tm_mday), digits: 2)
        text.append(UInt8(ascii: " "))
        text.append(Int(parts.tm_hour), digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(Int(parts.tm_min), digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(Int(parts.tm_sec), digits: 2)
    }

    private func write(_ given: tm, to text: inout [UInt8]) {
        guard !format.isEmpty else { return }
        var parts = given
        var room = 128 + format.utf8.count * 4
        // strftime says 0 for "too small" and for "empty" alike, so it gives up at a size no date has.
        while room < 1 << 20 {
            var bytes = [CChar](repeating: 0, count: room)
            let count = strftime(&bytes, room, format, &parts)
            if count > 0 {
                text.append(contentsOf: bytes[..<count].lazy.map { UInt8(bitPattern: $0) })
                return
            }
            room *= 8
        }
    }
}
