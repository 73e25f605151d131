local weakref, gc = require "weakref", require "gc"
local o = {}
assert(rawequal(weakref.ref(o), weakref.ref(o)))
local a, b = weakref.ref(o, print), weakref.ref(o, print)
assert(not rawequal(a, b) and a == b and a == weakref.ref(o))
assert(rawequal(weakref.proxy(o), weakref.proxy(o)))
assert(not rawequal(weakref.proxy(o, print), weakref.proxy(o)))
gc.collect()
assert(weakref.ref(o)() == o and rawequal(weakref.ref(o), weakref.ref(o)))
