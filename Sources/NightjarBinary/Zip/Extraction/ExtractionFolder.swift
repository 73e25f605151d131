internal import Glibc

/// The folder that members are extracted to. Every step below it is taken from the folder above and never through
/// a symbolic link, so that neither names nor links that were there before lead out of it.
///
/// For one thread at a time.
final class ExtractionFolder {
    private let path: String
    private let root: OpenFile
    /// The folder of the last member, since the next is mostly in the same.
    private var last: (components: ArraySlice<String>, folder: OpenFile)

    /// Opens the folder, and makes it and those above it if they are not there.
    init(_ path: String) throws(ZipError) {
        let path = path.isEmpty ? "." : path
        try Self.makeFolders(path)
        self.path = path
        root = try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY)
        last = ([], root)
    }

    /// The path of a member below the folder.
    func path(of components: [String]) -> String {
        let trimmed = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        if components.isEmpty { return path }
        return (path == "." ? components : [trimmed] + components).joined(separator: "/")
    }

    /// Makes a folder and those above it, as far as they are not there.
    func makeFolder(_ components: [String]) throws(ZipError) {
        _ = try folder(components[...])
    }

    /// Makes a file that `content` writes. It gets its name, in place of what has it, when it is complete.
    func makeFile(
        _ components: [String], _ content: (OpenFile) throws(ZipError) -> Void
    ) throws(ZipError) {
        let folder = try folder(components.dropLast())
        let full = path(of: components)
        let temporary = temporaryName()
        let descriptor = openat(
            folder.descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(full) }
        do throws(ZipError) {
            try content(OpenFile(descriptor: descriptor, path: full))
            guard renameat(folder.descriptor, temporary, folder.descriptor, components[components.count - 1]) == 0
            else {
                throw .system(full)
            }
        } catch {
            unlinkat(folder.descriptor, temporary, 0)
            throw error
        }
    }

    private func folder(_ components: ArraySlice<String>) throws(ZipError) -> OpenFile {
        if last.components == components { return last.folder }
        var folder = root
        for (index, component) in components.enumerated() {
            folder = try step(from: folder, component, path(of: Array(components.prefix(index + 1))))
        }
        last = (components, folder)
        return folder
    }

    private func step(from folder: OpenFile, _ name: String, _ full: String) throws(ZipError) -> OpenFile {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(folder.descriptor, name, flags)
        if descriptor < 0 && errno == ENOENT {
            // Another thread may make it at the same moment.
            guard mkdirat(folder.descriptor, name, 0o777) == 0 || errno == EEXIST else { throw .system(full) }
            descriptor = openat(folder.descriptor, name, flags)
        }
        guard descriptor >= 0 else { throw .system(full) }
        return OpenFile(descriptor: descriptor, path: full)
    }

    /// The target's own path is the caller's: links in it are followed.
    private static func makeFolders(_ path: String) throws(ZipError) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
            let prefix = String(path[..<end])
            guard mkdir(prefix, 0o777) == 0 || errno == EEXIST || isFolder(prefix) else { throw .system(prefix) }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
