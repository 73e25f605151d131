local weakref, gc = require "weakref", require "gc"
local held = {}
local watch = weakref.ref(held)
local o = {}
local r = weakref.ref(o, (function(h) return function() assert(h) end end)(held))
held, o = nil, nil
gc.collect()
assert(r() == nil and watch() == nil)
