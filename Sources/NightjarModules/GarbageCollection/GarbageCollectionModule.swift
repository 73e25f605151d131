import NightjarLua

extension StandardModules {
    /// `require "gc"`: <https://docs.python.org/3/library/gc.html>, as far as Lua's collector has the same notions.
    static let gcModule = LuaModule("gc", doc: "The garbage collector.") { module in
        module.function(
            "collect", LuaSignature("generation"),
            doc: "Collects now and runs what deaths lead to; gives how many callbacks were due."
        ) { call in
            let generation: Int = try call.argument(1, default: 2)
            guard (0...2).contains(generation) else { throw LuaException(.valueError, "invalid generation") }
            return try call.results(WeakRegistry.of(call.stack).collect(call.stack))
        }
        module.function("enable", nil, doc: "Lets the collector run by itself.") { call in
            call.state.isCollectorRunning = true
            return 0
        }
        module.function("disable", nil, doc: "Keeps the collector from running by itself.") { call in
            call.state.isCollectorRunning = false
            return 0
        }
        module.function("isenabled", nil, doc: "Whether the collector runs by itself.") { call in
            try call.results(call.state.isCollectorRunning)
        }
        module.function(
            "get_count", nil, doc: "Kilobytes in use, then 0 and 0: Lua counts bytes, not objects of generations."
        ) { call in
            try call.results(call.state.memoryUsed >> 10, 0, 0)
        }
    }
}
