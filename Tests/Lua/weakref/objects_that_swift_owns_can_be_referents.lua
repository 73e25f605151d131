local weakref, gc = require "weakref", require "gc"
local calls = 0
local o = weakref.WeakSet()
local r = weakref.ref(o, function() calls = calls + 1 end)
weakref.finalize(o, function() calls = calls + 10 end)
assert(r() == o)
o = nil
gc.collect()
assert(r() == nil and calls == 11)
