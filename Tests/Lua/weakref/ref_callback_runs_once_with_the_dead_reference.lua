local weakref, gc = require "weakref", require "gc"
local calls, seen = 0, nil
local o = {}
local function callback(r)
  calls = calls + 1
  seen = r
  assert(r() == nil and r.__callback__ == nil)
end
local r = weakref.ref(o, callback)
assert(r.__callback__ == callback and weakref.ref(o).__callback__ == nil)
assert(not pcall(function() r.__callback__ = print end))
gc.collect()
assert(calls == 0)
o = nil
gc.collect()
assert(calls == 1 and rawequal(seen, r))
gc.collect()
assert(calls == 1)
