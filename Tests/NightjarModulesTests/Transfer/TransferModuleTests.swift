import NightjarLogging
import NightjarLua
@testable import NightjarModules
import Testing

/// Modules of the application's cross by name, however it has made them.
@Suite struct TransferModuleTests {
    private func makeState(
        libraries: LuaLibraries = .everything, prepare: @escaping @Sendable (LuaState) throws -> Void
    ) throws -> (ScriptEnvironment, LuaState) {
        let options = LuaState.Options(libraries: libraries)
        let environment = ScriptEnvironment(options: options, logging: LoggingSystem(), prepare: prepare)
        return (environment, try environment.makeState())
    }

    /// Calls the function that the script gives in a thread: what that gives.
    private let inThread = """
        local function inThread(f)
          local thread = require "threading".Thread { target = f }
          thread:start()
          return thread:result()
        end

        """

    @Test func oneThatEveryInterpreterStartsWithIsFound() throws {
        let (environment, state) = try makeState { state in
            try state.run(
                "package.loaded.app = { name = 'app', same = function(t) return t == package.loaded.app end }")
        }
        defer { environment.cancelThreads() }
        try state.run(
            inThread + """
                local app = require "app"
                assert(inThread(function() return app.name == "app" and app == require "app" end))
                package.loaded.mine = {}
                local mine = package.loaded.mine
                local ok, e = pcall(inThread, function() return mine end)
                assert(not ok and tostring(e):find("upvalue 'mine': module 'mine' not found", 1, true), e)
                """)
    }

    @Test(arguments: [LuaLibraries.everything, .scripting])
    func aNativeOneIsFound(_ libraries: LuaLibraries) throws {
        let (environment, state) = try makeState(libraries: libraries) { state in
            state.register(LuaModule("meter", doc: "Counts.") { try $0.value("limit", 7) })
        }
        defer { environment.cancelThreads() }
        try state.run(
            inThread + """
                local meter = require "meter"
                assert(inThread(function() return meter.limit == 7 and meter == require "meter" end))
                """)
    }

    @Test func lookingForAModuleLoadsNothing() throws {
        let (environment, state) = try makeState { state in
            state.register(LuaModule("meter", doc: "Counts.") { _ in Issue.record("loaded") })
        }
        defer { environment.cancelThreads() }
        #expect(state.canFindModule("meter"))
        #expect(!state.canFindModule("metre"))
        try state.run("package.preload.metre = function() error 'loaded' end package.path = '/dev/?'")
        #expect(state.canFindModule("metre"))
        #expect(state.canFindModule("null"))
    }
}
