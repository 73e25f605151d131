internal import Glibc

/// The file that an archive is written to, and what makes it final or takes it back.
///
/// A new archive is a temporary file beside its target until `commit`. An append goes behind the old archive's
/// last byte, so that cutting it off leaves the old archive as it was.
struct ArchiveOutput: Sendable {
    let file: OpenFile
    /// Where the first new byte goes.
    let start: Int
    private let kind: Kind

    private enum Kind: Sendable {
        case new(temporary: String, target: String, isExclusive: Bool)
        case append
    }

    /// Starts a new archive that will replace `path`, or must not find anything there if it is exclusive.
    static func create(_ path: String, isExclusive: Bool) throws(ZipError) -> ArchiveOutput {
        let target = try isExclusive ? absolute(path) : resolved(path)
        let mode = try modeOfTarget(target, reportedAs: path, isExclusive: isExclusive)
        let folder = parent(of: target)
        let temporary = folder + temporaryName()
        let descriptor = Glibc.open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        // The message names the file that the caller knows.
        guard descriptor >= 0 else { throw .system(path) }
        let file = OpenFile(descriptor: descriptor, path: path)
        if let mode { fchmod(descriptor, mode) }
        return ArchiveOutput(
            file: file, start: 0, kind: .new(temporary: temporary, target: target, isExclusive: isExclusive))
    }

    /// Starts to append to an open file, behind all that it has.
    static func append(to file: OpenFile) throws(ZipError) -> ArchiveOutput {
        ArchiveOutput(file: file, start: try file.size(), kind: .append)
    }

    /// Makes what was written durable and, for a new archive, gives it its name.
    func commit() throws(ZipError) {
        try file.synchronize()
        guard case .new(let temporary, let target, let isExclusive) = kind else { return }
        if isExclusive {
            try linkExclusively(temporary, target)
        } else if rename(temporary, target) != 0 {
            throw .system(file.path)
        }
        Self.synchronizeFolder(Self.parent(of: target))
    }

    /// Leaves things as they were before. Best effort: there is nobody to tell.
    func rollBack() {
        switch kind {
        case .new(let temporary, _, _): unlink(temporary)
        case .append: ftruncate(file.descriptor, start)
        }
    }

    private func linkExclusively(_ temporary: String, _ target: String) throws(ZipError) {
        if link(temporary, target) == 0 {
            unlink(temporary)
            return
        }
        // Some file systems have no hard links; there the check and the rename are two steps.
        guard errno == EPERM || errno == ENOTSUP || errno == ENOSYS else { throw .system(file.path) }
        if access(target, F_OK) == 0 { throw ZipError(errorNumber: EEXIST, path: file.path) }
        if rename(temporary, target) != 0 { throw .system(file.path) }
    }
}

extension ArchiveOutput {
    /// The mode of an existing target, which its replacement keeps; throws if it may not be replaced.
    private static func modeOfTarget(
        _ target: String, reportedAs path: String, isExclusive: Bool
    ) throws(ZipError) -> mode_t? {
        var status = stat()
        guard lstat(target, &status) == 0 else { return nil }
        if isExclusive { throw ZipError(errorNumber: EEXIST, path: path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw ZipError(errorNumber: EISDIR, path: path)
        // Replacing a device or a pipe would take it away from others.
        default: throw ZipError(errorNumber: EINVAL, path: path)
        }
        // A rename asks for the folder's permission only; Python would need the file's.
        guard access(target, W_OK) == 0 else { throw .system(path) }
        return status.st_mode & 0o7777
    }

    /// The file behind symbolic links, so that replacing it leaves the links alone.
    private static func resolved(_ path: String) throws(ZipError) -> String {
        if let real = real(path) { return real }
        return try absolute(path)
    }

    /// The path with its folder spelled out, so that it means the same when the program has changed its own.
    private static func absolute(_ path: String) throws(ZipError) -> String {
        let folder = parent(of: path)
        let name = path.dropFirst(folder.count)
        guard let real = real(folder.isEmpty ? "." : folder) else { throw .system(path) }
        if name.isEmpty { throw ZipError(errorNumber: path.isEmpty ? ENOENT : EISDIR, path: path) }
        return real == "/" ? "/\(name)" : "\(real)/\(name)"
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The folder of a path, with its slash; empty for the current one.
    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    private static func synchronizeFolder(_ folder: String) {
        let descriptor = Glibc.open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        Glibc.close(descriptor)
    }
}
