local weakref, gc = require "weakref", require "gc"
local a, b = {}, {}
local d = weakref.WeakKeyDictionary {[a] = "a"}
-- A value that refers to its own key keeps nothing alive.
d[b] = {b}
assert(#d == 2 and d[a] == "a" and d[{}] == nil and d["x"] == nil)
local watch = weakref.ref(b)
b = nil
gc.collect()
assert(watch() == nil and #d == 1)
d[a] = nil
assert(#d == 0)
