internal import Glibc

/// System calls with their errors as `LoggingError`.
enum SystemCall {
    /// An error that names what was done, to what, and why it failed.
    static func failure(_ action: String, _ number: Int32 = errno, written: Int = 0) -> LoggingError {
        LoggingError(
            .operatingSystem, "[Errno \(number)] \(String(cString: strerror(number))): \(action)",
            errorNumber: number, bytesWritten: written)
    }

    /// Writes all bytes, going on after partial writes and interruptions.
    /// - Throws: an error that says how many bytes were written before it.
    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8], _ target: @autoclosure () -> String) throws {
        try bytes.withUnsafeBytes { try writeAll(descriptor, $0, target()) }
    }

    static func writeAll(
        _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ target: @autoclosure () -> String
    ) throws {
        guard let start = bytes.baseAddress else { return }
        let end = start + bytes.count
        var next = start
        while next < end {
            let count = write(descriptor, next, end - next)
            if count >= 0 {
                next += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                waitUntilWritable(descriptor)
            } else if errno != EINTR {
                throw failure(target(), written: next - start)
            }
        }
    }

    /// Somebody else may have made a shared terminal or pipe non-blocking.
    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }

    /// Opens a file; interruptions are tried again.
    static func openFile(_ path: String, _ flags: Int32, mode: mode_t = 0o640) throws(LoggingError) -> Int32 {
        // The system would take what stands before it for the name.
        guard !path.utf8.contains(0) else { throw LoggingError(.value, "embedded null byte") }
        while true {
            let descriptor = open(path, flags | O_CLOEXEC, mode)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw failure(PythonText.quoted(path)) }
        }
    }

    /// The path from the root, with `.`, `..` and doubled slashes resolved by their text (`os.path.abspath`).
    static func absolutePath(_ path: String) -> String {
        var whole = path
        if !path.hasPrefix("/") {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let folder = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? "/"
            whole = folder + "/" + path
        }
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
