local weakref, gc = require "weakref", require "gc"
local exceptions = require "exceptions"
local class = {}
class.__index = class
class.add = (function(extra) return function(self, n) return self.n + n + extra end end)(0)
local o = setmetatable({n = 1}, class)
local calls = 0
local m = weakref.WeakMethod(o, "add", function(r) calls = calls + 1 assert(r() == nil) end)
assert(m()(2) == 3 and type(m()) == "function")
assert(m == weakref.WeakMethod(o, "add") and m ~= weakref.ref(o) and weakref.ref(o) ~= m)
assert(weakref.ref:is(m) and m ~= weakref.WeakMethod(setmetatable({}, class), "add"))
assert(coroutine.wrap(function() return weakref.WeakMethod({f = function(_, x) return coroutine.yield(x) end}, "f") end)())
local bound = m()
o = nil
gc.collect()
assert(bound(1) == 2 and m() ~= nil)
bound = nil
gc.collect()
assert(m() == nil and calls == 1)
-- The function goes first.
o = setmetatable({n = 1}, class)
m = weakref.WeakMethod(o, "add", function() calls = calls + 1 end)
class.add = nil
gc.collect()
assert(m() == nil and calls == 2)
o = nil
gc.collect()
assert(calls == 2)
local ok, e = pcall(weakref.WeakMethod, {}, "missing")
assert(not ok and exceptions.AttributeError:is(e) and tostring(e) == "'table' object has no attribute 'missing'")
ok, e = pcall(weakref.WeakMethod, {x = 1}, "x")
assert(not ok and exceptions.TypeError:is(e))
