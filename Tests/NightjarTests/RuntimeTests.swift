import Glibc
import Nightjar
import Synchronization
import Testing

/// What an application meets: its functions and classes in scripts, errors, configuration, the end.
@Suite(.serialized) struct RuntimeTests {
    final class Stock: LuaObject, Sendable {
        static let alive = Atomic(0)
        let count = Atomic(0)
        init() { Self.alive.add(1, ordering: .relaxed) }
        deinit { Self.alive.subtract(1, ordering: .relaxed) }

        static let luaType = LuaType("Stock", for: Stock.self) {
            $0.method("add") { (stock: Stock, n: Int) in stock.count.add(n, ordering: .relaxed) }
            $0.property("count", get: { $0.count.load(ordering: .relaxed) })
        }
    }

    struct OutOfStock: Error, Equatable { let item: String }

    private func withRuntime(
        _ policy: Policy = .configuration, _ body: (Runtime, Stock) throws -> Void
    ) throws {
        let stock = Stock()
        let runtime = Runtime(policy: policy) { lua in
            try lua.set("double") { (n: Int) in n * 2 }
            try lua.set("take") { (item: String) throws in throw OutOfStock(item: item) }
            try lua.set("stock", stock)
        }
        defer { #expect(runtime.shutdown(seconds: 60)) }
        try body(runtime, stock)
    }

    @Test func scriptsUseTheFunctionsAndObjectsOfTheApplicationInEveryThread() throws {
        try withRuntime { runtime, stock in
            try runtime.run(
                """
                local t = require("threading").Thread{target = function() stock:add(double(4)) end}
                t:start()
                stock:add(double(1))
                """)
            try runtime.waitForThreads()
            #expect(stock.count.load(ordering: .relaxed) == 10)
        }
    }

    @Test func anErrorOfTheApplicationComesBackAsItself() throws {
        try withRuntime { runtime, _ in
            let error = #expect(throws: LuaError.self) {
                try runtime.run("local x = 1\ntake('bolt')", name: "conf.lua")
            }
            #expect(error?.cause as? OutOfStock == OutOfStock(item: "bolt"))
            #expect(error?.report.contains("conf.lua:2") == true)
            try runtime.run("local ok, e = pcall(take, 'nut') assert(not ok and tostring(e):find('nut'))")
        }
    }

    @Test(arguments: ["double('x')", "double()", "double(1.5)", "stock:add({})", "stock.add(1, 2)", "stock.nothing()"])
    func aWrongArgumentIsOneClearMessage(_ call: String) throws {
        try withRuntime { runtime, _ in
            let error = #expect(throws: LuaError.self) { try runtime.run(call, name: "conf.lua") }
            #expect(error?.report.hasPrefix("conf.lua:1: ") == true, "\(error?.report ?? "")")
        }
    }

