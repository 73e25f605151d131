internal import Synchronization

/// Keeps what is written, for tests and for showing a log in a program.
public final class MemorySink: Sink {
    private let bytes = Mutex<[UInt8]>([])

    public init() {}

    /// All that was written and not yet taken, as text.
    public var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// As `text`, and forgets it.
    public func takeText() -> String {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    public func write(_ bytes: [UInt8]) { self.bytes.withLock { $0.append(contentsOf: bytes) } }
    public func flush() {}
    public func close() {}
}
