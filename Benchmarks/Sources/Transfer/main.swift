// One kind of message through a queue, so many times, in one thread; `transfer.sh` times it and counts the instructions.
import CTransfer
import Glibc
import Nightjar
import NightjarLua

/// What goes through, and in which steps. Prints nanoseconds a message. The C reference runs the same text.
let script = """
    local name, turns = ...
    local case, steps = name:match("^([^-]+)%-(%a+)$")
    turns = tonumber(turns)
    local q, put, get, now = q, put, get, now
    local point
    if case == "instance" then
        local Point = require "exceptions".Exception:subclass("Point")
        function Point:norm() return self.x end
        point = Point("p")
        point.x = 1
    end
    local makers = {
        integer = function() return 42 end,
        text = function() return "hello" end,
        line = function() return ("x"):rep(100) end,
        small = function() return {id = 1, name = "item", vals = {1, 2, 3}} end,
        list = function() local t = {} for i = 1, 100 do t[i] = i end return t end,
        records = function()
            local t = {} for i = 1, 20 do t[i] = {id = i, name = "n" .. i, ok = true, score = i / 2} end return t
        end,
        shared = function() local s = {1} return {s, s, s} end,
        big = function() return ("x"):rep(1 << 20) end,
        closure = function() local n = 5 return function(x) return x * n end end,
        instance = function() return point end,
    }
    if case == "fresh" then
        local make, plain = makers.closure, put
        put = function(q) plain(q, make()) end
        makers.fresh = make
    end
    local item = makers[case]()
    local start = now()
    if steps == "both" then
        for _ = 1, turns do put(q, item) get(q) end
    elseif steps == "put" then
        for _ = 1, turns do put(q, item) end
    else
        for _ = 1, turns do put(q, item) end
        start = now()
        for _ = 1, turns do get(q) end
    end
    print(("%.1f"):format((now() - start) / turns * 1e9))
    """

func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

guard CommandLine.arguments.count == 4, let turns = Int(CommandLine.arguments[3]) else {
    print("usage: transfer c|nightjar CASE-both|CASE-put|CASE-get TURNS")
    exit(2)
}
let name = CommandLine.arguments[2]
switch CommandLine.arguments[1] {
case "c": exit(transfer_in_c(script, name, turns))
case "nightjar":
    let runtime = Runtime(policy: .trusted)
    let lua = try runtime.makeState()
    try lua.set("now") { () in monotonic() }
    try lua.run("q = require 'queue'.Queue() put, get = q.put, q.get")
    try lua.run(script, arguments: [name, String(turns)])
case let other:
    print("transfer: nothing called '\(other)'")
    exit(2)
}
