local weakref, gc = require "weakref", require "gc"
local a, b = {}, {}
local d = weakref.WeakValueDictionary {a = a, b = b}
assert(#d == 2 and d.a == a and d["b"] == b and d.c == nil)
a = nil
gc.collect()
assert(#d == 1 and d.a == nil and d.b == b)
d.a = b
assert(#d == 2)
d.a = nil
d.a = nil
assert(#d == 1)
for _, key in ipairs {0 / 0} do assert(not pcall(function() d[key] = b end)) end
assert(not pcall(d.update, d, {1}) and d:get(nil) == nil and d[0 / 0] == nil and #d == 1)
local seen = 0
for k, v in pairs(d) do assert(k == "b" and v == b) seen = seen + 1 end
assert(seen == 1)
b = nil
gc.collect()
for k in pairs(d) do error("nothing is left") end
assert(#d == 0)
