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

/// A folder that is removed with all it holds when the test lets go of it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/nightjar-test-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit { _ = shell("rm -rf '\(path)'") }

    func file(_ name: String) -> String { path + "/" + name }

    /// The names in the folder, sorted; hidden ones too.
    var names: [String] {
        shell("ls -A '\(path)'").output.split(separator: "\n").map(String.init)
    }
}

/// Runs a command line and gives its exit status and what it printed, errors included.
func shell(_ command: String) -> (status: Int32, output: String) {
    guard let stream = popen("{ \(command)\n} 2>&1", "r") else { return (-1, "popen failed") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { output += buffer[..<count] }
    let status = pclose(stream)
    return (status >> 8 & 0xFF, String(decoding: output, as: UTF8.self))
}

/// Bytes that compress to about a quarter, the same at every run.
func sampleText(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 16)
    while bytes.count < min(count, 100_000) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes += Array("line \(state >> 52) of a log\n".utf8)
    }
    // Repeated beyond the window of the compressor, so that it cannot tell.
    while bytes.count < count { bytes += bytes.prefix(count - bytes.count) }
    return Array(bytes.prefix(count))
}

/// Bytes that do not compress, the same at every run.
func sampleNoise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 42
    var bytes = (0..<min(count, 100_000)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
    while bytes.count < count { bytes += bytes.prefix(count - bytes.count) }
    return bytes
}
