local weakref, gc = require "weakref", require "gc"
local o = {}
local refs = weakref.WeakValueDictionary({x = o}):valuerefs()
assert(#refs == 1 and refs[1]() == o and rawequal(refs[1], weakref.ref(o)))
refs = weakref.WeakKeyDictionary({[o] = 1}):keyrefs()
assert(#refs == 1 and refs[1]() == o)
o = nil
gc.collect()
assert(refs[1]() == nil)
