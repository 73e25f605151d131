internal import Glibc
internal import Synchronization

extension ZipArchive {
    /// Opens a new member for writing; reading and other writing wait until it is closed.
    ///
    /// `forceZip64` is needed only where the archive does not expect a member above 2 GiB: one whose `info.fileSize`
    /// was too small.
    public func openForWriting(_ name: String, forceZip64: Bool = false) throws(ZipError) -> ZipMemberWriter {
        try openForWriting(withDefaults(ZipInfo(name: name, dateTime: .earliest)), forceZip64: forceZip64)
    }

    /// Opens a new member with the entry's name, time, method and attributes for writing.
    public func openForWriting(_ info: ZipInfo, forceZip64: Bool = false) throws(ZipError) -> ZipMemberWriter {
        try openForWriting(info, forceZip64: forceZip64, expectedSize: info.fileSize > 0 ? info.fileSize : nil)
    }

    private func openForWriting(
        _ info: ZipInfo, forceZip64: Bool, expectedSize: Int?
    ) throws(ZipError) -> ZipMemberWriter {
        let info = Self.normalized(info)
        _ = try policy.usesZip64(forSize: expectedSize ?? 0, force: forceZip64)
        try Self.checkLevel(info.compressionLevel)
        try state.withLock { state throws(ZipError) in
            try check(state, for: info, opening: true)
            state.isWriting = true
            state.isModified = true
        }
        warnIfDuplicate(info)
        return ZipMemberWriter(info, archive: self, forceZip64: forceZip64, expectedSize: expectedSize)
    }

    /// Adds a file or folder from disk. `arcname` is its name in the archive, its path if nil.
    public func write(
        _ filename: String, arcname: String? = nil, compressType: ZipCompressionMethod? = nil,
        compressionLevel: Int? = nil
    ) throws(ZipError) {
        try checkWritable(closedMessage: "Attempt to write to ZIP archive that was already closed", ending: "")
        var info = try ZipInfo(
            fromFile: filename, arcname: arcname, strictTimestamps: options.strictTimestamps)
        if info.isDirectory { return try mkdir(info) }
        info = withDefaults(info, compressType, compressionLevel)
        let file = try OpenFile(path: filename, flags: O_RDONLY)
        // One byte more than the file has, so that one read shows its end too.
        let head = try [UInt8].filled(capacity: min(info.fileSize, MemberCodecs.wholeMemberBound) + 1) {
            buffer throws(ZipError) in try file.readNext(into: buffer)
        }
        if head.count <= info.fileSize && head.count <= MemberCodecs.wholeMemberBound { return try add(info, head) }
        try stream(head, file, info)
    }

    /// Adds a file that is large, or longer than its size says. `head` is what was read of it already.
    private func stream(_ head: [UInt8], _ file: OpenFile, _ info: ZipInfo) throws(ZipError) {
        let writer = try openForWriting(info, forceZip64: false, expectedSize: max(info.fileSize, head.count))
        do throws(ZipError) {
            try writer.write(head)
            try copy(file, to: writer)
            try writer.close()
        } catch {
            writer.abandon()
            throw error
        }
    }

    private func copy(_ file: OpenFile, to writer: ZipMemberWriter) throws(ZipError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try file.readNext(into: buffer)
            if count == 0 { return }
            try writer.write(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
        }
    }

    /// Adds a member with the given data, the current time and mode 0600; a name ending in `/` is a folder.
    public func writestr(
        _ name: String, _ data: [UInt8], compressType: ZipCompressionMethod? = nil, compressionLevel: Int? = nil
    ) throws(ZipError) {
        if name.isEmpty { throw .value("Empty filename.") }
        var info = ZipInfo(name: name, dateTime: .now())
        info.externalAttributes =
            info.isDirectory ? 0o40775 << 16 | ZipInfo.directoryAttribute : 0o600 << 16
        info = withDefaults(info, compressType, compressionLevel)
        try add(info, data)
    }

    /// Adds a member with the given data and the entry's name, time, method and attributes.
    public func writestr(
        _ info: ZipInfo, _ data: [UInt8], compressType: ZipCompressionMethod? = nil, compressionLevel: Int? = nil
    ) throws(ZipError) {
        var info = info
        if let compressType { info.compressType = compressType }
        if let compressionLevel { info.compressionLevel = compressionLevel }
        try add(info, data)
    }

    /// Adds a folder; the name gets its slash if it has none.
    public func mkdir(_ name: String, mode: UInt32 = 0o777) throws(ZipError) {
        try mkdir(.directory(name, mode: mode))
    }

    /// Adds a folder by its entry, which must be a folder's.
    public func mkdir(_ info: ZipInfo) throws(ZipError) {
        guard info.isDirectory else { throw .value("The given ZipInfo does not describe a directory") }
        var info = info
        info.compressType = .stored
        try add(info, [])
    }

