/// What reading and extracting may produce before it is refused with a `.limit` error.
///
/// The sizes that an archive declares are checked before anything is written, and never exceeded after.
public struct ZipLimits: Sendable, Equatable {
    /// The most bytes that one call may produce: of one member for `read`, of all together for `extractall`.
    public var maxSize: Int
    /// The largest ratio of a member's size to its compressed size. Members of up to 1 MiB are exempt.
    public var maxRatio: Double
    /// The most members that one call may extract.
    public var maxMembers: Int

    /// 4 GiB, 250 : 1 and 100,000 members unless told otherwise.
    public init(maxSize: Int = 4 << 30, maxRatio: Double = 250, maxMembers: Int = 100_000) {
        self.maxSize = maxSize
        self.maxRatio = maxRatio
        self.maxMembers = maxMembers
    }

    /// The safe, finite defaults.
    public static let `default` = ZipLimits()
    /// No limit, for archives that are trusted.
    public static let unlimited = ZipLimits(maxSize: .max, maxRatio: .infinity, maxMembers: .max)

    static let ratioExemption = 1 << 20

    func check(_ info: ZipInfo) throws(ZipError) {
        let name = pythonRepr(info.filename)
        guard info.fileSize <= maxSize else {
            throw ZipError(.limit, "File \(name) has \(info.fileSize) bytes, more than max_size \(maxSize)")
        }
        let ratio = Double(info.fileSize) / Double(max(info.compressSize, 1))
        if info.fileSize > Self.ratioExemption && ratio > maxRatio {
            throw ZipError(
                .limit,
                "File \(name) expands \(Int(min(ratio, 1e15))) : 1, more than max_ratio \(maxRatio) (possible zip bomb)"
            )
        }
    }

    func check(_ members: [ZipInfo]) throws(ZipError) {
        guard members.count <= maxMembers else {
            throw ZipError(.limit, "Archive has \(members.count) members, more than max_members \(maxMembers)")
        }
        var total = 0
        for member in members {
            try check(member)
            let (sum, overflows) = total.addingReportingOverflow(member.fileSize)
            guard !overflows, sum <= maxSize else {
                throw ZipError(.limit, "Archive has more than max_size \(maxSize) bytes of data")
            }
            total = sum
        }
    }
}
