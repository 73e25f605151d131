import Foundation
import NightjarLogging
import Testing

/// A file system of a few pages, for those who may mount one.
private final class SmallDisk {
    let path: String

    init?(kilobytes: Int) {
        path = NSTemporaryDirectory() + "nightjar-disk-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path) else {
            try? FileManager.default.removeItem(atPath: path)
            return nil
        }
    }

    deinit {
        _ = Self.run("umount", path)
        try? FileManager.default.removeItem(atPath: path)
    }

    static var isAvailable: Bool { geteuid() == 0 && SmallDisk(kilobytes: 4) != nil }

    func file(_ name: String) -> String { path + "/" + name }
    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
    func fill(_ name: String, pages: Int) throws {
        try Data(count: pages * 4096).write(to: URL(fileURLWithPath: file(name)))
    }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

    private static func run(_ words: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

@Suite(.serialized, .enabled(if: SmallDisk.isAvailable)) struct FullDiskTests {
    let test = TestSystem()
    private let disk: SmallDisk

    init() throws { disk = try #require(SmallDisk(kilobytes: 16)) }

    /// Logs until the disk is full, makes room, and logs again; gives the lines.
    private func lines(_ handler: any Handler, _ file: String) throws -> (whole: [String], torn: [String]) {
        let log = test.system.logger("a", handler)
        try disk.fill("filler", pages: 2)
        for number in 1000..<1020 { log.info("\(number) " + String(repeating: "x", count: 600) + " end") }
        try? handler.flush()
        try disk.remove("filler")
        log.info("1020 after end")
        try handler.close()
        let lines = try disk.text(file).split(separator: "\n").map(String.init)
        return (
            lines.filter { $0.hasPrefix("1") && $0.hasSuffix("end") }.map { String($0.prefix(4)) },
            lines.filter { !$0.hasSuffix("end") }
        )
    }

    @Test func aTornLineDoesNotSwallowTheNextRecord() throws {
        let handler = try FileHandler(disk.file("f"))
        let (whole, torn) = try lines(handler, "f")
        #expect(torn.count == 1)
        #expect(whole == (1000..<1000 + whole.count - 1).map(String.init) + ["1020"])
        #expect(handler.statistics.delivered == whole.count)
        #expect(handler.statistics.failed == 21 - whole.count)
        #expect(test.error.text.contains("[Errno 28] No space left on device"))
    }

    @Test func norInARotatingFile() throws {
        let handler = try RotatingFileHandler(disk.file("f"), maxBytes: 1_000_000, backupCount: 1)
        let (whole, torn) = try lines(handler, "f")
        #expect(torn.count == 1)
        #expect(whole.last == "1020")
        #expect(handler.statistics.delivered == whole.count)
    }

    @Test func aBufferKeepsWhatItCouldNotWrite() throws {
        let handler = try FileHandler(disk.file("f"), buffering: .buffered(bytes: 1_000))
        let (whole, torn) = try lines(handler, "f")
        #expect(torn.isEmpty)
        #expect(whole.last == "1020")
        #expect(handler.statistics.delivered == whole.count)
        #expect(handler.statistics.failed == 21 - whole.count)
    }

    @Test func aQueueThatTriesAgainLosesNothing() throws {
        let handler = try FileHandler(disk.file("f"))
        try handler.setDelivery(
            DeliveryOptions(flushInterval: 0, timeout: 20, retry: RetryPolicy(initial: 0.005, longest: 0.01)))
        let log = test.system.logger("a", handler)
        try disk.fill("filler", pages: 2)
        for number in 1000..<1015 { log.info("\(number) " + String(repeating: "x", count: 600) + " end") }
        while handler.statistics.retried == 0 { sched_yield() }
        try disk.remove("filler")
        try handler.flush()
        let whole = try disk.text("f").split(separator: "\n").filter { $0.hasSuffix("end") && $0.hasPrefix("1") }
        #expect(whole.map { Int($0.prefix(4)) } == Array(1000..<1015))
        #expect(handler.statistics.delivered == 15)
        try handler.close()
    }
}