    @Test func aScriptMayReturnTheConfiguration() throws {
        try withRuntime { runtime, _ in
            try runtime.run("return {version = 1, loggers = {app = {level = 'ERROR'}}}")
            #expect(!runtime.logging.logger("app").isEnabled(for: .warning))
            #expect(throws: LuaError.self) {
                try runtime.run("return {version = 1, loggers = {app = {level = 'ERR'}}}")
            }
            #expect(runtime.logging.logger("app").isEnabled(for: .error))
        }
    }

    @Test func aMissingFileAndASyntaxErrorAreNamed() throws {
        try withRuntime { runtime, _ in
            let missing = #expect(throws: LuaError.self) { try runtime.run(file: "/nowhere/x.lua") }
            #expect(missing?.message.contains("/nowhere/x.lua") == true)
            let syntax = #expect(throws: LuaError.self) { try runtime.run("x = = 1", name: "conf.lua") }
            #expect(syntax?.kind == .syntax && syntax?.message.hasPrefix("conf.lua:1:") == true)
            let binary = #expect(throws: LuaError.self) { try runtime.run("\u{1B}Lua") }
            #expect(binary?.message.contains("compiled chunk") == true, "\(binary?.report ?? "")")
        }
    }

    // MARK: Limits

    static let endless = [
        "local l = require 'logging' l.getLogger():addFilter(function() while true do end end) l.warning('x')",
        "local l = require 'logging' l.getLogger():addFilter(function() require 'queue'.Queue():get() end) l.warning('x')",
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return f() end f()",
        "local function f() local ok = pcall(f) return f() end f()",
        "while true do coroutine.wrap(function() while true do end end)() end",
        "local co = coroutine.create(function() while true do pcall(coroutine.yield) end end) while true do coroutine.resume(co) end",
        "do local x <close> = setmetatable({}, {__close = function() while true do end end}) end",
        "local function f() local x <close> = setmetatable({}, {__close = function() f() end}) end f()",
        "while true do xpcall(error, function() while true do end end) end",
        "setmetatable({}, {__gc = function() while true do end end}) collectgarbage()",
        "local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) while true do pcall(function() return t[1] end) end",
        "table.sort({3, 1, 2, 5, 4}, function() while true do end end)",
        "('x'):gsub('x', function() while true do end end)",
        "for _ in function() return 1 end do end",
        "load(function() while true do end end)",
        "require('threading').Event():wait()",
        "require('queue').Queue():get()",
        "while true do pcall(function() require('queue').Queue():get() end) end",
        "local t = require('threading').Thread{target = function() while true do end end} t:start() t:join()",
        "local l = require('threading').Lock() l:acquire() l:acquire()",
        "return setmetatable({}, {__pairs = function() while true do end end})",
        "return {version = 1, handlers = setmetatable({}, {__index = function() while true do end end})}",
        "while true do local ok = pcall(string.rep, 'x', 1 << 40) end",
        "local s = {} while true do pcall(function() s[#s + 1] = ('x'):rep(1 << 20) end) end",
        "error(setmetatable({}, {__tostring = function() while true do end end}))",
    ]

    @Test(arguments: endless) func theTimeLimitEndsEveryScript(_ script: String) throws {
        var policy = Policy.configuration
        policy.timeLimit = 0.1
        try withRuntime(policy) { runtime, _ in
            // Some end by themselves, refused or out of memory: what counts is that all come back.
            do { try runtime.run(script) } catch { _ = LuaError.wrapping(error).report }
        }
        #expect(Stock.alive.load(ordering: .relaxed) == 0)
    }

    @Test(arguments: [
        "local s = ('x'):rep(1 << 30)", "local s = 'x' while true do s = s .. s end",
        "local t = {} for i = 1, 1e9 do t[i] = {} end",
        "table.concat(setmetatable({}, {__len = function() return 1 << 40 end, __index = function() return ('x'):rep(1 << 20) end}))",
        "('x'):rep(1 << 20):rep(1 << 20)",
        "string.format('%99d', 1) ; local t = table.pack(('x'):rep(1 << 26):byte(1, -1))",
        "require('struct').pack('100000000x')",
        "local q = require('queue').Queue() while true do q:put(('x'):rep(1 << 20)) end",
    ])
    func theMemoryLimitEndsEveryScript(_ script: String) throws {
        try withRuntime { runtime, _ in
            #expect(throws: LuaError.self) { try runtime.run(script) }
        }
    }

    @Test(arguments: [
        "return string.dump(print)", "return load(string.dump(function() end))", "return load('\\27Lua')",
        "return load('\\27Lua', 'x', 'b')", "return load('\\27Lua', 'x', 'bt')",
        "local n = 0 return load(function() n = n + 1 return ('\\27Lua'):sub(n, n) end, 'x', 'b')",
    ])
    func compiledChunksAreRefused(_ script: String) throws {
        try withRuntime { runtime, _ in
            try runtime.run("local ok, f = pcall(function() \(script) end) assert(not ok or not f, 'loaded')")
        }
    }

    @Test func aModuleInCIsNamedWhereThePolicyForbidsIt() throws {
        try withRuntime(.trusted) { runtime, _ in
            try runtime.run(
                """
                local file = os.tmpname()
                package.cpath = file
                local ok, e = pcall(require, "in_c")
                os.remove(file)
                assert(e:find("C module '" .. file .. "' not loaded: only an unrestricted policy", 1, true), e)
                package.cpath = nil
                ok, e = pcall(require, "in_c")
                assert(e:find("module 'in_c' not found", 1, true) and not e:find("C module", 1, true), e)
                """)
        }
    }

    @Test func aConfigurationScriptFindsNoFilesAndNoProcesses() throws {
        try withRuntime { runtime, _ in
            try runtime.run(
                """
                for _, name in ipairs{"io.open", "io.popen", "io.lines", "io.input", "io.output", "io.read", "io.tmpfile", "os.execute", "os.remove",
                    "os.rename", "os.exit", "os.getenv", "os.tmpname", "os.setlocale", "debug.getregistry", "debug", "package.loadlib", "package.cpath",
                    "package.searchpath"} do
                  local value = _G
                  for part in name:gmatch("[^.]+") do value = value and value[part] end
                  if value ~= nil then found = (found or "") .. name .. " " end
                end
                if found then error(found) end
                """)
        }
    }

    // MARK: The end

    @Test func aTimeLimitThatWasReachedDoesNotEndLaterWaits() throws {
        var policy = Policy.configuration
        policy.timeLimit = 0.05
        try withRuntime(policy) { runtime, stock in
            #expect(throws: LuaError.self) { try runtime.run("while true do end") }
            try runtime.run(
                """
                local function work() for i = 1, 1e6 do end stock:add(1) end
                require("threading").Thread{target = work}:start()
                """)
            try runtime.waitForThreads()
            #expect(stock.count.load(ordering: .relaxed) == 1)
        }
    }

    private static func threadCount() -> Int {
        guard let folder = opendir("/proc/self/task") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }

    @Test func aDroppedRuntimeGivesAllItsThreadsBack() throws {
        let before = Self.threadCount()
        for _ in 0..<2 {
            let stock = Stock()
            let runtime = Runtime { lua in try lua.set("stock", stock) }
            try runtime.run(
                """
                local threading = require "threading"
                for i = 1, 3 do
                  threading.Thread{target = function(daemon) stock:add(1) while true do pcall(function() while true do end end) end end, args = {i}, daemon = i == 2}:start()
                end
                """)
            while stock.count.load(ordering: .relaxed) < 3 { sched_yield() }
        }
        let patience = ContinuousClock.now + .seconds(60)
        while Self.threadCount() > before || Stock.alive.load(ordering: .relaxed) > 0 {
            try #require(ContinuousClock.now < patience, "threads or objects are left")
            sched_yield()
        }
    }

    @Test func shutdownEndsBusyAndWaitingThreads() throws {
        try withRuntime { runtime, stock in
            try runtime.run(
                """
                local threading, queue = require "threading", require "queue"
                threading.Thread{target = function() stock:add(1) while true do end end}:start()
                threading.Thread{target = function() stock:add(1) queue.Queue():get() end}:start()
                """)
            while stock.count.load(ordering: .relaxed) < 2 { sched_yield() }
            #expect(runtime.shutdown(seconds: 60))
        }
        #expect(Stock.alive.load(ordering: .relaxed) == 0)
    }
}
