/// Writes whole lines to a file, and begins a new one after a line that was left incomplete, as on a disk that was full.
struct LineWriter {
    /// The last write ended in the middle of a line.
    private(set) var isTorn = false

    /// - Throws: a `LoggingError` with the number of `bytes` that were written.
    mutating func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ target: @autoclosure () -> String
    ) throws {
        guard !isTorn else { return try writeOnNewLine(bytes, to: descriptor, target()) }
        do {
            try SystemCall.writeAll(descriptor, bytes, target())
        } catch let error as LoggingError {
            noteEnd(of: bytes.prefix(error.bytesWritten))
            throw error
        }
    }

    private mutating func writeOnNewLine(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ target: String) throws
    {
        do {
            try SystemCall.writeAll(descriptor, [UInt8(ascii: "\n")] + bytes, target)
            isTorn = false
        } catch let error as LoggingError {
            guard error.bytesWritten > 0 else { throw error }
            let written = error.bytesWritten - 1
            isTorn = false
            noteEnd(of: bytes.prefix(written))
            throw LoggingError(error.kind, error.message, errorNumber: error.errorNumber, bytesWritten: written)
        }
    }

    private mutating func noteEnd(of written: Slice<UnsafeRawBufferPointer>) {
        if let last = written.last { isTorn = last != UInt8(ascii: "\n") }
    }
}
