internal import Glibc

/// A member opened for reading: a file-like object that decompresses as it goes, in bounded memory.
///
/// For one thread at a time. It keeps the archive's file open, so it may outlive the archive. The checksum is
/// checked when the end is read.
///
/// Source: https://docs.python.org/3.14/library/zipfile.html#zipfile.ZipFile.open
public final class ZipMemberReader {
    /// The member's entry.
    public let info: ZipInfo
    /// Whether `close` was called.
    public private(set) var isClosed = false

    private let member: MemberSource
    private var stream: MemberStream
    /// Decompressed bytes: those from `bufferStart` are not given out yet.
    private var buffer: [UInt8] = []
    private var bufferStart = 0

    private static let bufferSize = 64 << 10

    /// Where a seek counts from.
    public enum Whence: Int, Sendable { case start = 0, current = 1, end = 2 }

    init(_ member: MemberSource) throws(ZipError) {
        info = member.info
        self.member = member
        stream = try MemberStream(member)
    }

    /// Up to `count` bytes, fewer only at the end; all that is left if `count` is nil or negative.
    public func read(_ count: Int? = nil) throws(ZipError) -> [UInt8] {
        try checkOpen("read from closed file.")
        var result: [UInt8] = []
        let wanted = min(count.flatMap { $0 < 0 ? nil : $0 } ?? .max, buffered + stream.left)
        result.reserveCapacity(min(wanted, 16 << 20))
        // One more step at the end, where the checksum is checked.
        repeat {
            if buffered == 0, try !fill() { break }
            let step = min(buffered, wanted - result.count)
            result += buffer[bufferStart..<bufferStart + step]
            bufferStart += step
        } while result.count < wanted
        return result
    }

    /// Fills `output` and returns how many bytes there were, fewer only at the end. No copy for large buffers.
    public func read(into output: UnsafeMutableRawBufferPointer) throws(ZipError) -> Int {
        try checkOpen("read from closed file.")
        var done = takeBuffered(output)
        while done < output.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: output[done...])
            if room.count < Self.bufferSize {
                if try !fill() { break }
                done += takeBuffered(room)
            } else {
                let count = try stream.read(into: room)
                if count == 0 { break }
                done += count
            }
        }
        return done
    }

    /// The next line with its newline, or the rest; empty at the end. `limit` bytes at most if it is given.
    public func readline(limit: Int? = nil) throws(ZipError) -> [UInt8] {
        try checkOpen("I/O operation on closed file.")
        var line: [UInt8] = []
        let limit = limit.flatMap { $0 < 0 ? nil : $0 } ?? .max
        while line.count < limit {
            if buffered == 0, try !fill() { break }
            let (length, isWhole) = lengthOfLine(atMost: min(buffered, limit - line.count))
            line += buffer[bufferStart..<bufferStart + length]
            bufferStart += length
            if isWhole { break }
        }
        return line
    }

    /// The position in the uncompressed data.
    public func tell() throws(ZipError) -> Int {
        try checkOpen("tell on closed file.")
        return info.fileSize - stream.left - buffered
    }

    /// Moves to a position, at most the end and at least the start, and returns it. Going back starts over.
    @discardableResult
    public func seek(_ offset: Int, from whence: Whence = .start) throws(ZipError) -> Int {
        try checkOpen("seek on closed file.")
        let current = try tell()
        let base =
            switch whence {
            case .start: 0
            case .current: current
            case .end: info.fileSize
            }
        let (sum, overflows) = base.addingReportingOverflow(offset)
        let target = overflows ? (offset < 0 ? 0 : info.fileSize) : max(0, min(sum, info.fileSize))
        if target < current && current - target > bufferStart {
            try rewind()
        } else if target < current {
            bufferStart -= current - target
        }
        try skip(target - tell())
        return target
    }

    /// Ends reading; a second call is harmless.
    public func close() {
        isClosed = true
        buffer = []
        bufferStart = 0
    }

    private var buffered: Int { buffer.count - bufferStart }

    private func checkOpen(_ message: String) throws(ZipError) {
        if isClosed { throw .value(message) }
    }

    private func rewind() throws(ZipError) {
        stream = try MemberStream(member)
        buffer = []
        bufferStart = 0
    }

    private func skip(_ count: Int) throws(ZipError) {
        var rest = count
        while rest > 0 {
            if buffered == 0, try !fill() { return }
            let step = min(rest, buffered)
            bufferStart += step
            rest -= step
        }
    }

    /// Decompresses the next bytes; false at the end.
    private func fill() throws(ZipError) -> Bool {
        buffer = []
        bufferStart = 0
        buffer = try .filled(capacity: Self.bufferSize) { room throws(ZipError) in try stream.read(into: room) }
        return !buffer.isEmpty
    }

    private func takeBuffered(_ output: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffered, output.count)
        guard count > 0 else { return 0 }
        buffer.withUnsafeBytes { output.baseAddress?.copyMemory(from: $0.baseAddress! + bufferStart, byteCount: count) }
        bufferStart += count
        return count
    }

    private func lengthOfLine(atMost count: Int) -> (length: Int, isWhole: Bool) {
        buffer.withUnsafeBytes { bytes in
            let start = bytes.baseAddress! + bufferStart
            guard let newline = memchr(start, 0x0A, count) else { return (count, false) }
            return (UnsafeRawPointer(newline) - start + 1, true)
        }
    }
}
