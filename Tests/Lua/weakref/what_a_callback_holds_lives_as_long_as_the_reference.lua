local weakref, gc = require "weakref", require "gc"
local o, held = {}, {}
local watch = weakref.ref(held)
local r = weakref.ref(o, (function(h) return function() return h end end)(held))
held = nil
gc.collect()
assert(watch() ~= nil)
r = nil
gc.collect()
assert(watch() == nil)
