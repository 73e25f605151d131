import Foundation
import NightjarLogging
import NightjarLua
import NightjarModules
import Testing

/// Runs the scripts in `Tests/Lua/logging`. What a script writes to standard error or output must be what the file of its name with
/// `.stderr` or `.stdout` has, which CPython wrote where it can; with neither file, nothing.
@Suite("Logging scripts")
struct LoggingScriptTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Lua/logging")

    static let scripts: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".lua") }.map { String($0.dropLast(4)) }.sorted()
    }()

    @Test(arguments: scripts)
    func scriptRunsAndWritesWhatIsExpected(_ name: String) throws {
        let run = try LoggingRun()
        try run.script("\(Self.folder.path)/\(name).lua")
        for (stream, text) in [("stderr", run.error.text), ("stdout", run.output.text)] {
            let file = Self.folder.appendingPathComponent("\(name).\(stream)")
            let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            // Where the checkout lies is not part of what is expected.
            let shown = text.replacingOccurrences(of: Self.folder.path, with: "<scripts>")
                .replacingOccurrences(of: run.folder, with: "<folder>")
                .replacing(/\.\.\.[^\s:]*\/([a-z_]+\.lua)/) { "<scripts>/\($0.output.1)" }
            #expect(shown == expected, "\(stream) of \(name)")
        }
    }

    @Test func scriptsWereFound() { #expect(!Self.scripts.isEmpty) }
}

/// One program: a logging system with its streams in memory, and a folder for its files.
final class LoggingRun {
    let output = MemorySink()
    let error = MemorySink()
    let environment: ScriptEnvironment
    let folder: String

    init() throws {
        let logging = LoggingSystem(standardOutput: output, standardError: error)
        environment = ScriptEnvironment(
            options: LuaState.Options(libraries: .everything, moduleFolders: [LuaScript.folder]), logging: logging)
        folder = NSTemporaryDirectory() + "nightjar-logging-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func script(_ path: String) throws {
        let state = try environment.makeState()
        defer { state.close() }
        do { try state.run(file: path, arguments: [folder]) } catch {
            Issue.record("\(error.report)\n\(error.traceback)")
        }
        environment.logging.shutdown()
    }
}
