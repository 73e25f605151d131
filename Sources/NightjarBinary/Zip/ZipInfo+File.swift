internal import Glibc

extension ZipInfo {
    /// An entry for a file or folder on disk, with its time, mode and size (Python's `from_file`).
    ///
    /// `arcname` is the name in the archive, the path itself if nil; drive and leading separators go either way.
    /// A time that the format cannot hold is a `.value` error, or is clamped if `strictTimestamps` is false.
    public init(fromFile path: String, arcname: String? = nil, strictTimestamps: Bool = true) throws(ZipError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .system(path) }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        var time = ZipDateTime(secondsSince1970: status.st_mtim.tv_sec)
        if !strictTimestamps { time = max(.earliest, min(.latest, time)) }

        let name = Self.archiveName(arcname ?? path)
        if name.isEmpty { throw .value("Empty filename.") }
        try self.init(filename: isDirectory ? name + "/" : name, dateTime: time)
        externalAttributes = (status.st_mode & 0xFFFF) << 16
        if isDirectory {
            externalAttributes |= Self.directoryAttribute
        } else {
            fileSize = max(Int(status.st_size), 0)
        }
    }

    /// `os.path.normpath` without leading separators: `/a//b/../c` is `a/c`, and `../x` keeps its dots.
    static func archiveName(_ path: String) -> String {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", isAbsolute ? parts.isEmpty : false { continue }
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        if parts.isEmpty { return isAbsolute ? "" : "." }
        return parts.joined(separator: "/")
    }
}
