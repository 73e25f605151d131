local weakref, gc = require "weakref", require "gc"
assert(gc.isenabled())
gc.disable()
assert(not gc.isenabled())
local r = weakref.ref({})
for i = 1, 100000 do local t = {i} end
assert(r() ~= nil)
gc.collect()
assert(r() == nil and not gc.isenabled())
gc.enable()
assert(gc.isenabled())
r = weakref.ref({})
for i = 1, 1000000 do local t = {i} end
assert(r() == nil)
