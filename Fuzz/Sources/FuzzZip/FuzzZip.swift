// Reading archives that anybody may have written: directories, local headers, sizes, names and compressed data. Any bytes are
// an archive or a ZipError, reading stays within its limits, and names for extraction stay below their folder.
import NightjarBinary

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let archive = try? ZipArchive(bytes: bytes) else { return 0 }
    let limits = ZipLimits(maxSize: 1 << 20, maxRatio: 1_000, maxMembers: 100)
    for info in archive.infolist().prefix(50) {
        if let data = try? archive.read(info, limits: limits) {
            precondition(data.count == info.fileSize && data.count <= limits.maxSize)
        }
        guard info.fileSize <= limits.maxSize, let reader = try? archive.open(info) else { continue }
        var total = 0
        while let part = try? reader.read(1_000), !part.isEmpty {
            total += part.count
            precondition(total <= info.fileSize, "more than declared")
        }
        try? reader.close()
    }
    _ = try? archive.testzip()
    try? archive.close()
    return 0
}
