local weakref, gc = require "weakref", require "gc"
local o = {}
assert(weakref.getweakrefcount(o) == 0 and #weakref.getweakrefs(o) == 0)
local a = weakref.ref(o)
local b = weakref.ref(o, print)
local p = weakref.proxy(o, print)
assert(weakref.getweakrefcount(o) == 3)
local refs = weakref.getweakrefs(o)
assert(#refs == 3 and rawequal(refs[1], a) and rawequal(refs[2], b) and rawequal(refs[3], p))
refs, b, p = nil, nil, nil
gc.collect()
assert(weakref.getweakrefcount(o) == 1)
a = nil
gc.collect()
assert(weakref.getweakrefcount(o) == 0)
