public import Glibc

/// Writes to a C stream that somebody else owns, under the stream's own lock, and flushes it after each record.
/// What the program prints through the same stream stays in order. `close` flushes and leaves the stream open.
public final class CFileSink: Sink {
    public typealias Stream = UnsafeMutablePointer<FILE>

    // A pointer is not Sendable, but C's streams lock themselves (flockfile), and the maker of the sink promises
    // that the stream outlives it.
    private nonisolated(unsafe) let stream: Stream

    /// - Parameter stream: must stay open for as long as the sink is used.
    public init(_ stream: Stream) { self.stream = stream }

    public func write(_ bytes: [UInt8]) throws {
        flockfile(stream)
        defer { funlockfile(stream) }
        let count = fwrite(bytes, 1, bytes.count, stream)
        guard count == bytes.count, fflush(stream) == 0 else { throw SystemCall.failure("C stream") }
    }

    public func flush() throws {
        guard fflush(stream) == 0 else { throw SystemCall.failure("C stream") }
    }

    public func close() throws { try flush() }

    public var isTerminal: Bool { isatty(fileno(stream)) == 1 }
}
