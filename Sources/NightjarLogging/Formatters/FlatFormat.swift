internal import Glibc

/// A format of texts and the usual time only, each once, as most are: what a line can have at most is known beforehand, so that the whole goes
/// into the buffer in one step.
final class FlatFormat: Sendable {
    // Both are written before anybody else sees them, never changed, and given back by `deinit`: reading arrays would count references.
    private nonisolated(unsafe) let steps: UnsafeBufferPointer<FormatProgram.Step>
    private nonisolated(unsafe) let literals: UnsafeBufferPointer<UInt8>
    /// Bytes behind the literals, and behind a line, that a copy of whole words may touch.
    private static let slack = 8
    private let time: TimeFormatter
    private let usesTime: Bool

    /// Nil for a format that has anything else.
    init?(_ program: FormatProgram, _ time: TimeFormatter) {
        guard program.isFlat else { return nil }
        usesTime = program.steps.contains { if case .asctime = $0 { true } else { false } }
        if usesTime, !time.isUsual { return nil }
        self.time = time
        steps = Self.stable(program.steps)
        literals = Self.stable(program.literals + [UInt8](repeating: 0, count: Self.slack))
    }

    deinit {
        steps.deallocate()
        literals.deallocate()
    }

    private static func stable<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = copy.initialize(from: elements)
        return UnsafeBufferPointer(copy)
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
        // The slack that stands behind the literals is the line's, too.
        let room = literals.count + time.count + line.largestCount
        // Not by way of `self`, which the closure would retain.
        let (steps, literals) = (steps, literals)
        buffer.append(addingCapacity: room) { (span: inout OutputSpan<UInt8>) in
            span.withUnsafeMutableBufferPointer { room, count in
                guard let start = room.baseAddress else { return }
                var end = UnsafeMutableRawPointer(start)
                for step in steps { Self.write(step, literals, line, time, to: &end) }
                count = end - UnsafeMutableRawPointer(start)
            }
        }
    }

    @inline(__always)
    private static func write(
        _ step: FormatProgram.Step, _ literals: UnsafeBufferPointer<UInt8>, _ line: RecordLine,
        _ time: UnsafeBufferPointer<UInt8>, to end: inout UnsafeMutableRawPointer
    ) {
        switch step {
        case .literal(let start, let stop):
            copyLiteral(literals, start, stop, to: &end)
        case .message: copy(line.message, to: &end)
        case .levelname: copy(line.levelName, to: &end)
        case .name: copy(line.name, to: &end)
        case .threadName: copy(line.threadName, to: &end)
        case .asctime: copy(time, to: &end)
        case .funcName, .segment: break
        }
    }

    /// Literals are mostly a few bytes between two values: one word, of which the next copy overwrites what is too much.
    @inline(__always)
    private static func copyLiteral(
        _ literals: UnsafeBufferPointer<UInt8>, _ start: Int, _ stop: Int, to end: inout UnsafeMutableRawPointer
    ) {
        guard let first = literals.baseAddress else { return }
        if stop - start <= slack {
            end.storeBytes(of: UnsafeRawPointer(first + start).loadUnaligned(as: UInt64.self), as: UInt64.self)
        } else {
            memcpy(end, first + start, stop - start)
        }
        end += stop - start
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
