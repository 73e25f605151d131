internal import Synchronization

/// Writes the text of each record and a line end to a sink (Python's `StreamHandler`). Thread-safe.
public final class StreamHandler: LineHandler {
    public let core: HandlerCore
    private let state: Mutex<State>

    private struct State {
        var stream: any Sink
        var terminator = "\n"
        var mode = LevelColors.Mode.never
        var colors = LevelColors.standard
        /// What the mode means for the stream.
        var isColored = false
    }

    /// - Parameter stream: is not closed by the handler.
    public init(
        _ stream: any Sink = DescriptorSink.standardError, level: Level = .notSet, formatter: (any Formatter)? = nil
    ) {
        core = HandlerCore(level: level, formatter: formatter)
        state = Mutex(State(stream: stream))
    }

    public var stream: any Sink { state.withLock { $0.stream } }

    /// What follows each record, `\n` at first.
    public var terminator: String {
        get { state.withLock { $0.terminator } }
        set { state.withLock { $0.terminator = newValue } }
    }

    /// Flushes the stream and goes on with another.
    /// - Returns: the one before, or nil if it is the same.
    @discardableResult
    public func setStream(_ stream: any Sink) throws -> (any Sink)? {
        try core.lock.withLock {
            let before = self.stream
            guard before !== stream else { return nil }
            try before.flush()
            state.withLock {
                $0.stream = stream
                $0.isColored = $0.mode.applies(to: stream)
            }
            HandlerSettings.noteChange()
            return before
        }
    }

    /// Whether records are coloured by their level; `.never` at first. The environment is looked at when it is set.
    public var colorMode: LevelColors.Mode {
        get { state.withLock { $0.mode } }
        set {
            state.withLock {
                $0.mode = newValue
                $0.isColored = newValue.applies(to: $0.stream)
            }
            HandlerSettings.noteChange()
        }
    }

    public var colors: LevelColors {
        get { state.withLock { $0.colors } }
        set { state.withLock { $0.colors = newValue } }
    }

    public func format(_ record: LogRecord, into text: inout [UInt8]) throws {
        let start = text.count
        try formatUsually(record, into: &text)
        if let colors = state.withLock({ $0.isColored ? $0.colors : nil }) {
            colors.wrap(&text, from: start, record.level)
        }
    }

    public func endText(_ text: inout [UInt8]) { text.append(terminator) }
    public func emit(texts: borrowing TextBatch) throws {
        let stream = stream
        guard stream is any RecordSink else { return try stream.write(texts.remaining) }
        for index in 0..<texts.count {
            do { try stream.write(Array(texts.text(index))) } catch {
                throw DeliveryFailure(error, delivered: index, refused: 1)
            }
        }
    }

    public func emit(_ record: LogRecord, text: inout [UInt8]) throws { try emit(line: &text, record.level) }

    var keepsText: Bool { state.withLock { !$0.isColored } }

    func emit(line: inout [UInt8], _ level: Level) throws {
        let (stream, terminator) = state.withLock { ($0.stream, $0.terminator) }
        line.append(terminator)
        try stream.write(line)
    }

    public var emitNeeds: RecordNeeds { [] }

    public func flush() throws {
        try core.drain()
        try stream.flush()
    }

    public func close() throws {
        guard core.endDelivery() == 0 else { return }
        do { try stream.flush() } catch let error as LoggingError where error.kind == .value {
            // Its owner has closed it.
        }
    }
}
