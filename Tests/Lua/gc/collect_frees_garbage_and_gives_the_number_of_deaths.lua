local weakref, gc = require "weakref", require "gc"
local keep = {}
for i = 1, 3 do keep[i] = weakref.ref({}, function() end) end
assert(gc.collect() == 3 and gc.collect() == 0)
local big = ("x"):rep(10000000)
local before = gc.get_count()
big = nil
gc.collect()
assert(gc.get_count() < before - 9000)
assert(select("#", gc.get_count()) == 3)
assert(gc.collect(0) == 0 and gc.collect {generation = 1} == 0)
local ok, e = pcall(gc.collect, 3)
assert(not ok and tostring(e) == "invalid generation" and e.class == require("exceptions").ValueError)
