import Foundation
import NightjarLogging
import Synchronization

/// A folder that is removed at the end of the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "nightjar-logging-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
    }
}

/// A system whose streams are kept in memory.
struct TestSystem {
    let output = MemorySink()
    let error = MemorySink()
    let system: LoggingSystem

    init() { system = LoggingSystem(standardOutput: output, standardError: error) }
}

/// Runs `body` on several threads and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread.detachNewThread {
            body(index)
            group.leave()
        }
    }
    group.wait()
}

struct TestFailure: Error, CustomStringConvertible {
    var description: String { "it broke" }
}

final class FailingHandler: Handler {
    let core = HandlerCore()
    func emit(_ record: LogRecord, text: inout [UInt8]) throws { throw TestFailure() }
}

/// The record that the goldens were made from.
func goldenRecord() -> LogRecord {
    var record = LogRecord(
        name: "a.b", level: .warning, message: "héllo wörld", pathname: "/srv/app/über.tar.gz", lineno: 42,
        funcName: "run", createdNanoseconds: 1_704_164_645_678_000_000, relativeNanoseconds: 1_234_500_000,
        thread: 140_000_000_000_001, threadName: "Thré", process: 77)
    record.fields = [
        "order": 7, "ratio": 0.1, "big": 1e16, "tiny": 1e-05, "negative": -42, "text": "it's", "accent": "naïve",
        "empty": "",
    ]
    return record
}
