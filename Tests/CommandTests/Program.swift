import Dispatch
import Foundation
import Testing

/// A finished run of one of the package's programs.
struct Program {
    let output: String
    let errors: String
    let exitCode: Int32

    /// The folder of the built programs: that of the test runner itself.
    static let buildFolder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static let packageFolder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs `name` with `arguments` in `folder`, feeds it `input`, and waits for its end. `interact` meanwhile has the process.
    static func run(
        _ name: String, _ arguments: [String], in folder: URL, input: String = "",
        interact: ((Process, FileHandle) throws -> Void)? = nil
    ) throws -> Program {
        let process = Process(), errors = folder.appendingPathComponent(".stderr-\(UUID().uuidString)")
        let output = try PrivatePipe(), input = (text: input, pipe: try PrivatePipe())
        process.executableURL = buildFolder.appendingPathComponent(name)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output.writing
        // A file, so that neither stream can block the other.
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = input.pipe.reading
        try process.run()
        try output.writing.close()
        try input.pipe.reading.close()
        input.pipe.writing.write(Data(input.text.utf8))
        try input.pipe.writing.close()
        // A program that hangs is a failure, not a hanging test.
        let overdue = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 30, execute: overdue)
        defer { overdue.cancel() }
        try interact?(process, output.reading)
        let data = output.reading.readDataToEndOfFile()
        process.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: errors) }
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Program(
            output: String(decoding: data, as: UTF8.self), errors: try String(contentsOf: errors, encoding: .utf8),
            exitCode: code)
    }

    /// Runs a script text through `nightjar run -`.
    static func script(_ text: String, arguments: [String] = []) throws -> Program {
        let folder = try Folder()
        return try withExtendedLifetime(folder) {
            try run("nightjar", ["run", "-"] + arguments, in: folder.url, input: text)
        }
    }
}

/// A pipe whose ends no other program gets: tests that run at the same time start some, and one that lived on with an end in its
/// hands would keep the reader waiting for the end of input.
private struct PrivatePipe {
    let reading: FileHandle
    let writing: FileHandle

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }
}

/// An empty folder that goes with its last user.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("nightjar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ name: String, _ text: String) throws {
        try text.write(to: url.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }

    var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: url.path))?.sorted() ?? []
    }

    /// What a tool of the system says, with its exit code behind it.
    func shell(_ command: String) throws -> (text: String, code: Int32) {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = url
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }
}
