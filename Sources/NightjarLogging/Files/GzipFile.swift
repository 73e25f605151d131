internal import CZlib
internal import Glibc

/// Files in the format of gzip (RFC 1952), by the system's zlib.
enum GzipFile {
    /// Compresses a file and removes it. The compressed one has its name only when it is whole and on the disk.
    ///
    /// Does nothing where another process is at it. Until it is done, nobody who asks ``FileLock`` moves or removes the file.
    static func compress(_ source: String, to destination: String) throws {
        let input = try SystemCall.openFile(source, O_RDONLY)
        defer { close(input) }
        FileLock.take(input, LOCK_SH)
        guard FileIdentity(descriptor: input) == FileIdentity(path: source) else { return }
        let unfinished = destination + ".tmp"
        let output = try SystemCall.openFile(unfinished, O_WRONLY | O_CREAT)
        defer { close(output) }
        guard flock(output, LOCK_EX | LOCK_NB) == 0, FileIdentity(descriptor: output) == FileIdentity(path: unfinished)
        else { return }
        do {
            ftruncate(output, 0)
            try copy(input, to: output, named: unfinished)
            guard fsync(output) == 0, rename(unfinished, destination) == 0 else {
                throw SystemCall.failure(PythonText.quoted(destination))
            }
        } catch {
            unlink(unfinished)
            throw error
        }
        unlink(source)
    }

    private static func copy(_ input: Int32, to output: Int32, named name: String) throws {
        // zlib closes the descriptor that it is given.
        guard let file = gzdopen(dup(output), "wb6") else { throw SystemCall.failure(PythonText.quoted(name)) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0, count == 0 || gzwrite(file, buffer, UInt32(count)) == count else {
                gzclose(file)
                throw SystemCall.failure(PythonText.quoted(name))
            }
            if count == 0 { break }
        }
        guard gzclose(file) == Z_OK else { throw SystemCall.failure(PythonText.quoted(name)) }
    }
}
