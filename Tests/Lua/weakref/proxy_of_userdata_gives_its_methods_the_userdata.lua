local weakref, gc = require "weakref", require "gc"
local o = {}
local set = weakref.WeakSet()
local p = weakref.proxy(set)
p:add(o)
assert(#p == 1 and set[o] and p[o] == true)
local co = coroutine.wrap(function() for v in pairs(p) do coroutine.yield(v) end end)
assert(co() == o)
local add = p.add
add(set, {})
