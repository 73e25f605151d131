internal import Glibc

/// A format of texts and the usual time only, each once, as most are: what a line can have at most is known beforehand, so that the whole goes
/// into the buffer in one step.
final class FlatFormat: Sendable {
    private let steps: [FormatProgram.Step]
    private let literals: [UInt8]
    private let time: TimeFormatter
    private let usesTime: Bool

    /// Nil for a format that has anything else.
    init?(_ program: FormatProgram, _ time: TimeFormatter) {
        guard program.isFlat else { return nil }
        steps = program.steps
        literals = program.literals
        self.time = time
        usesTime = steps.contains { if case .asctime = $0 { true } else { false } }
        if usesTime, !time.isUsual { return nil }
    }

    func append(_ record: LogRecord, to buffer: inout [UInt8]) {
        var message = record.message
        message.withUTF8 {
            let line = RecordLine(
                message: $0, level: record.level, levelName: record.levelName, name: record.name,
                threadName: record.threadName, funcName: record.funcName, createdNanoseconds: record.createdNanoseconds)
            withUnsafePointer(to: line) { append($0, ThreadState.current, to: &buffer) }
        }
    }

    func append(_ line: UnsafePointer<RecordLine>, _ thread: ThreadState, to buffer: inout [UInt8]) {
        guard usesTime else { return append(line, UnsafeBufferPointer(start: nil, count: 0), to: &buffer) }
        time.withText(of: line.pointee.createdNanoseconds, thread) { append(line, $0, to: &buffer) }
    }

    @inline(__always)
    private func append(
        _ line: UnsafePointer<RecordLine>, _ time: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]
    ) {
        let room = literals.count + time.count + line.pointee.largestCount
        buffer.append(addingCapacity: room) { (span: inout OutputSpan<UInt8>) in
            span.withUnsafeMutableBufferPointer { room, count in
                guard let start = room.baseAddress else { return }
                var end = UnsafeMutableRawPointer(start)
                for step in steps { write(step, line, time, to: &end) }
                count = end - UnsafeMutableRawPointer(start)
            }
        }
    }

    @inline(__always)
    private func write(
        _ step: FormatProgram.Step, _ line: UnsafePointer<RecordLine>, _ time: UnsafeBufferPointer<UInt8>,
        to end: inout UnsafeMutableRawPointer
    ) {
        switch step {
        case .literal(let start, let stop):
            literals.withUnsafeBytes { Self.copy(UnsafeRawBufferPointer(rebasing: $0[start..<stop]), to: &end) }
        case .message: Self.copy(UnsafeRawBufferPointer(line.pointee.message), to: &end)
        case .levelname: Self.copy(line.pointee.levelName, to: &end)
        case .name: Self.copy(line.pointee.name, to: &end)
        case .threadName: Self.copy(line.pointee.threadName, to: &end)
        case .funcName: Self.copy(line.pointee.funcName, to: &end)
        case .asctime: Self.copy(UnsafeRawBufferPointer(time), to: &end)
        case .segment: break
        }
    }

    @inline(__always)
    private static func copy(_ bytes: UnsafeRawBufferPointer, to end: inout UnsafeMutableRawPointer) {
        guard let start = bytes.baseAddress else { return }
        memcpy(end, start, bytes.count)
        end += bytes.count
    }

    @inline(__always)
    private static func copy(_ text: String, to end: inout UnsafeMutableRawPointer) {
        let place = end
        let count = text.utf8.withContiguousStorageIfAvailable { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            memcpy(place, start, bytes.count)
            return bytes.count
        }
        if let count { end += count } else { copyScattered(text, to: &end) }
    }

    /// Texts of other languages' making, on systems that have them.
    @inline(never)
    private static func copyScattered(_ text: String, to end: inout UnsafeMutableRawPointer) {
        var text = text
        text.withUTF8 { copy(UnsafeRawBufferPointer($0), to: &end) }
    }
}

extension RecordLine {
    /// How many bytes all texts have together.
    fileprivate var largestCount: Int {
        message.count + levelName.utf8.count + name.utf8.count + threadName.utf8.count + funcName.utf8.count
    }
}
