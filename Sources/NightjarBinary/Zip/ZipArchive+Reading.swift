internal import Synchronization

extension ZipArchive {
    /// Opens the member of that name for reading.
    public func open(_ name: String) throws(ZipError) -> ZipMemberReader {
        try open(getinfoIfOpen(name))
    }

    /// Opens the member of that entry for reading, which also reaches one of several with the same name.
    public func open(_ info: ZipInfo) throws(ZipError) -> ZipMemberReader {
        try ZipMemberReader(MemberSource(info, in: readableSource()))
    }

    /// All data of the member of that name. `limits` are the archive's unless given.
    public func read(_ name: String, limits: ZipLimits? = nil) throws(ZipError) -> [UInt8] {
        try read(getinfoIfOpen(name), limits: limits)
    }

    /// All data of the member of that entry. `limits` are the archive's unless given.
    public func read(_ info: ZipInfo, limits: ZipLimits? = nil) throws(ZipError) -> [UInt8] {
        let source = try readableSource()
        try (limits ?? options.limits).check(info)
        if info.fileSize <= Self.wholeReadBound { return try MemberSource.readWhole(info, in: source) }
        return try ZipMemberReader(MemberSource(info, in: source)).read()
    }

    /// Reads all members and returns the name of the first that is damaged; nil if all are sound.
    public func testzip() throws(ZipError) -> String? {
        guard !isClosed else { throw .closed }
        for info in infolist() {
            do throws(ZipError) {
                try verify(info, in: readableSource())
            } catch {
                guard error.kind == .badZipFile else { throw error }
                return info.filename
            }
        }
        return nil
    }

    private func verify(_ info: ZipInfo, in source: any ByteSource) throws(ZipError) {
        if info.fileSize <= MemberCodecs.wholeMemberBound {
            _ = try MemberSource.readWhole(info, in: source)
        } else {
            try MemberStream(MemberSource(info, in: source)).forEachPiece { _ in }
        }
    }

    /// Members of up to this size are decompressed in one step where all of their data is asked for; the compressed
    /// data is then in memory too.
    static let wholeReadBound = 256 << 20

    private func getinfoIfOpen(_ name: String) throws(ZipError) -> ZipInfo {
        guard !isClosed else { throw .closed }
        return try getinfo(name)
    }

    func readableSource() throws(ZipError) -> any ByteSource {
        try state.withLock { state throws(ZipError) in
            guard let source = state.source else { throw .closed }
            if state.isWriting {
                throw .value(
                    "Can't read from the ZIP file while there is an open writing handle on it. "
                        + "Close the writing handle before trying to read.")
            }
            return source
        }
    }
}

extension MemberStream {
    /// Hands all data on, piece by piece.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws(ZipError) -> Void) throws(ZipError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
        }
    }
}
