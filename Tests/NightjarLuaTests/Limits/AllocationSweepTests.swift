import NightjarLua
import Synchronization
import Testing

/// Fails every single allocation of a script that uses everything, one after the other.
@Suite struct AllocationSweepTests {
    /// How many objects of a sweep are alive.
    final class Ledger: Sendable {
        let alive = Atomic(0)
    }

    final class Probe: LuaObject {
        let ledger: Ledger
        init(_ ledger: Ledger) {
            self.ledger = ledger
            ledger.alive.add(1, ordering: .relaxed)
        }
        deinit { ledger.alive.subtract(1, ordering: .relaxed) }

        static let luaType = LuaType("Probe", for: Probe.self) {
            $0.subclassable { _ in Probe(AllocationSweepTests.current!) }
            $0.method("twice") { (_: Probe, n: Int) in n * 2 }
            $0.property("name") { _ in "probe" }
            $0.metamethod("__len") { _, call in try call.results(3) }
            $0.closable { _ in }
        }
    }

    @TaskLocal static var current: Ledger?

    struct Failure: Error {}

    static let script = """
        local log = {}
        for i = 1, 3 do log[#log + 1] = 'line ' .. i .. tostring({}):sub(1, 1) end
        local function counter() local n = 0 return function() n = n + 1 return n end end
        local c = counter() c() assert(c() == 2)
        assert(add(20, 22) == 42)
        assert(greet('you', {1, 2, 3}) == 'you3')
        local ok, e = pcall(fail) assert(not ok)
        ok, e = pcall(pcall, function() error({code = 5}) end)
        local co = coroutine.wrap(function(a) for i = 1, 3 do a = coroutine.yield(a .. i) end return add(1, 2) end)
        assert(co('x') == 'x1') co('y') co('z')
        assert(co() == 3)
        local made = Probe()
        assert(made:twice(4) == 8 and made.name == 'probe' and #made == 3)
        made.field = {}
        local Sub = Probe:subclass('Sub')
        function Sub:init(v) Sub.super.init(self) self.v = v end
        function Sub:get() return self.v end
        assert(Sub('value'):get() == 'value')
        do local x <close> = Probe() end
        local Error = Exception:subclass('Error')
        ok, e = pcall(function() error(Error('a', 2)) end)
        assert(not ok and Error:is(e) and tostring(e) == "('a', 2)", tostring(e))
        assert(each({1, 2, 3}, function(v) return v * 2 end) == 12)
        ok, e = xpcall(function() local x = nil; return x.y end, function(m) return m .. '!' end)
        assert(not ok)
        local chunk = assert(load('return ...')) assert(chunk(5) == 5)
        local s = ('ab'):rep(20):gsub('b', function(x) return x .. 'c' end)
        return table.concat(log, ',')
        """

    static func install(_ lua: LuaState) throws {
        try lua.set("add") { (a: Int, b: Int) in a + b }
        try lua.set("greet") { (name: String, list: [Int]) in name + "\(list.count)" }
        let captured = Probe(AllocationSweepTests.current!)
        try lua.set("fail") { () throws in
            withExtendedLifetime(captured) {}
            let probe = Probe(AllocationSweepTests.current!)
            try withExtendedLifetime(probe) { throw Failure() }
        }
        let each = try lua.function(
            "each",
            raw: { call in
                let list: [Int] = try call.argument(1), function: LuaFunction = try call.argument(2)
                return try call.results(list.reduce(0) { try $0 + call.state.call(function, $1, returning: Int.self) })
            })
        try lua.set("each", each)
        try lua.withStack { stack throws(LuaError) in
            stack.pushGlobals()
            Probe.luaType.pushClass(to: stack)
            try stack.set(-2, "Probe")
            LuaExceptionClass.exception.push(to: stack)
            try stack.set(-2, "Exception")
        }
    }

    /// Whether the script passed untouched, after a check of everything that must hold when it did not.
    private func runFailing(after n: Int64, count: Int64) throws -> Bool {
        let ledger = Ledger()
        let passed = try AllocationSweepTests.$current.withValue(ledger) {
            let lua = try LuaState()
            try AllocationSweepTests.install(lua)
            lua.injectFault(.init(after: n, count: count))
            var failure: LuaError?
            do throws(LuaError) { try lua.run(AllocationSweepTests.script) } catch { failure = error }
            let isUsedUp = lua.injectFault(nil)
            if let failure {
                // Where the script's own pcall got the error, an assertion that follows tells of it.
                #expect([.memory, .runtime].contains(failure.kind), "allocation \(n): \(failure)")
            }
            // The interpreter is as good as new.
            #expect(throws: Never.self, "allocation \(n)") { try lua.run(AllocationSweepTests.script) }
            lua.close()
            return failure == nil && !isUsedUp
        }
        #expect(ledger.alive.load(ordering: .relaxed) == 0, "objects leaked by allocation \(n)")
        return passed
    }

    private func sweep(count: Int64) throws {
        var n: Int64 = 0
        while try !runFailing(after: n, count: count) {
            n += 1
            try #require(n < 5000, "the sweep does not end")
        }
        #expect(n > 150)
    }

    @Test func anyOneAllocationMayFail() throws { try sweep(count: 2) }
    @Test func anAllocationMayFailThoughCollectingHelps() throws { try sweep(count: 1) }

    @Test func allAllocationsFromOneOnMayFail() throws { try sweep(count: 1_000_000) }

    @Test func anyAllocationAtBirthMayFail() throws {
        var n: Int64 = 0
        while true {
            let lua = try? LuaState.$faultInjection.withValue(.init(after: n)) { try LuaState() }
            if let lua, !lua.injectFault(nil) { break }
            n += 1
            try #require(n < 5000, "the sweep does not end")
        }
        #expect(n > 50)
    }
}
