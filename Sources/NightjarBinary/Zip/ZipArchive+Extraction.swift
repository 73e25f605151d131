extension ZipArchive {
    /// Extracts the member of that name below `path`, the current folder if nil, and returns where it is.
    @discardableResult
    public func extract(_ name: String, to path: String? = nil, limits: ZipLimits? = nil) throws(ZipError) -> String {
        guard !isClosed else { throw .closed }
        return try extract(getinfo(name), to: path, limits: limits)
    }

    /// Extracts the member of that entry below `path`, the current folder if nil, and returns where it is.
    ///
    /// Of the name go leading slashes and all `.` and `..`. No symbolic link below `path` is followed: one in place of
    /// a folder is a `.system` error, one in place of the file is replaced. A member that is a link is written as a
    /// plain file. On an error nothing of the member stays.
    @discardableResult
    public func extract(_ info: ZipInfo, to path: String? = nil, limits: ZipLimits? = nil) throws(ZipError) -> String {
        let source = try readableSource()
        try (limits ?? options.limits).check([info])
        return try extract(info, from: source, to: ExtractionFolder(path ?? "."))
    }

    /// Extracts all members, or those of the given names, below `path`, the current folder if nil.
    ///
    /// The limits are checked for all before the first is written; see `extract` for what happens to names and links.
    public func extractall(
        to path: String? = nil, members: [String]? = nil, limits: ZipLimits? = nil
    ) throws(ZipError) {
        let source = try readableSource()
        var infos: [ZipInfo] = []
        if let members {
            for name in members { infos.append(try getinfo(name)) }
        } else {
            infos = infolist()
        }
        try (limits ?? options.limits).check(infos)
        let folder = try ExtractionFolder(path ?? ".")
        for info in infos { try extract(info, from: source, to: folder) }
    }

    @discardableResult
    private func extract(
        _ info: ZipInfo, from source: any ByteSource, to folder: ExtractionFolder
    ) throws(ZipError) -> String {
        let components = MemberPath.components(of: info.filename)
        if info.isDirectory {
            try folder.makeFolder(components)
        } else {
            if components.isEmpty { throw .value("Empty filename.") }
            try extractFile(info, from: source, to: folder, components)
        }
        return folder.path(of: components)
    }

    private func extractFile(
        _ info: ZipInfo, from source: any ByteSource, to folder: ExtractionFolder, _ components: [String]
    ) throws(ZipError) {
        if info.fileSize <= MemberCodecs.wholeMemberBound {
            // Damaged data is found before there is a file for it.
            let data = try MemberSource.readWhole(info, in: source)
            return try folder.makeFile(components) { file throws(ZipError) in try file.write(data, at: 0) }
        }
        let stream = try MemberStream(MemberSource(info, in: source))
        try folder.makeFile(components) { file throws(ZipError) in
            var position = 0
            try stream.forEachPiece { piece throws(ZipError) in
                try file.write(piece, at: position)
                position += piece.count
            }
        }
    }
}
