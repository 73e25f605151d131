/// The entries of an archive and their names.
struct Catalog: Sendable {
    private(set) var entries: [ZipInfo] = []
    /// The last entry of each name.
    private var indexes: [NameKey: Int] = [:]

    init() {}

    /// Reads and checks the directory.
    init(_ end: EndRecord, in source: any ByteSource) throws(ZipError) {
        let directory = try source.bytes(at: end.directoryStart, count: end.directorySize)
        guard directory.count == end.directorySize else { throw .bad("Truncated central directory") }
        entries = try directory.withBytes { bytes throws(ZipError) in
            try CentralDirectory.decode(bytes, shift: end.shift)
        }
        guard end.agrees(withEntryCount: entries.count) else {
            throw .bad("Bad entry count for central directory: it has \(entries.count) entries")
        }
        indexes.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() { indexes[NameKey(entry.filename)] = index }
        setEndOffsets(directoryStart: end.directoryStart)
    }

    /// No member may reach into the next or into the directory.
    private mutating func setEndOffsets(directoryStart: Int) {
        var end = directoryStart
        for index in entries.indices.sorted(by: { entries[$0].headerOffset > entries[$1].headerOffset }) {
            entries[index].endOffset = end
            end = entries[index].headerOffset
        }
    }

    subscript(name: String) -> ZipInfo? { indexes[NameKey(name)].map { entries[$0] } }

    mutating func append(_ info: ZipInfo) {
        indexes[NameKey(info.filename)] = entries.count
        entries.append(info)
    }

    /// The directory and the record that ends the archive.
    func encode(at start: Int, comment: [UInt8], _ policy: WritePolicy) throws(ZipError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 96 + EndRecord.size + comment.count)
        for entry in entries { try CentralDirectory.append(entry, to: &bytes, policy.thresholds) }
        let size = bytes.count
        if let reason = zip64Reason(start, size, policy.thresholds), !policy.allowZip64 {
            throw ZipError(.largeZipFile, "\(reason) would require ZIP64 extensions")
        }
        EndRecord.append(
            to: &bytes, entryCount: entries.count, directorySize: size, directoryStart: start, comment: comment,
            policy.thresholds)
        return bytes
    }

    private func zip64Reason(_ start: Int, _ size: Int, _ thresholds: Zip64Thresholds) -> String? {
        if entries.count > thresholds.count { return "Files count" }
        if start > thresholds.size { return "Central directory offset" }
        return size > thresholds.size ? "Central directory size" : nil
    }
}
