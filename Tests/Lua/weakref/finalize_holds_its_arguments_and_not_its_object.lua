local weakref, gc = require "weakref", require "gc"
local o, arg = {}, {}
local watch, watched = weakref.ref(o), weakref.ref(arg)
local got
weakref.finalize(o, function(x) got = x end, arg)
arg = nil
gc.collect()
assert(watched() ~= nil)
o = nil
gc.collect()
assert(watch() == nil and got ~= nil and rawequal(got, watched()))
got = nil
gc.collect()
assert(watched() == nil)
