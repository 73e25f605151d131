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
        record.withLine { append($0, ThreadState.current, to: &buffer) }
    }

    func append(_ line: RecordLine, _ thread: ThreadState, to buffer: inout [UInt8]) {
        guard usesTime else { return append(line, UnsafeBufferPointer(start: nil, count: 0), to: &buffer) }
        time.withText(of: line.createdNanoseconds, thread) { append(line, $0, to: &buffer) }
    }

    @inline(__always)
    private func append(_ line: RecordLine, _ time: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]) {
        let room = literals.count + time.count + line.largestCount
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
        _ step: FormatProgram.Step, _ line: RecordLine, _ time: UnsafeBufferPointer<UInt8>,
        to end: inout UnsafeMutableRawPointer
    ) {
        switch step {
        case .literal(let start, let stop):
            literals.withUnsafeBufferPointer { Self.copy(UnsafeBufferPointer(rebasing: $0[start..<stop]), to: &end) }
        case .message: Self.copy(line.message, to: &end)
        case .levelname: Self.copy(line.levelName, to: &end)
        case .name: Self.copy(line.name, to: &end)
        case .threadName: Self.copy(line.threadName, to: &end)
        case .asctime: Self.copy(time, to: &end)
        case .funcName, .segment: break
        }
    }

    @inline(__always)
    private static func copy(_ bytes: UnsafeBufferPointer<UInt8>, to end: inout UnsafeMutableRawPointer) {
        guard let start = bytes.baseAddress else { return }
        memcpy(end, start, bytes.count)
        end += bytes.count
    }
}

extension RecordLine {
    /// How many bytes all texts have together.
    fileprivate var largestCount: Int { message.count + levelName.count + name.count + threadName.count }
}
