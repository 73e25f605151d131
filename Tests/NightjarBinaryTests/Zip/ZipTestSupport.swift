import Synchronization

@testable import NightjarBinary

/// Collects warnings from any thread.
final class Warnings: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
}

extension ZipArchive.Options {
    /// Makes small archives large enough for the zip64 forms.
    mutating func lowerZip64Thresholds(size: Int, count: Int) {
        thresholds = Zip64Thresholds(size: size, count: count)
    }
}

/// A deflated archive in memory.
func archiveBytes(
    _ members: [(String, [UInt8])], method: ZipCompressionMethod = .deflated, comment: String = ""
) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    var options = ZipArchive.Options()
    options.compression = method
    let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options)
    for (name, data) in members { try archive.writestr(name, data) }
    archive.comment = Array(comment.utf8)
    try archive.close()
    return try contents(of: folder.file("a.zip"))
}

/// A Unicode path record that says "ü" for an entry named "raw": version, CRC-32 of that name, and the name.
let unicodePathOfRaw: [UInt8] = [0x75, 0x70, 7, 0, 1, 0x55, 0xDB, 0xB3, 0x1A, 0xC3, 0xBC]

/// Random numbers that are the same at every run, so that a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
