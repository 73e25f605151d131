internal import Glibc
internal import Synchronization

/// Writes to a file descriptor that somebody else owns, one `write(2)` per record. `close` leaves it open.
public final class DescriptorSink: Sink {
    public let descriptor: Int32
    // Keeps the parts of a partial write together; a pipe may take a long record in pieces.
    private let turn = Mutex(())

    /// File descriptor 1 and 2. Programs that also print through C's `stdout` use `CFileSink`, which keeps the order.
    public static let standardOutput = DescriptorSink(STDOUT_FILENO)
    public static let standardError = DescriptorSink(STDERR_FILENO)

    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    public func write(_ bytes: [UInt8]) throws {
        try turn.withLock { _ in try SystemCall.writeAll(descriptor, bytes, "file descriptor \(descriptor)") }
    }

    public var isTerminal: Bool { isatty(descriptor) == 1 }

    public func flush() {}
    public func close() {}
}
