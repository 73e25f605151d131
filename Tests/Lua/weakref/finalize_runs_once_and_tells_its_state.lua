local weakref, gc = require "weakref", require "gc"
local calls = {}
local o = {}
local f = weakref.finalize(o, function(...) calls[#calls + 1] = {n = select("#", ...), ...} return "result", nil, 3 end, "a", nil)
assert(f.alive and f.atexit)
local object, func, args = f:peek()
assert(object == o and type(func) == "function" and args[1] == "a" and args[2] == nil)
object = nil
f.atexit = false
assert(f.atexit == false)
o = nil
gc.collect()
assert(#calls == 1 and calls[1].n == 2 and calls[1][1] == "a")
assert(not f.alive and f() == nil and f:peek() == nil and f:detach() == nil and f.atexit == false)
assert(#calls == 1)
-- Called by hand.
o = {}
f = weakref.finalize(o, function(...) calls[#calls + 1] = {...} return "result", nil, 3 end, 1, 2)
local r = table.pack(f("ignored"))
assert(r.n == 3 and r[1] == "result" and r[3] == 3 and not f.alive and #calls == 2 and calls[2][2] == 2 and calls[2][3] == nil)
o = nil
gc.collect()
assert(#calls == 2)
-- Taken back.
o = {}
f = weakref.finalize(o, error)
object, func, args = f:detach()
assert(object == o and func == error and #args == 0 and not f.alive and f:detach() == nil)
object, o = nil, nil
gc.collect()
-- An error by hand is the caller's.
o = {}
f = weakref.finalize(o, error, {code = 1})
local ok, e = pcall(f)
assert(not ok and e.code == 1 and not f.alive)
assert(not pcall(weakref.finalize) and not pcall(weakref.finalize, o))
assert(not pcall(function() f.nonsense = 1 end) and not pcall(function() f.alive = true end))
