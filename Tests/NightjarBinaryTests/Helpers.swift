import Glibc
import Testing

/// The lines of a file in `Tests/Golden`.
func goldenLines(_ name: String, file: StaticString = #filePath) throws -> [String] {
    let tests = String(describing: file).split(separator: "/").prefix { $0 != "Tests" }.joined(separator: "/")
    let data = try contents(of: "/\(tests)/Tests/Golden/\(name)")
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// All bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0, "cannot open \(path)")
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var done = 0
    var bytes = [UInt8](repeating: 0, count: size)
    while done < size {
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, size - done, done) }
        try #require(count > 0)
        done += count
    }
    return bytes
}

/// Makes or replaces a file.
func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    try #require(descriptor >= 0, "cannot write \(path)")
    defer { close(descriptor) }
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    #expect(count == bytes.count)
}

func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
