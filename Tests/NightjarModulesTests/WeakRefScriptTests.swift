import Glibc
import NightjarLogging
import NightjarLua
@testable import NightjarModules
import Testing

/// Runs the scripts of `Tests/Lua/weakref` and `Tests/Lua/gc`, each in an interpreter of its own.
@Suite struct WeakRefScriptTests {
    static let scripts = ["weakref", "gc"].flatMap(list)

    private static func list(_ folder: String) -> [String] {
        let path = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Lua/" + folder
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".lua") { names.append(path + "/" + name) }
        }
        return names.sorted()
    }

    @Test func thereAreScripts() { #expect(WeakRefScriptTests.scripts.count > 40) }

    @Test(arguments: scripts) func scriptRunsAndLeaksNothing(_ path: String) throws {
        let fixture = try WeakRefFixture()
        do {
            try fixture.lua.run(file: path)
            try WeakReferences.finish(fixture.lua)
            try WeakReferences.finish(fixture.lua)
            try fixture.lua.run("if after_finish then after_finish() end")
        } catch {
            Issue.record("\(error.report)\n\(error.traceback)")
        }
        #expect(fixture.reports.texts == [])
        #expect(fixture.close() == 0)
    }
}

/// An interpreter whose ignored errors are collected.
final class WeakRefFixture {
    final class Reports {
        var texts: [String] = []
        func take() -> [String] {
            defer { texts = [] }
            return texts
        }
    }
    let lua: LuaState
    let reports = Reports()
    let registry: WeakRegistry

    init(_ options: LuaState.Options = .init(libraries: .everything, allowsFinalizers: true)) throws {
        lua = try ScriptEnvironment(options: options, logging: LoggingSystem()).makeState()
        registry = WeakRegistry.of(lua)
        let reports = self.reports
        WeakReferences.setReport(in: lua) { reports.texts.append($0) }
        try lua.set("ignored_errors") { () in reports.take() }
    }

    /// The Swift objects of weak references that are left without the interpreter.
    func close() -> Int {
        lua.close()
        return registry.liveObjects
    }
}
