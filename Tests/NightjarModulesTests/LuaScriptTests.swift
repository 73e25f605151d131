import Glibc
import NightjarLogging
import NightjarLua
import NightjarModules
import Testing

/// A script in `Tests/Lua/<module>/<behaviour>.lua`.
struct LuaScript: Sendable, CustomTestStringConvertible {
    let path: String

    var testDescription: String { String(path.dropFirst(Self.folder.count + 1)) }

    /// `Tests/Lua`, which has `testing.lua` for `require`.
    static let folder: String = {
        let here = #filePath.split(separator: "/").prefix { $0 != "NightjarModulesTests" }
        return "/" + here.joined(separator: "/") + "/Lua"
    }()

    /// All scripts below `Tests/Lua`, in the order of their names.
    static let all: [LuaScript] = {
        let found = modules().flatMap { module in
            names(in: "\(folder)/\(module)").filter { $0.hasSuffix(".lua") }.map {
                LuaScript(path: "\(folder)/\(module)/\($0)")
            }
        }
        precondition(!found.isEmpty, "no script below \(folder)")
        return found
    }()

    /// The folders whose scripts another suite runs, with more than they find here.
    private static let withRunnersOfTheirOwn: Set<String> = ["gc", "logging", "weakref"]

    private static func modules() -> [String] {
        names(in: folder).filter { !$0.contains(".") && !withRunnersOfTheirOwn.contains($0) }
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

@Suite struct LuaScriptTests {
    /// Runs each script in an interpreter of its own; it gets an empty folder of its own as argument 1.
    @Test(arguments: LuaScript.all) func scriptEndsWithoutAnError(_ script: LuaScript) throws {
        let folder = try TemporaryFolder()
        let state = try Self.makeState()
        defer { state.close() }
        Self.run(script.path, in: state, folder)
    }

    @Test func anErrorOfAScriptIsTheFailureWithItsPlaceAndTraceback() throws {
        let folder = try TemporaryFolder()
        let state = try Self.makeState()
        defer { state.close() }
        try state.run(
            "local f = io.open(..., 'w') f:write('\\nrequire(\"testing\").equal(1, 2)') f:close()",
            arguments: [folder.file("bad.lua")])
        withKnownIssue {
            Self.run(folder.file("bad.lua"), in: state, folder)
        } matching: { issue in
            let text = "\(issue)"
            return text.contains("bad.lua:2: got 1, expected 2") && text.contains("stack traceback:")
        }
    }

    private static func run(_ path: String, in state: LuaState, _ folder: TemporaryFolder) {
        do {
            try state.run(file: path, arguments: [folder.path])
        } catch {
            Issue.record("\(error.report)\n\(error.traceback)")
        }
    }

    static func makeState() throws -> LuaState {
        let options = LuaState.Options(
            libraries: .everything, allowsFinalizers: true, moduleFolders: [LuaScript.folder])
        // As the command does: no script may be told of a deadlock that is none.
        return try ScriptEnvironment(options: options, logging: LoggingSystem(), reportsDeadlocks: true).makeState()
    }
}

/// An empty folder that is removed with all it holds when the test lets go of it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/nightjar-lua-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit { if let stream = popen("rm -rf '\(path)'", "r") { pclose(stream) } }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Whether there is a file or folder of that name.
    func has(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

    /// The names in the folder, sorted; hidden ones too.
    var names: [String] { LuaScript.names(in: path) }
}