    /// Compresses outside the lock, then appends inside it.
    private func add(_ info: ZipInfo, _ data: [UInt8]) throws(ZipError) {
        try checkWritable(closedMessage: "Attempt to write to ZIP archive that was already closed", ending: ".")
        var info = Self.normalized(info)
        info.fileSize = data.count
        try Self.checkLevel(info.compressionLevel)
        try state.withLock { state throws(ZipError) in try check(state, for: info, opening: false) }
        warnIfDuplicate(info)
        let member = try data.withBytes { bytes throws(ZipError) in
            try PreparedMember(info, bytes, forceZip64: false, policy)
        }
        try state.withLock { state throws(ZipError) in
            try check(state, for: info, opening: false)
            _ = try append(member, to: &state)
        }
    }

    private func withDefaults(
        _ info: ZipInfo, _ method: ZipCompressionMethod? = nil, _ level: Int? = nil
    ) -> ZipInfo {
        var info = info
        info.compressType = method ?? options.compression
        info.compressionLevel = level ?? options.compressionLevel
        return info
    }

    /// What Python sets anew for every member it writes.
    private static func normalized(_ info: ZipInfo) -> ZipInfo {
        var info = info
        info.flagBits = 0
        info.endOffset = nil
        info.storedName = nil
        if info.externalAttributes == 0 { info.externalAttributes = 0o600 << 16 }
        return info
    }

    private func warnIfDuplicate(_ info: ZipInfo) {
        guard let onWarning = options.onWarning, state.withLock({ $0.catalog[info.filename] }) != nil else { return }
        onWarning("Duplicate name: \(pythonRepr(info.filename))")
    }
}

// The checks, in Python's order and words.
extension ZipArchive {
    private func checkWritable(closedMessage: String, ending: String) throws(ZipError) {
        try state.withLock { state throws(ZipError) in
            guard state.source != nil else { throw .value(closedMessage) }
            if state.isWriting {
                throw .value("Can't write to ZIP archive while an open writing handle exists\(ending)")
            }
        }
    }

    private func check(_ state: borrowing State, for info: ZipInfo, opening: Bool) throws(ZipError) {
        guard state.source != nil else {
            throw opening ? .closed : .value("Attempt to write to ZIP archive that was already closed")
        }
        if state.isWriting {
            throw .value(
                "Can't write to the ZIP file while there is another write handle open on it. "
                    + "Close the first handle before opening another.")
        }
        guard mode != .read else { throw .value("write() requires mode 'w', 'x', or 'a'") }
        try info.compressType.check()
        guard !options.allowZip64 else { return }
        let reason =
            state.catalog.entries.count >= options.thresholds.count
            ? "Files count"
            : info.fileSize > options.thresholds.size
                ? "Filesize" : state.nextOffset > options.thresholds.size ? "Zipfile size" : nil
        if let reason { throw ZipError(.largeZipFile, "\(reason) would require ZIP64 extensions") }
    }
}

// What a ZipMemberWriter needs of its archive, which it has reserved.
extension ZipArchive {
    func nextOffset() throws(ZipError) -> Int {
        try state.withLock { state throws(ZipError) in
            guard state.output != nil else { throw .closed }
            return state.nextOffset
        }
    }

    /// Writes under the lock, so that nothing is written to an archive that was given up meanwhile.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(ZipError) {
        try state.withLock { state throws(ZipError) in
            guard let output = state.output else { throw .closed }
            try output.file.write(bytes, at: position)
        }
    }

    func appendReserved(_ member: PreparedMember) throws(ZipError) -> ZipInfo {
        try state.withLock { state throws(ZipError) in try append(member, to: &state) }
    }

    func registerStreamed(_ info: ZipInfo, end: Int) throws(ZipError) {
        try state.withLock { state throws(ZipError) in
            guard state.output != nil else { throw .closed }
            state.catalog.append(info)
            state.nextOffset = end
        }
    }

    /// The member that was open for writing is closed or given up. What a given up one has written is cut off.
    func endMember(cutOff: Bool) {
        state.withLock { state in
            state.isWriting = false
            if cutOff, let output = state.output { try? output.file.truncate(to: state.nextOffset) }
        }
    }

    private func append(_ member: PreparedMember, to state: inout State) throws(ZipError) -> ZipInfo {
        guard let output = state.output else { throw .closed }
        do throws(ZipError) {
            try output.file.write(member.bytes, at: state.nextOffset)
        } catch {
            // What a full disk took of it must not stay between the members.
            try? output.file.truncate(to: state.nextOffset)
            throw error
        }
        var info = member.info
        info.headerOffset = state.nextOffset
        state.catalog.append(info)
        state.nextOffset += member.bytes.count
        state.isModified = true
        return info
    }
}
