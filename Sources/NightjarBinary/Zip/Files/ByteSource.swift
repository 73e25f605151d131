internal import Glibc

/// Bytes that can be read at any position, from any thread at once.
protocol ByteSource: AnyObject, Sendable {
    /// How many bytes there are now.
    func size() throws(ZipError) -> Int
    /// Fills `buffer` from `position` and returns how many bytes there were; fewer only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(ZipError) -> Int
}

extension ByteSource {
    /// Up to `count` bytes from `position`; fewer only at the end.
    func bytes(at position: Int, count: Int) throws(ZipError) -> [UInt8] {
        try .filled(capacity: count) { buffer throws(ZipError) in try read(into: buffer, at: position) }
    }
}

/// An archive that is in memory.
final class MemorySource: ByteSource {
    private let content: [UInt8]

    init(_ content: [UInt8]) { self.content = content }

    func size() -> Int { content.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        let count = max(0, min(buffer.count, content.count - position))
        if count > 0 {
            content.withUnsafeBytes {
                buffer.baseAddress?.copyMemory(from: $0.baseAddress! + position, byteCount: count)
            }
        }
        return count
    }
}

/// An open file. Reads and writes name their position, so threads share it without a lock; closed at the last release.
final class OpenFile: ByteSource {
    let descriptor: Int32
    /// The path it was opened by, for messages.
    let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    convenience init(path: String, flags: Int32, mode: mode_t = 0o666) throws(ZipError) {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(path) }
        self.init(descriptor: descriptor, path: path)
    }

    deinit { Glibc.close(descriptor) }

    func status() throws(ZipError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path) }
        return status
    }

    func size() throws(ZipError) -> Int { try Int(status().st_size) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(ZipError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, position + done)
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw .system(path)
            }
        }
        return done
    }

    /// Reads on from where the last such read ended, for files that have no positions.
    func readNext(into buffer: UnsafeMutableRawBufferPointer) throws(ZipError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = Glibc.read(descriptor, buffer.baseAddress! + done, buffer.count - done)
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw .system(path)
            }
        }
        return done
    }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(ZipError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, position + done)
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw .system(path)
            }
        }
    }

    func write(_ bytes: [UInt8], at position: Int) throws(ZipError) {
        try bytes.withBytes { buffer throws(ZipError) in try write(buffer, at: position) }
    }

    func truncate(to size: Int) throws(ZipError) {
        guard ftruncate(descriptor, size) == 0 else { throw .system(path) }
    }

    func synchronize() throws(ZipError) {
        // A file system without fsync has said so, and cannot do better.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw .system(path) }
    }
}

/// A name for a file that is not finished yet, in the folder of the finished one.
func temporaryName() -> String {
    ".nightjar-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
}
